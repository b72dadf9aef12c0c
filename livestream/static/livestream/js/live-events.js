// Listens to a live class: server-sent events where they come through, asking every ten seconds where not.
const ASK_EVERY = 10_000;
const SILENCE = 25_000; // the server speaks every five seconds
const LONGEST_PAUSE = 30_000;
const TRY_AGAIN_AFTER = 12; // questions asked before the stream is tried once more
const GIVE_UP_AFTER = 3; // lost streams in a row

export class ClassEvents {
  #source;
  #failures = 0;
  #asked = 0;
  #timer;
  #watchdog;

  constructor({ events, updates, ticket, cursor }, { onEvent, onSnapshot, onLine }) {
    Object.assign(this, { events, updates, ticket, cursor, onEvent, onSnapshot, onLine });
    window.addEventListener("online", () => this.#again(0));
  }

  start() {
    if (!("EventSource" in window)) return this.#ask();
    const address = new URL(this.events, location.href);
    address.searchParams.set("ticket", this.ticket);
    address.searchParams.set("after", this.cursor);
    const source = new EventSource(address);
    this.#source = source;
    this.#watch();
    source.onmessage = (message) => {
      this.#failures = 0;
      this.onLine("live");
      this.#watch();
      if (message.lastEventId) this.cursor = message.lastEventId;
      const event = JSON.parse(message.data);
      if (event.kind === "resync" || event.kind === "renew") this.#again(event.kind === "renew" ? 2000 : 500);
      else this.onEvent(event);
    };
    source.onerror = () => this.#lost();
  }

  // Ends the stream, and fetches what was missed after a pause that differs from browser to browser.
  #again(pause) {
    this.#source?.close();
    clearTimeout(this.#watchdog);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#catchUp(), pause * (0.5 + Math.random()));
  }

  #lost() {
    this.#failures += 1;
    this.onLine("broken");
    this.#again(Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#failures));
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lost(), SILENCE);
  }

  async #catchUp() {
    const came = await this.#fetch();
    if (came === "gone") return;
    if (came && this.#failures < GIVE_UP_AFTER) this.start();
    else if (came) this.#ask();
    else this.#lost();
  }

  async #ask() {
    clearTimeout(this.#timer);
    const came = await this.#fetch();
    if (came === "gone") return;
    this.onLine(came ? "asking" : "broken");
    this.#asked += 1;
    if (came && this.#asked % TRY_AGAIN_AFTER === 0 && "EventSource" in window) {
      this.#failures = GIVE_UP_AFTER - 1;
      return this.start();
    }
    this.#timer = setTimeout(() => this.#ask(), ASK_EVERY * (0.8 + 0.4 * Math.random()));
  }

  async #fetch() {
    try {
      const answer = await fetch(`${this.updates}?after=${encodeURIComponent(this.cursor)}`, {
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.status === 404 || answer.type === "opaqueredirect") {
        this.onLine("gone");
        return "gone";
      }
      if (!answer.ok) return false;
      const said = await answer.json();
      this.ticket = said.ticket;
      this.cursor = said.cursor;
      if (said.snapshot) this.onSnapshot(said.snapshot);
      else said.events.forEach((event) => this.onEvent(event));
      return true;
    } catch {
      return false;
    }
  }
}
