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

function show(box, { done, total, step }) {
  const bar = box.querySelector("progress");
  if (total > 0) {
    bar.max = total;
    bar.value = done;
  } else {
    bar.removeAttribute("value");
  }
  box.querySelector("[data-roster-step]").textContent = step;
}

for (const box of document.querySelectorAll("[data-roster-progress]")) {
  window.setTimeout(() => poll(box), WAIT);
}
