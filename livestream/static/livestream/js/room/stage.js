// The stage: what the host sees and touches while she records. It draws; `room.js` owns recording and sending.

import { Audience } from "./audience.js";
import { Prompter } from "./prompter.js";
import { clockText, filled } from "./status.js";

export class Stage extends EventTarget {
  constructor(root, { plan, texts }) {
    super();
    Object.assign(this, { root, plan, texts });
    this.isRecording = false;
    this.prompter = new Prompter(this.part("prompter"), { onSpeed: (speed) => this.showSpeed(speed) });
    this.audience = new Audience(this.part("audience"), {
      texts,
      onAnswered: (line) => this.dispatchEvent(new CustomEvent("answered", { detail: line })),
    });
    this.listen();
    this.showSegment();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  listen() {
    const on = (name, act) => this.part(name).addEventListener("click", act);
    on("pause", () => this.dispatchEvent(new Event(this.isRecording ? "pause" : "resume")));
    on("turn", () => this.dispatchEvent(new Event("turn")));
    on("next-segment", () => this.plan.move(1));
    on("back-segment", () => this.plan.move(-1));
    on("slower", () => this.prompter.change(-1));
    on("faster", () => this.prompter.change(1));
    on("larger", () => this.prompter.enlarge());
    on("show-cards", () => this.open("cards"));
    on("end", () => this.open("ending"));
    on("end-now", () => this.dispatchEvent(new Event("end")));
    for (const button of this.root.querySelectorAll("[data-close]")) button.addEventListener("click", () => this.open(""));
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.open(""));
    this.plan.addEventListener("segment", () => this.showSegment());
    this.plan.addEventListener("time", () => this.showTime());
    this.plan.addEventListener("remark", ({ detail }) => this.audience.say(detail));
  }

  // One panel at a time lies over the stage; the focus goes in and comes back.
  open(name) {
    const isClosing = !name;
    for (const panel of ["cards", "ending"]) this.part(panel).hidden = panel !== name;
    if (isClosing && this.opener) this.opener.focus();
    this.opener = isClosing ? null : document.activeElement;
    if (!isClosing) this.part(name).querySelector("button").focus();
  }

  show(isRecording) {
    this.isRecording = isRecording;
    this.root.classList.toggle("stage--paused", !isRecording);
    this.part("recording-word").textContent = this.texts[isRecording ? "recording" : "paused"];
    this.part("pause-word").textContent = this.texts[isRecording ? "pause" : "resume"];
    this.prompter.move(isRecording);
    this.showTime();
  }

  say(text) {
    const notice = this.part("notice");
    notice.textContent = text;
    notice.hidden = !text;
  }

  showStatus({ grade, text }) {
    const line = this.part("status");
    if (line.textContent !== text) line.textContent = text;
    line.dataset.grade = grade;
  }

  showSpeed(speed) {
    this.part("speed").textContent = speed ? filled(this.texts.speed, { speed }) : this.texts["speed-still"];
  }

  showSegment() {
    const { segment, next } = this.plan;
    this.part("segment-title").textContent = segment.title;
    this.part("segment-cue").textContent = segment.cue;
    this.part("segment-cue").hidden = !segment.cue;
    this.part("next").textContent = next ? filled(this.texts.next, { title: next.title }) : this.texts.last;
    this.part("next-segment").disabled = !next;
    this.part("back-segment").disabled = this.plan.index === 0;
    this.part("show-cards").hidden = !this.root.querySelector("[data-card]");
    this.showCards(segment.product);
    this.prompter.show(segment.script);
    this.showTime();
  }

  // The product on the table first; the others below it.
  showCards(product) {
    for (const card of this.root.querySelectorAll("[data-card]")) card.classList.toggle("is-first", card.dataset.card === product);
  }

  showTime() {
    const { segment, inSegment, isLate, seconds } = this.plan;
    this.part("time").textContent = clockText(seconds);
    this.part("segment-time").textContent = isLate
      ? filled(this.texts.late, { seconds: Math.floor(inSegment - segment.seconds) })
      : `${clockText(inSegment)} / ${clockText(segment.seconds)}`;
    this.part("segment-bar").max = segment.seconds;
    this.part("segment-bar").value = Math.min(inSegment, segment.seconds);
    this.root.classList.toggle("stage--late", isLate);
  }
}
