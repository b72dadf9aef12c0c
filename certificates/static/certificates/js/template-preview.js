// Draws the paper anew while the clerk types. Without this module the picture shows what is saved.
const WAIT = 500;
const box = document.querySelector("[data-preview]");
const form = document.querySelector("[data-wording]");
const picture = box.querySelector("[data-picture]");
const problems = box.querySelector("[data-problems]");
const sample = box.querySelector("[data-sample]");
let timer;
let newest = 0;

async function draw() {
  const turn = (newest += 1);
  const asked = new FormData(form);
  asked.set("sample", sample.value);
  const response = await fetch(box.dataset.preview, { method: "POST", body: asked });
  if (turn !== newest) return;
  const isPicture = response.ok && response.headers.get("Content-Type") === "image/png";
  const texts = isPicture ? [] : (await response.json()).problems;
  problems.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  if (!isPicture) return;
  const before = picture.src;
  picture.src = URL.createObjectURL(await response.blob());
  if (before.startsWith("blob:")) URL.revokeObjectURL(before);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => draw().catch(() => {}), WAIT);
}

form.addEventListener("input", soon);
sample.addEventListener("change", () => draw().catch(() => {}));
