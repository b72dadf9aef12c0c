// The teacher's camera: it films, keeps each second on the device and sends it to her class. The class itself is run
// at the desk; when it ends there, filming stops here and the rest is sent.

import { Awake } from "./room/awake.js";
import { Camera, Loudness, canFilm } from "./room/camera.js";
import { Checks } from "./room/checks.js";
import { Clock } from "./room/clock.js";
import { Keeper } from "./room/keeper.js";
import { startAt, takeNumber } from "./room/numbers.js";
import { isOnlyWindow } from "./room/only.js";
import { supportedType } from "./room/recorder.js";
import { offerFiles } from "./room/rescue.js";
import { ask, askJson } from "./room/sender.js";
import { statusOf } from "./room/status.js";
import { Store } from "./room/store.js";
import { Taping } from "./room/taping.js";
import { Uploader } from "./room/uploader.js";
import { randomId } from "./random-id.js";

const SHOW_EVERY = 750;
const ASK_EVERY = 15_000;
const OPEN = ["scheduled", "ready", "live", "interrupted"];
const page = document.querySelector("[data-class-send]");
const told = JSON.parse(document.getElementById("send-data").textContent);
const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
const part = (name) => page.querySelector(`[data-${name}]`);

class Sending {
  constructor(store, parts) {
    this.store = store;
    startAt(Math.max(told.nextPart, ...parts.map((each) => each.part + 1)));
    this.clock = new Clock(told.serverTime);
    this.keeper = new Keeper(store, told.session);
    this.camera = new Camera([part("preview")]);
    this.taping = new Taping({ camera: this.camera, keeper: this.keeper, clock: this.clock, type: supportedType(), nextPart: takeNumber });
    this.uploader = new Uploader({ store, session: told.session, urls: told.urls, token, freePart: takeNumber });
    this.uploader.hasEnded = told.isOver && parts.length > 0;
    this.awake = new Awake(() => {});
    this.checks = new Checks(part("checks"), told.texts);
    this.tab = randomId();
    this.listen();
  }

  listen() {
    const { taping, keeper, uploader } = this;
    part("open-camera").addEventListener("click", () => this.prepare());
    part("go").addEventListener("click", () => this.go());
    part("pause").addEventListener("click", () => taping.pause());
    part("turn").addEventListener("click", () => taping.turn().catch(() => this.say("camera-error")));
    part("end").addEventListener("click", () => this.end());
    taping.addEventListener("change", () => this.showTaping());
    taping.addEventListener("lost", ({ detail }) => this.say(detail === "full" ? "" : "camera-lost"));
    keeper.addEventListener("kept", () => { this.isFull = false; uploader.nudge(); });
    keeper.addEventListener("full", () => { this.isFull = true; });
    uploader.addEventListener("change", () => (keeper.held.length ? keeper.flush() : null));
    addEventListener("beforeunload", (event) => this.hasUnsent && event.preventDefault());
    setInterval(() => this.showState(), SHOW_EVERY);
    setInterval(() => this.look(), ASK_EVERY);
  }

  say(key, text = told.texts[key]) {
    part("note").textContent = key ? text : "";
    part("note").hidden = !key;
  }

  async prepare() {
    try {
      this.checks.camera(await this.camera.open());
    } catch {
      this.checks.show("camera", "error");
      return;
    }
    part("open-camera").hidden = true;
    part("preview").hidden = false;
    part("go").hidden = false;
    this.loudness = new Loudness(this.camera.stream, (level, loudest) => this.checks.microphone(level, loudest));
    await this.checks.battery();
  }

  // The class is begun on the server first: pictures alone begin none.
  async step(name) {
    const body = new FormData();
    body.set("step", name);
    try {
      const response = await ask(told.urls.step, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token }, body });
      if (response.ok) return true;
      this.say("error", response.status === 422 ? (await response.json()).error : told.texts["step-failed"]);
    } catch {
      this.say("step-failed");
    }
    return false;
  }

  async go() {
    part("go").disabled = true;
    try {
      this.say("");
      if (!(await this.step("begin"))) return;
      this.loudness.stop();
      await this.taping.resume();
      await this.awake.hold();
    } catch {
      this.say("camera-error");
    } finally {
      part("go").disabled = false;
    }
  }

  async end() {
    if (await this.step("end")) await this.close();
  }

  // What is kept here is sent, and then the server told how much it was.
  async close() {
    await this.taping.pause();
    this.camera.close();
    this.loudness?.stop();
    this.awake.release();
    const wasFilmedHere = (await this.store.parts(told.session)).length > 0;
    this.uploader.hasEnded = wasFilmedHere;
    part("camera-way").hidden = true;
    part("over").hidden = false;
    this.uploader.nudge();
  }

  // Whether the class was ended at the desk; and a sign of life, which keeps it on while she pauses.
  async look() {
    if (told.isOver || !part("over").hidden) return;
    const body = new FormData();
    body.set("tab", this.tab);
    ask(told.urls.here, { method: "POST", headers: { "X-CSRFToken": token }, body }).catch(() => {});
    const { answer } = await askJson(told.urls.state).catch(() => ({ answer: {} }));
    if (answer.state && !OPEN.includes(answer.state)) await this.close();
  }

  showTaping() {
    const isOn = this.taping.isRunning;
    part("go").hidden = isOn;
    part("on-air").hidden = !isOn;
    part("ending").hidden = false;
    part("state").textContent = told.texts[isOn ? "sending" : "waiting"];
    part("state").classList.toggle("badge--live", isOn);
    part("checks").hidden = isOn;
  }

  async showState() {
    if (this.uploader.isFinished) this.hasUnsent = false;
    else {
      const unsent = await this.keeper.unsent();
      const { trouble } = this.uploader;
      this.hasUnsent = unsent.chunks > 0 || this.taping.isRunning || this.uploader.hasEnded;
      const status = statusOf({ unsent, trouble, isOnline: navigator.onLine, isFull: this.isFull }, told.texts);
      for (const line of page.querySelectorAll("[data-status-line]")) {
        line.textContent = status.text;
        line.dataset.grade = status.grade;
        line.hidden = !this.hasUnsent && part("over").hidden && !this.taping.isRunning;
      }
      const isStuck = ["over", "gone", "refused"].includes(trouble) && unsent.chunks > 0;
      if (isStuck && part("rescue").hidden) await offerFiles(part("rescue-files"), this.store, told.session);
      part("rescue").hidden = !isStuck;
    }
    part("all-sent").hidden = this.hasUnsent;
    part("still-sending").hidden = !this.hasUnsent;
  }
}

async function enter() {
  part("no-https").hidden = window.isSecureContext;
  if (!canFilm() || !supportedType() || !window.indexedDB || !crypto.subtle) return;
  part("no-camera").hidden = true;
  if (!(await isOnlyWindow(told.session))) {
    part("other-window").hidden = false;
    return;
  }
  const store = await Store.open(told.store);
  const sending = new Sending(store, await store.parts(told.session));
  part("throw-away").addEventListener("click", async () => {
    await store.forget(told.session);
    sending.hasUnsent = false;
    location.reload();
  });
  part("camera-way").hidden = told.isOver;
  sending.uploader.run();
}

enter();
