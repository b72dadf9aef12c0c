// Sends a finished video piece by piece through the same door as a recording. After a break the same file goes
// on where it stopped: the server knows which pieces it holds. Without this script the form sends it whole.

import { Clock } from "./clock.js";
import { startAt, takeNumber } from "./numbers.js";
import { askJson, putChunk } from "./sender.js";
import { filled } from "./status.js";
import { Backoff } from "./wait.js";

const PIECE = 1024 * 1024;
const DEAD_ENDS = new Set(["over", "gone", "refused"]);
const form = document.querySelector("[data-file-form]");
const room = JSON.parse(document.getElementById("room-data").textContent);
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const part = (name) => form.querySelector(`[data-${name}]`);

// One file is one part. Which file a part was begun with is remembered on the phone, by size and time of change.
class Memory {
  constructor(file) {
    this.key = `cunbo-file-${room.session}`;
    this.name = `${file.size}-${file.lastModified}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      return {}; // private windows keep nothing
    }
  }

  number() {
    const known = this.all();
    startAt(Math.max(room.nextPart, ...Object.values(known).map((number) => number + 1)));
    return known[this.name] ?? this.take();
  }

  take() {
    const number = takeNumber();
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.all(), [this.name]: number }));
    } catch {
      // After a break it begins anew.
    }
    return number;
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // There is nothing.
    }
  }
}

class FileSender {
  constructor(file) {
    this.file = file;
    this.memory = new Memory(file);
    this.number = this.memory.number();
    this.count = Math.ceil(file.size / PIECE);
    this.backoff = new Backoff();
    this.clock = new Clock(room.serverTime);
  }

  async run() {
    const held = await this.held();
    for (let seq = 0; seq < this.count; seq += 1) {
      if (!held.has(seq)) await this.send(seq);
      this.show(seq + 1);
    }
    await this.finish();
  }

  // What the server has of this part already.
  async held() {
    const { answer } = await askJson(room.urls.state).catch(() => ({ answer: {} }));
    const { have = 0, missing = [] } = (answer.parts || {})[this.number] || {};
    const lacking = new Set(missing);
    return new Set([...Array(have + missing.length).keys()].filter((seq) => !lacking.has(seq)));
  }

  async send(seq) {
    const bytes = await this.file.slice(seq * PIECE, (seq + 1) * PIECE).arrayBuffer();
    const chunk = { seq, bytes, mime: this.file.type, wallStart: this.clock.text() };
    for (;;) {
      const word = await putChunk(room.urls.chunk, { ...chunk, part: this.number }, token);
      if (word === "stored") break;
      if (word === "conflict" && seq > 0) throw new Error(room.texts["file-other"]);
      if (DEAD_ENDS.has(word)) throw new Error(room.texts[`trouble-${word}`].replace(/^· /, ""));
      if (word === "conflict") {
        this.number = this.memory.take(); // another phone of hers took it
        continue;
      }
      this.say(`${part("file-status").textContent.split(" · ")[0]} ${room.texts[`trouble-${word}`]}`, "warning");
      await this.backoff.pause();
    }
    this.backoff.reset();
  }

  async finish() {
    const body = { parts: [{ part: this.number, chunks: this.count }] };
    for (;;) {
      const { word } = await askJson(room.urls.finish, { token, body }).catch(() => ({ word: "later" }));
      if (word !== "later" && word !== "full") break;
      await this.backoff.pause();
    }
    this.memory.forget();
    this.say(room.texts["file-done"], "ok");
    location.assign(form.dataset.done);
  }

  show(sent) {
    const left = Math.max(0, this.file.size - sent * PIECE);
    part("file-bar").value = sent / this.count;
    this.say(filled(room.texts["file-sending"], { percent: Math.floor((100 * sent) / this.count), megabytes: (left / 1_000_000).toFixed(1) }));
  }

  say(text, kind = "") {
    part("file-status").textContent = text;
    part("file-status").className = `notice ${kind && `notice--${kind}`}`;
    part("file-status").hidden = false;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = form.querySelector("input[type=file]").files;
  const button = form.querySelector("button");
  const sender = new FileSender(file);
  if (!file.size) return sender.say(room.texts["file-empty"], "error");
  button.disabled = true;
  part("file-progress").hidden = false;
  const stay = (leaving) => leaving.preventDefault();
  addEventListener("beforeunload", stay);
  try {
    await sender.run();
  } catch (trouble) {
    sender.say(trouble.message, "error");
    button.disabled = false;
  } finally {
    removeEventListener("beforeunload", stay);
  }
  return undefined;
});
