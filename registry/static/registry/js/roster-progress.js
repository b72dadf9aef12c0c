// Moves the progress bar of a roster import; without this module the page reloads itself instead.
const WAIT = 1500;

async function poll(box) {
  try {
    const response = await fetch(box.dataset.rosterProgress, { headers: { Accept: "application/json" } });
    if (response.ok) {
      const progress = await response.json();
      if (!progress.is_working) {
        window.location.reload();
        return;
      }
      show(box, progress);
    }
  } catch {
    // The network is away: ask again.
  }
  window.setTimeout(() => poll(box), WAIT);
}

function show(box, { done, total }) {
  if (total > 0) {
    const bar = box.querySelector("progress");
    bar.max = total;
    bar.value = done;
    box.querySelector("[data-roster-count]").hidden = false;
  }
  box.querySelector("[data-roster-done]").textContent = done;
  box.querySelector("[data-roster-total]").textContent = total;
}

for (const box of document.querySelectorAll("[data-roster-progress]")) {
  window.setTimeout(() => poll(box), WAIT);
}
