// Plays a session: HLS by the browser itself where it knows the clock of a picture, else by hls.js, loaded only
// when somebody presses play. The address holds for minutes; a fresh one is asked for before it ends. Where the
// session comes by WebRTC that is tried first; when it does not come about or breaks off, HLS takes its place.
//
// For other modules: `root.player` is a Player. It has `seconds`, `clock` (a Date, or null), `seek(seconds)`,
// and tells "change" when another size was chosen.

import { Direct, isPossible } from "./direct.js";
import { remember, remembered } from "./picture-choice.js";

const RENEW_BEFORE = 60;
const AGAIN_AFTER = 3000;
const NOT_THERE_YET = 1000;

export class Player extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.video = root.querySelector("video");
    this.status = root.querySelector("[data-player-status]");
    this.button = root.querySelector("[data-player-start]");
    this.base = root.dataset.base;
    this.isLive = root.dataset.live === "true";
    this.choices = this.possibleChoices();
    this.chosen = this.firstChoice();
    this.hls = null;
    this.direct = null;
    this.standing = ""; // what the status says as long as it is so
    this.isLoaded = false;
    this.hasPlayed = false;
    this.wanted = null;
  }

  possibleChoices() {
    const all = [...this.root.querySelectorAll("[data-playlist]")];
    if (isPossible) return all;
    for (const each of all.filter(isDirect)) each.closest("label").remove();
    return all.filter((each) => !isDirect(each));
  }

  // Who chose sound only has a reason; else a picture without delay comes first, where there is one.
  firstChoice() {
    const known = this.choices.find((each) => each.value === remembered());
    const direct = this.choices.find(isDirect);
    return (known?.value === "audio" ? known : direct || known) || this.choices[0];
  }

  get seconds() {
    return this.video.currentTime;
  }

  get clock() {
    if (this.direct) return null; // what is seen is now
    if (this.hls) return this.hls.playingDate;
    const began = this.video.getStartDate?.();
    return began && !Number.isNaN(began.getTime()) ? new Date(began.getTime() + 1000 * this.seconds) : null;
  }

  async seek(seconds) {
    this.wanted = seconds;
    if (!this.isLoaded) await this.load();
    this.video.currentTime = seconds;
  }

  start() {
    this.chosen.checked = true;
    this.root.classList.add("player--enhanced");
    for (const each of this.choices) each.addEventListener("change", () => this.choose(each));
    this.video.controls = false;
    for (const source of this.video.querySelectorAll("source")) source.remove();
    this.video.addEventListener("error", () => this.mend());
    this.video.addEventListener("playing", () => this.isPlaying());
    this.video.addEventListener("waiting", () => this.say(this.root.dataset.waiting));
    this.button.addEventListener("click", () => this.play());
    this.keepAddressFresh(Number(this.root.dataset.seconds));
    this.showSound();
  }

  isPlaying() {
    this.hasPlayed = true;
    this.say("");
  }

  async play() {
    this.button.hidden = true;
    this.video.controls = true;
    if (!this.isLoaded) await this.load();
    try {
      await this.video.play();
    } catch {
      this.video.focus(); // the browser wants another press
    }
  }

  async choose(choice) {
    this.chosen = choice;
    this.standing = "";
    remember(choice.value);
    this.showSound();
    const wasPlaying = this.isLoaded && !this.video.paused;
    if (this.isLoaded) {
      this.wanted = this.isLive ? null : this.video.currentTime;
      await this.load();
    }
    if (wasPlaying) await this.play();
    this.dispatchEvent(new Event("change"));
  }

  async load() {
    this.isLoaded = true;
    this.closeDirect();
    if (isDirect(this.chosen)) return this.loadDirectly();
    this.say(this.root.dataset.waiting);
    const address = new URL(this.base + this.chosen.dataset.playlist, window.location.href).href;
    if (isNative(this.video)) return this.loadPlainly(address);
    try {
      return await this.loadWithHls(address);
    } catch {
      const file = this.chosen.value === "audio" ? this.root.dataset.sound : this.root.dataset.file;
      return file ? this.loadPlainly(this.base + file) : this.say(this.root.dataset.trouble);
    }
  }

  async loadDirectly() {
    this.hls?.destroy();
    this.hls = null;
    this.video.removeAttribute("src");
    this.say(this.root.dataset.connecting);
    const direct = new Direct(this.root, this.video);
    this.direct = direct;
    direct.addEventListener("ended", () => this.takeDelayed(direct));
    try {
      await direct.open();
      if (this.direct === direct) this.stand(this.root.dataset.now);
    } catch {
      await this.takeDelayed(direct);
    }
  }

  async takeDelayed(direct) {
    if (this.direct !== direct) return; // she has chosen something else meanwhile
    this.chosen = this.choices.find((each) => !isDirect(each));
    this.chosen.checked = true;
    this.closeDirect();
    this.stand(this.root.dataset.delayed);
    this.dispatchEvent(new Event("change"));
    // Asking for the address says that somebody watches: only then a delayed picture is made.
    if (await this.renew()) await this.play(await this.load());
  }

  closeDirect() {
    if (!this.direct) return;
    this.direct.close();
    this.direct = null;
    this.video.srcObject = null;
  }

  loadPlainly(address) {
    this.hls?.destroy();
    this.hls = null;
    this.video.src = address;
    this.video.addEventListener("loadedmetadata", () => this.jump(), { once: true });
  }

  async loadWithHls(address) {
    const { default: Hls } = await import(this.root.dataset.hls);
    if (!Hls.isSupported()) throw new Error("no media source");
    this.hls?.destroy();
    const first = this.base;
    this.hls = new Hls({
      enableWorker: false,
      startPosition: this.wanted ?? -1,
      maxBufferLength: 20,
      backBufferLength: 30,
      ...(this.isLive ? { liveSyncDurationCount: 2, maxLiveSyncPlaybackRate: 1.1 } : {}),
      // Playlists already read name their segments below the old address.
      xhrSetup: (request, url) => request.open("GET", url.replace(first, this.base), true),
    });
    this.wanted = null;
    this.hls.on(Hls.Events.ERROR, (_event, trouble) => this.mendHls(Hls, trouble));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
  }

  jump() {
    if (this.wanted !== null) this.video.currentTime = this.wanted;
    this.wanted = null;
  }

  async mendHls(Hls, trouble) {
    const code = trouble.response?.code;
    if (code === 403 || code === 410) {
      if (await this.renew()) this.hls.startLoad();
    } else if (trouble.fatal) {
      const { waiting, away, trouble: words } = this.root.dataset;
      const isStarting = this.isLive && !this.hasPlayed; // the first pictures are being made
      this.say(isStarting ? waiting : this.isLive ? away : words);
      if (trouble.type === Hls.ErrorTypes.MEDIA_ERROR) this.hls.recoverMediaError();
      else this.tryAgain(isStarting ? NOT_THERE_YET : AGAIN_AFTER);
    }
  }

  mend() {
    if (!this.isLoaded || this.hls || this.direct) return;
    this.say(this.root.dataset.trouble);
    this.tryAgain(AGAIN_AFTER);
  }

  tryAgain(wait) {
    window.clearTimeout(this.again);
    this.again = window.setTimeout(async () => {
      const wasLive = this.isLive;
      if (!wasLive) this.wanted = this.video.currentTime;
      await this.renew();
      if (wasLive && !this.isLive) window.location.reload(); // it has ended: the page knows more now
      else await this.play(await this.load());
    }, wait);
  }

  async renew() {
    try {
      const answer = await fetch(this.root.dataset.link, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = await answer.json();
      this.base = fresh.base;
      this.isLive = fresh.is_live;
      this.keepAddressFresh(fresh.seconds);
      return true;
    } catch {
      this.say(this.root.dataset.trouble);
      return false;
    }
  }

  keepAddressFresh(seconds) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.renew(), Math.max(5, seconds - RENEW_BEFORE) * 1000);
  }

  showSound() {
    this.root.classList.toggle("player--sound", this.chosen.value === "audio");
  }

  say(text) {
    this.status.textContent = [this.standing, text].filter(Boolean).join(" ");
  }

  stand(text) {
    this.standing = text;
    this.say("");
  }
}

function isDirect(choice) {
  return choice.value === "direct";
}

// Only a browser that also tells the clock of what it shows; others claim HLS and know less of it than hls.js.
function isNative(video) {
  return "getStartDate" in video && video.canPlayType("application/vnd.apple.mpegurl") !== "";
}

for (const root of document.querySelectorAll("[data-player]")) {
  root.player = new Player(root);
  root.player.start();
}
