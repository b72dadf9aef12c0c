// The words of the segment, running at the host's own pace. Without a touch they stand still.

const SPEEDS = [0, 160, 200, 240, 280];
const START = 2;

export class Prompter {
  constructor(box, { onSpeed }) {
    this.box = box;
    this.text = box.querySelector("[data-prompter-text]");
    this.onSpeed = onSpeed;
    this.index = START;
    this.isMoving = false;
    this.rest = 0; // the part of a pixel not yet scrolled
  }

  get speed() {
    return SPEEDS[this.index];
  }

  show(script) {
    this.text.textContent = script;
    this.box.hidden = !script;
    this.box.scrollTop = 0;
    this.onSpeed(this.speed);
  }

  change(step) {
    this.index = Math.min(SPEEDS.length - 1, Math.max(0, this.index + step));
    this.onSpeed(this.speed);
  }

  enlarge() {
    this.box.classList.toggle("prompter--large");
  }

  move(isMoving) {
    const isNew = isMoving && !this.isMoving;
    this.isMoving = isMoving;
    this.last = performance.now();
    if (isNew) requestAnimationFrame((now) => this.step(now));
  }

  // As many pixels as the characters read since the last picture take up.
  step(now) {
    if (!this.isMoving) return;
    const characters = this.text.textContent.length || 1;
    const pixels = this.rest + ((this.text.scrollHeight / characters) * this.speed * (now - this.last)) / 60_000;
    this.last = now;
    this.box.scrollTop += Math.floor(pixels);
    this.rest = pixels % 1;
    requestAnimationFrame((next) => this.step(next));
  }
}
