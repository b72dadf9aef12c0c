// Recording as the room needs it: starts, pauses, turns the camera, and stops by itself when it must.

import { Recorder } from "./recorder.js";

export class Taping extends EventTarget {
  constructor({ camera, keeper, clock, type, nextPart }) {
    super();
    this.camera = camera;
    this.recorder = new Recorder({ type, clock, nextPart, keep: (chunk) => keeper.keep(chunk) });
    this.recorder.addEventListener("failed", () => this.lose());
    keeper.addEventListener("full", () => this.lose("full"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isRunning) this.pause();
    });
  }

  get isRunning() {
    return this.recorder.isRunning;
  }

  async resume() {
    if (this.isRunning) return;
    if (!this.camera.isOpen) await this.camera.open();
    const { stream } = this.camera;
    this.camera.whenLost(() => this.camera.stream === stream && this.lose());
    await this.recorder.start(stream);
    this.change();
  }

  async pause() {
    const stopping = this.recorder.stop();
    this.change();
    await stopping;
  }

  // Another camera is another stream: the part ends and a new one begins.
  async turn() {
    const wasRunning = this.isRunning;
    if (wasRunning) await this.recorder.stop();
    await this.camera.turn();
    if (wasRunning) await this.resume();
  }

  async lose(why = "camera") {
    if (!this.isRunning) return;
    await this.pause();
    this.dispatchEvent(new CustomEvent("lost", { detail: why }));
  }

  change() {
    this.dispatchEvent(new Event("change"));
  }
}
