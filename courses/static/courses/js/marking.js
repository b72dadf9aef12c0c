// The mark adds up while the levels are chosen; the server works it out again.
const form = document.querySelector("form[data-marking]");
const total = form?.querySelector("[data-marking-total]");

function addUp() {
  const lines = [...form.querySelectorAll("[data-weight]")];
  const chosen = lines.map((line) => line.querySelector("input[type=radio]:checked"));
  if (chosen.some((radio) => !radio)) return;
  const weights = lines.map((line) => Number(line.dataset.weight));
  const points = chosen.reduce((sum, radio, index) => sum + Number(radio.value) * weights[index], 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  total.textContent = String(Math.round((points * 1000) / (4 * all)) / 10);
}

form?.addEventListener("change", addUp);
if (form) addUp();
