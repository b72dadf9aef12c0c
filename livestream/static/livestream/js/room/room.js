// The rehearsal room: ties camera, recorder, store and sender together and shows one of three phases.

import { Awake } from "./awake.js";
import { Camera, Loudness, canFilm } from "./camera.js";
import { Checks } from "./checks.js";
import { Clock } from "./clock.js";
import { Keeper } from "./keeper.js";
import { startAt, takeNumber } from "./numbers.js";
import { isOnlyWindow } from "./only.js";
import { Plan } from "./plan.js";
import { supportedType } from "./recorder.js";
import { offerFiles } from "./rescue.js";
import { askJson } from "./sender.js";
import { Stage } from "./stage.js";
import { statusOf } from "./status.js";
import { Store } from "./store.js";
import { Taping } from "./taping.js";
import { Uploader } from "./uploader.js";

const TICK = 250;
const page = document.querySelector("[data-room]");
const room = JSON.parse(document.getElementById("room-data").textContent);
const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
const part = (name) => page.querySelector(`[data-${name}]`);

class Room {
  constructor(store, memory, parts) {
    this.store = store;
    this.memory = memory;
    startAt(Math.max(room.nextPart, ...parts.map((each) => each.part + 1)));
    this.clock = new Clock(room.serverTime);
    this.keeper = new Keeper(store, room.session);
    this.plan = new Plan(room.segments, room.audience);
    this.plan.restore(memory);
    this.camera = new Camera([part("preview"), part("stage-video")]);
    this.stage = new Stage(part("stage"), { plan: this.plan, texts: room.texts });
    this.taping = new Taping({ camera: this.camera, keeper: this.keeper, clock: this.clock, type: supportedType(), nextPart: takeNumber });
    this.uploader = new Uploader({ store, session: room.session, urls: room.urls, token, freePart: takeNumber });
    this.uploader.hasEnded = Boolean(memory.hasEnded || (room.isOver && parts.length));
    this.awake = new Awake((isHeld) => this.stage.say(isHeld ? "" : room.texts["awake-no"]));
    this.checks = new Checks(part("checks"), room.texts);
    this.listen();
  }

  listen() {
    const { stage, taping, plan, uploader, keeper } = this;
    part("open-camera").addEventListener("click", () => this.prepare());
    part("begin").addEventListener("click", () => this.begin());
    stage.addEventListener("pause", () => taping.pause());
    stage.addEventListener("resume", () => this.resume());
    stage.addEventListener("turn", () => taping.turn().catch(() => stage.say(room.texts["camera-error"])));
    stage.addEventListener("end", () => this.end());
    stage.addEventListener("answered", ({ detail }) => this.mark("answered", detail.key));
    plan.addEventListener("remark", ({ detail }) => this.mark("asked", detail.key));
    plan.addEventListener("segment", () => this.mark("segment", plan.segment.key));
    taping.addEventListener("change", () => stage.show(taping.isRunning));
    taping.addEventListener("lost", ({ detail }) => stage.say(detail === "full" ? "" : room.texts["camera-lost"]));
    keeper.addEventListener("kept", () => {
      this.isFull = false;
      uploader.nudge();
    });
    keeper.addEventListener("full", () => {
      this.isFull = true;
    });
    uploader.addEventListener("change", () => (keeper.held.length ? keeper.flush() : null));
    addEventListener("beforeunload", (event) => this.hasUnsent && event.preventDefault());
    this.last = performance.now();
    setInterval(() => this.tick(), TICK);
  }

  async prepare() {
    try {
      this.checks.camera(await this.camera.open());
    } catch {
      this.checks.show("camera", "error");
      return;
    }
    part("open-camera").hidden = true;
    part("begin").hidden = false;
    part("preview").hidden = false;
    this.loudness = new Loudness(this.camera.stream, (level, loudest) => this.checks.microphone(level, loudest));
    await Promise.all([this.checks.network(room.urls.speed, token), this.checks.battery(), this.checks.storage()]);
  }

  async begin() {
    this.loudness.stop();
    this.phase("stage");
    await this.resume();
    await this.awake.hold();
    if (!this.memory.wasBegun) this.mark("segment", this.plan.segment.key);
    this.memory.wasBegun = true;
  }

  async resume() {
    try {
      this.stage.say("");
      await this.taping.resume();
    } catch {
      this.stage.say(room.texts["camera-error"]);
    }
  }

  async end() {
    this.stage.open("");
    await this.taping.pause();
    this.camera.close();
    this.awake.release();
    this.uploader.hasEnded = this.memory.hasEnded = true;
    await this.remember();
    this.phase("sending");
    this.uploader.nudge();
  }

  mark(kind, key) {
    this.store.put("marks", { session: room.session, kind, key, at: this.clock.text() }).then(() => this.uploader.nudge());
  }

  // Where she is, for after a reload.
  remember() {
    const { index, before, seconds } = this.plan;
    Object.assign(this.memory, { index, before, seconds });
    return this.store.put("sessions", this.memory);
  }

  phase(name) {
    for (const each of ["prepare", "stage", "sending"]) part(each).hidden = each !== name;
    document.body.classList.toggle("on-stage", name === "stage");
    scrollTo(0, 0);
  }

  async tick() {
    const now = performance.now();
    const seconds = (now - this.last) / 1000;
    this.last = now;
    if (this.uploader.isFinished) return this.finish();
    this.ticks = (this.ticks || 0) + 1;
    if (this.taping.isRunning) this.plan.tick(seconds);
    if (this.taping.isRunning && this.ticks % 8 === 0) await this.remember();
    return this.ticks % 3 === 0 ? this.showState() : null;
  }

  async showState() {
    const unsent = await this.keeper.unsent();
    const { trouble } = this.uploader;
    this.hasUnsent = unsent.chunks > 0 || this.taping.isRunning;
    const status = statusOf({ unsent, trouble, isOnline: navigator.onLine, isFull: this.isFull }, room.texts);
    this.stage.showStatus(status);
    for (const line of page.querySelectorAll("[data-status-line]")) {
      line.textContent = status.text;
      line.dataset.grade = status.grade;
    }
    part("left-over").hidden = unsent.chunks === 0;
    const isStuck = ["over", "gone", "refused"].includes(trouble) && unsent.chunks > 0;
    if (isStuck && part("rescue").hidden) await offerFiles(part("rescue-files"), this.store, room.session);
    part("rescue").hidden = !isStuck;
  }

  finish() {
    this.hasUnsent = false;
    this.phase("sending");
    part("sending-now").hidden = true;
    part("sending-done").hidden = false;
  }

  async open() {
    part("camera-way").hidden = false;
    part("left-over").hidden = true;
    if (this.uploader.hasEnded) this.phase("sending");
    else if (room.isOver) this.finish();
    this.uploader.run();
    const asked = Date.now();
    const { answer } = await askJson(room.urls.state).catch(() => ({ answer: {} }));
    if (answer.server_time) this.clock.learn(answer.server_time, asked);
  }
}

async function enter() {
  if (!(await isOnlyWindow(room.session))) {
    part("other-window").hidden = false;
    part("no-camera").hidden = true;
    return;
  }
  part("no-https").hidden = window.isSecureContext;
  if (!canFilm() || !supportedType() || !window.indexedDB || !crypto.subtle) return;
  const store = await Store.open(room.store);
  part("no-camera").hidden = true;
  part("file-way").open = false;
  const opened = new Room(store, await store.session(room.session), await store.parts(room.session));
  part("throw-away").addEventListener("click", async () => {
    await store.forget(room.session);
    opened.hasUnsent = false;
    location.reload();
  });
  await opened.open();
}

enter();
