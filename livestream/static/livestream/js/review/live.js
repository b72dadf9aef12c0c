// Marking while it runs: a remark bears the moment of the press by the server's clock, is kept on the phone until the
// server has it, and is sent again with the same token after a drop. Without a script the form sends it as it is.
import { setUpVoice } from "./voice.js";

const ASK_EVERY = 10000;
const WAITS = [2000, 5000, 10000, 20000, 30000];

const root = document.querySelector("[data-live-marking]");
const form = document.querySelector("[data-live-form]");
const kept = document.querySelector("[data-live-kept]");
const shownClock = document.querySelector("[data-live-clock]");
const shownState = document.querySelector("[data-live-state]");

let ahead = 0; // server's clock minus ours, by the quickest answer so far
let quickest = Infinity;
let started = null;

async function askClock() {
  const asked = Date.now();
  try {
    const answer = await fetch(root.dataset.liveMarking, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    const took = Date.now() - asked;
    if (took <= quickest) {
      quickest = took;
      ahead = Date.parse(told.now) + took / 2 - Date.now();
    }
    started = told.started ? Date.parse(told.started) : null;
    shownState.textContent = told.state;
  } catch {
    // The next question may get through.
  }
}

function serverNow() {
  return new Date(Date.now() + ahead);
}

// What she sees is some seconds old: the picture's own clock says of when, as soon as she watches here.
function momentSeen() {
  const player = document.querySelector("[data-player]")?.player;
  const isWatching = player && !player.video.paused && player.video.readyState > 1;
  return (isWatching && player.clock) || serverNow();
}

function showClock() {
  if (started === null) return;
  const seconds = Math.max(0, Math.floor((serverNow() - started) / 1000));
  shownClock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function show(pressed, text) {
  const item = document.createElement("li");
  item.className = "unsent";
  const time = pressed.toTimeString().slice(0, 8);
  item.dataset.line = `${time} ${text}`;
  item.textContent = `… ${item.dataset.line} (${form.dataset.textUnsent})`;
  kept.prepend(item);
  return item;
}

async function send(body, item, attempt = 0) {
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) {
      item.className = "";
      item.textContent = `✓ ${item.dataset.line}`;
      return;
    }
    if (answer.status < 500) {
      const told = await answer.json().catch(() => ({}));
      item.textContent = `✕ ${item.dataset.line} ${form.dataset.textRefused} ${told.error || ""}`;
      return;
    }
  } catch {
    // No network: try again below.
  }
  setTimeout(() => send(body, item, attempt + 1), WAITS[Math.min(attempt, WAITS.length - 1)]);
}

if (root && form) {
  const voice = setUpVoice(form.querySelector("[data-voice]"), form);
  let pressed = null; // set when she begins to write or to speak: that is when she saw it
  const begin = () => { pressed = pressed || momentSeen(); };
  form.elements.text.addEventListener("input", begin);
  form.querySelector("[data-voice-button]").addEventListener("click", begin);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.elements.text.value.trim();
    const hasVoice = Boolean(form.elements.voice?.files.length);
    const line = form.querySelector("[name=line_key]:checked");
    // A press on a line alone is a remark too: the line's name says what it is about.
    if (!text && !hasVoice && line?.value) form.elements.text.value = line.closest("label").textContent.trim();
    if (!form.elements.text.value.trim() && !hasVoice) { form.elements.text.focus(); return; }
    const at = pressed || momentSeen();
    const body = new FormData(form);
    body.set("pressed", at.toISOString());
    send(body, show(at, form.elements.text.value + (hasVoice ? ` (${form.dataset.textVoice})` : "")));
    form.elements.client_token.value = crypto.randomUUID ? crypto.randomUUID() : newToken();
    form.elements.text.value = "";
    voice?.forget();
    pressed = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (kept.querySelector(".unsent")) event.preventDefault();
  });
  askClock();
  setInterval(askClock, ASK_EVERY);
  setInterval(showClock, 500);
}

// Only secure contexts have crypto.randomUUID.
function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
