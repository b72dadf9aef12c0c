// Records the camera in parts that each play by themselves. A new part begins before the old one ends, so that
// nothing falls between them; a call, a reload or a killed app costs no more than the last slice.

export const TYPES = [
  "video/webm;codecs=h264,opus",
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4",
  "video/webm;codecs=vp8,opus",
  "video/webm",
];
const SLICE = 1000;
const OVERLAP = 300;
const PART_SECONDS = 180;
const LARGEST = 1024 * 1024;
const VIDEO_BITS = 700_000;
const AUDIO_BITS = 48_000;

export function supportedType() {
  if (typeof MediaRecorder === "undefined") return "";
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) || "";
}

// One part: a MediaRecorder whose slices are cut to the size the server takes and handed on in order.
class Part {
  constructor({ stream, type, number, clock, keep }) {
    Object.assign(this, { number, keep, mime: type });
    this.seq = 0;
    this.queue = Promise.resolve();
    this.recorder = new MediaRecorder(stream, {
      mimeType: type,
      videoBitsPerSecond: VIDEO_BITS,
      audioBitsPerSecond: AUDIO_BITS,
      videoKeyFrameIntervalDuration: 2000,
    });
    this.started = new Promise((resolve) => {
      this.recorder.addEventListener("start", () => {
        this.wallStart = clock.text();
        this.last = performance.now();
        resolve();
      });
    });
    this.stopped = new Promise((resolve) => {
      this.recorder.addEventListener("stop", () => resolve());
    });
    this.recorder.addEventListener("dataavailable", (event) => this.take(event.data));
    this.recorder.start(SLICE);
  }

  take(blob) {
    const now = performance.now();
    const seconds = (now - this.last) / 1000;
    this.last = now;
    if (!blob.size) return; // Safari's empty slices
    this.queue = this.queue.then(async () => {
      const bytes = await blob.arrayBuffer();
      for (let from = 0; from < bytes.byteLength; from += LARGEST) {
        const isFirst = from === 0;
        const piece = bytes.slice(from, from + LARGEST);
        await this.keep({ part: this.number, seq: this.seq, bytes: piece, seconds: isFirst ? seconds : 0, mime: this.mime, wallStart: this.wallStart });
        this.seq += 1;
      }
    });
  }

  async stop() {
    await this.started;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.stopped;
    await this.queue;
  }
}

export class Recorder extends EventTarget {
  constructor({ type, clock, keep, nextPart, partSeconds = PART_SECONDS }) {
    super();
    Object.assign(this, { type, clock, keep, nextPart, partSeconds });
    this.part = null;
    this.ending = new Set();
  }

  get isRunning() {
    return this.part !== null;
  }

  async start(stream) {
    this.stream = stream;
    this.part = this.begin();
    await this.part.started;
    this.timer = setInterval(() => this.rotate(), this.partSeconds * 1000);
  }

  begin() {
    const part = new Part({ stream: this.stream, type: this.type, number: this.nextPart(), clock: this.clock, keep: this.keep });
    part.recorder.addEventListener("error", () => this.dispatchEvent(new Event("failed")));
    return part;
  }

  async rotate() {
    const old = this.part;
    try {
      this.part = this.begin();
    } catch {
      return; // this phone cannot record twice at once: the part grows longer
    }
    await this.finish(old, this.part.started.then(() => new Promise((resolve) => setTimeout(resolve, OVERLAP))));
  }

  finish(part, after = Promise.resolve()) {
    const over = after.then(() => part.stop()).then(() => this.ending.delete(over));
    this.ending.add(over);
    return over;
  }

  // Ends the part; what comes next is a new one. Resolves when its last slice is kept.
  async stop() {
    clearInterval(this.timer);
    const { part } = this;
    this.part = null;
    if (part) this.finish(part);
    await Promise.all(this.ending);
  }
}
