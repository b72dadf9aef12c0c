// Sends a finished video piece by piece through the same door as a recording. After a break the same file goes
// on where it stopped: the server knows which pieces it holds. Without this script the form sends it whole.

import { Clock } from "./clock.js";
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
function rememberedPart(file) {
  const key = `cunbo-file-${room.session}`;
  const name = `${file.size}-${file.lastModified}`;
  let known = {};
  try {
    known = JSON.parse(localStorage.getItem(key)) || {};
    if (!(name in known)) known[name] = Math.max(room.nextPart, ...Object.values(known).map((number) => number + 1));
    localStorage.setItem(key, JSON.stringify(known));
  } catch {
    return room.nextPart; // private windows keep nothing
  }
  return known[name];
}

class FileSender {
  constructor(file) {
    this.file = file;
    this.number = rememberedPart(file);
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
    const chunk = { part: this.number, seq, bytes, mime: this.file.type, wallStart: this.clock.text() };
    for (;;) {
      const word = await putChunk(room.urls.chunk, chunk, token);
      if (word === "stored") break;
      if (word === "conflict") throw new Error(room.texts["file-other"]);
      if (DEAD_ENDS.has(word)) throw new Error(room.texts[`trouble-${word}`].replace(/^· /, ""));
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
    localStorage.removeItem(`cunbo-file-${room.session}`);
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
