// Where the host is in her run-of-show. She moves on herself; the plan only says how time stands and what comes.
// Seconds are seconds recorded: a pause stops them.

export class Plan extends EventTarget {
  constructor(segments, audience) {
    super();
    this.segments = segments;
    this.audience = audience;
    this.index = 0;
    this.before = 0; // recorded seconds when this segment began
    this.seconds = 0;
    this.asked = new Set();
  }

  get segment() {
    return this.segments[this.index];
  }

  get next() {
    return this.segments[this.index + 1] || null;
  }

  get inSegment() {
    return this.seconds - this.before;
  }

  get isLate() {
    return this.inSegment > this.segment.seconds;
  }

  // Goes on where she was before a reload.
  restore({ index, before, seconds }) {
    this.index = Math.min(index || 0, this.segments.length - 1);
    this.before = before || 0;
    this.seconds = seconds || 0;
    for (const line of this.due()) this.asked.add(line.key);
  }

  move(step) {
    const index = Math.min(this.segments.length - 1, Math.max(0, this.index + step));
    if (index === this.index) return;
    this.index = index;
    this.before = this.seconds;
    this.dispatchEvent(new Event("segment"));
  }

  tick(seconds) {
    this.seconds += seconds;
    for (const line of this.due()) {
      this.asked.add(line.key);
      this.dispatchEvent(new CustomEvent("remark", { detail: line }));
    }
    this.dispatchEvent(new Event("time"));
  }

  // A remark belongs to its segment: who is early there does not meet it late.
  due() {
    const { starts, seconds } = this.segment;
    return this.audience.filter(
      (line) => !this.asked.has(line.key) && line.second >= starts && line.second < starts + seconds && line.second - starts <= this.inSegment,
    );
  }
}
