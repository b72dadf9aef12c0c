// Keeps the screen on: a dark screen stops the camera.

export class Awake {
  constructor(onChange) {
    this.onChange = onChange;
    this.isWanted = false;
    document.addEventListener("visibilitychange", () => {
      if (this.isWanted && document.visibilityState === "visible") this.hold();
    });
  }

  async hold() {
    this.isWanted = true;
    if (!navigator.wakeLock) return this.onChange(false);
    try {
      this.lock = await navigator.wakeLock.request("screen");
      return this.onChange(true);
    } catch {
      return this.onChange(false);
    }
  }

  release() {
    this.isWanted = false;
    if (this.lock) this.lock.release().catch(() => {});
    this.lock = null;
  }
}
