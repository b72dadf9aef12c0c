// The server's time on this phone, whose own clock may be wrong by minutes.

export class Clock {
  constructor(serverTime) {
    this.offset = Date.parse(serverTime) - Date.now();
    this.uncertainty = Infinity; // how long the page took to come, nobody knows
  }

  // Takes what the server said between `asked` and now; the quickest answer counts.
  learn(serverTime, asked) {
    const now = Date.now();
    if (now - asked >= this.uncertainty) return;
    this.uncertainty = now - asked;
    this.offset = Date.parse(serverTime) - (asked + now) / 2;
  }

  now() {
    return new Date(Date.now() + this.offset);
  }

  text() {
    return this.now().toISOString();
  }
}
