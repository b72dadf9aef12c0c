// The camera and the microphone: opening, turning round, and how loud it is.

const QUALITY = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 20, max: 25 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export function canFilm() {
  return Boolean(window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

export class Camera {
  constructor(videos) {
    this.videos = videos;
    this.facing = "user"; // she reads the screen while she speaks
    this.stream = null;
  }

  async open() {
    this.close();
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { ...QUALITY, facingMode: this.facing }, audio: SOUND });
    for (const video of this.videos) {
      video.srcObject = this.stream;
      video.classList.toggle("is-mirrored", this.facing === "user");
      video.play().catch(() => {});
    }
    return this.stream;
  }

  turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    return this.open();
  }

  get isOpen() {
    return Boolean(this.stream) && this.stream.getTracks().every((track) => track.readyState === "live");
  }

  // Calls `lost` when the phone takes camera or microphone away, as it does for a call.
  whenLost(lost) {
    for (const track of this.stream.getTracks()) track.addEventListener("ended", lost, { once: true });
  }

  close() {
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
  }
}

// Shows the loudness of a stream, from 0 to 1, and remembers the loudest.
export class Loudness {
  constructor(stream, show) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Uint8Array(this.analyser.fftSize);
    this.loudest = 0;
    this.timer = setInterval(() => {
      const level = this.measure();
      this.loudest = Math.max(this.loudest, level);
      show(level, this.loudest);
    }, 150);
  }

  // Decibels are how ears hear: -50 dB is silence here, 0 dB the loudest there is.
  measure() {
    this.analyser.getByteTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + ((sample - 128) / 128) ** 2, 0) / this.samples.length;
    return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 50));
  }

  stop() {
    clearInterval(this.timer);
    this.context.close().catch(() => {});
  }
}
