// Waiting on a bad network: longer each time, never all phones at once, and no longer than until it is back.

const FIRST = 1000;
const LONGEST = 30_000;

export class Backoff {
  constructor({ first = FIRST, longest = LONGEST, chance = Math.random } = {}) {
    Object.assign(this, { first, longest, chance });
    this.reset();
  }

  reset() {
    this.ceiling = this.first;
  }

  // Half of it is certain, half is chance.
  next() {
    const wait = this.ceiling / 2 + (this.ceiling / 2) * this.chance();
    this.ceiling = Math.min(this.longest, this.ceiling * 2);
    return wait;
  }

  async pause() {
    const wait = this.next();
    await new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        removeEventListener("online", over);
        resolve();
      };
      const timer = setTimeout(over, wait);
      addEventListener("online", over);
    });
  }
}
