// Records a voice note of at most a minute into the form's file field. Where a browser cannot (no microphone, no
// MediaRecorder, as in some in-app browsers), the file field stays: phones offer their own recorder there.
const LONGEST = 60;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export function setUpVoice(root, form) {
  const input = root.querySelector("input[type=file]");
  const recorder = root.querySelector("[data-voice-recorder]");
  if (!input || !navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.DataTransfer) return null;
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
  if (!type) return null;
  recorder.hidden = false;
  root.querySelector("[data-voice-file]").hidden = true;
  const note = new VoiceNote(root, form, input, type);
  root.querySelector("[data-voice-button]").addEventListener("click", () => note.toggle());
  return note;
}

class VoiceNote {
  constructor(root, form, input, type) {
    this.texts = form.dataset;
    this.input = input;
    this.type = type;
    this.button = root.querySelector("[data-voice-button]");
    this.label = root.querySelector("[data-voice-label]");
    this.clock = root.querySelector("[data-voice-clock]");
    this.preview = root.querySelector("[data-voice-preview]");
    this.trouble = root.querySelector("[data-voice-trouble]");
    this.file = root.querySelector("[data-voice-file]");
  }

  async toggle() {
    if (this.recording) this.stop();
    else await this.start();
  }

  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.trouble.textContent = this.texts.textNoMicrophone || "";
      this.trouble.hidden = false;
      this.file.hidden = false;
      return;
    }
    const pieces = [];
    this.recording = new MediaRecorder(this.stream, { mimeType: this.type, audioBitsPerSecond: 32000 });
    this.recording.addEventListener("dataavailable", (event) => pieces.push(event.data));
    this.recording.addEventListener("stop", () => this.keep(new Blob(pieces, { type: this.type })), { once: true });
    this.recording.start();
    this.begun = performance.now();
    this.ticking = setInterval(() => this.tick(), 250);
    this.button.setAttribute("aria-pressed", "true");
    this.label.textContent = this.texts.textRecording || "";
  }

  tick() {
    const seconds = Math.floor((performance.now() - this.begun) / 1000);
    this.clock.textContent = `${seconds} s`;
    if (seconds >= LONGEST) this.stop();
  }

  stop() {
    clearInterval(this.ticking);
    this.recording?.stop();
    this.recording = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.button.setAttribute("aria-pressed", "false");
    this.label.textContent = this.texts.textAgain || this.texts.textRecord || "";
  }

  keep(blob) {
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "note", { type: this.type }));
    this.input.files = chosen.files;
    if (this.preview.src) URL.revokeObjectURL(this.preview.src);
    this.preview.src = URL.createObjectURL(blob);
    this.preview.hidden = false;
  }

  forget() {
    this.input.value = "";
    this.preview.hidden = true;
    this.clock.textContent = "";
    this.label.textContent = this.texts.textRecord || this.label.textContent;
  }
}
