// What is looked at before a rehearsal begins: each line says what it found and, if need be, what to do.

import { ask } from "./sender.js";
import { filled } from "./status.js";

const PROBE_BYTES = 192 * 1024;
const MEGABIT = 1_000_000;
const RECORDING = 0.8; // Mbit/s
const ROOM_NEEDED = 200 * 1024 * 1024;
const MOST_MINUTES = 180; // more is of no interest
const QUIET = 0.25;


export class Checks {
  constructor(list, texts) {
    Object.assign(this, { list, texts });
  }

  // `grade` is ok, warning or error.
  show(name, grade, values = {}) {
    const line = this.list.querySelector(`[data-check="${name}"]`);
    line.hidden = false;
    line.dataset.grade = grade;
    line.querySelector("[data-check-text]").textContent = filled(this.texts[`${name}-${grade}`], values);
  }

  async network(address, token) {
    const body = crypto.getRandomValues(new Uint8Array(PROBE_BYTES / 3));
    const probe = new Blob([body, body, body]);
    const began = performance.now();
    try {
      const response = await ask(address, { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" }, body: probe, patience: 20_000 });
      if (!response.ok) throw new Error(response.status);
      const speed = (PROBE_BYTES * 8) / MEGABIT / ((performance.now() - began) / 1000);
      this.show("network", speed >= RECORDING ? "ok" : "warning", { speed: speed.toFixed(1), minutes: Math.ceil((5 * RECORDING) / speed) });
    } catch {
      this.show("network", "error");
    }
  }

  async battery() {
    if (!navigator.getBattery) return;
    const battery = await navigator.getBattery();
    const percent = Math.round(battery.level * 100);
    this.show("battery", battery.charging || percent >= 30 ? "ok" : "warning", { percent });
  }

  // Asks the browser not to clear away what is unsent when the phone gets full.
  async storage() {
    if (!navigator.storage || !navigator.storage.estimate) return;
    if (navigator.storage.persist) await navigator.storage.persist().catch(() => false);
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    const free = quota - usage;
    this.show("storage", free >= ROOM_NEEDED ? "ok" : "warning", { free: Math.floor(free / 1024 / 1024), minutes: Math.min(MOST_MINUTES, Math.floor((free * 8) / MEGABIT / RECORDING / 60)) });
  }

  camera(stream) {
    const { width, height } = stream.getVideoTracks()[0].getSettings();
    this.show("camera", "ok", { width, height });
  }

  microphone(level, loudest) {
    this.list.querySelector("[data-check-level]").value = level;
    this.show("microphone", loudest >= QUIET ? "ok" : "warning");
  }
}
