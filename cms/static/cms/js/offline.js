// Lets the browser show our own page when there is no network. Waits until the page itself is there.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/service-worker.js").catch(() => {}));
}
