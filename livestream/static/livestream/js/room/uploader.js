// Sends what the store holds, oldest first, one at a time, until it is empty; then, once the host has ended,
// tells the server how many pieces there are. It may be stopped and started anywhere: nothing is sent in vain
// and nothing is forgotten before the server has said that it holds it.

import { askJson, putChunk } from "./sender.js";
import { Backoff } from "./wait.js";

// Troubles that trying again does not mend; the host has to do something.
const DEAD_ENDS = new Set(["over", "gone", "refused"]);

export class Uploader extends EventTarget {
  constructor({ store, session, urls, token, clock, freePart }) {
    super();
    Object.assign(this, { store, session, urls, token, clock, freePart });
    this.trouble = "";
    this.hasEnded = false;
    this.isFinished = false;
    this.backoff = new Backoff();
    this.wake = () => {};
  }

  // There is something new to send, or the host has ended.
  nudge() {
    this.wake();
  }

  say(trouble) {
    this.trouble = trouble;
    this.dispatchEvent(new Event("change"));
  }

  async run() {
    while (!this.isFinished && !DEAD_ENDS.has(this.trouble)) {
      const woken = new Promise((resolve) => {
        this.wake = resolve;
      });
      try {
        const chunk = await this.store.next(this.session);
        if (chunk) await this.send(chunk);
        else if (!(await this.tidy())) await woken;
      } catch {
        this.say("later"); // the phone's own database would not answer
        await this.backoff.pause();
      }
    }
  }

  async send(chunk) {
    const word = await putChunk(this.urls.chunk, chunk, this.token);
    if (word === "stored") {
      await this.store.sent(chunk);
      this.backoff.reset();
      this.say("");
    } else if (word === "conflict" && chunk.seq === 0) {
      await this.store.renumber(this.session, chunk.part, this.freePart());
    } else if (word === "conflict") {
      this.say("refused");
    } else {
      this.say(word);
      if (!DEAD_ENDS.has(word)) await this.backoff.pause();
    }
  }

  // Nothing waits: send the marks and, after the end, the count. Tells whether there is more to do at once.
  async tidy() {
    try {
      const marksLeft = await this.sendMarks();
      if (!this.hasEnded || marksLeft) return marksLeft;
      await this.finish();
    } catch {
      this.say("later");
      await this.backoff.pause();
    }
    return true;
  }

  async sendMarks() {
    const marks = await this.store.marks(this.session);
    if (!marks.length) return false;
    const body = { marks: marks.map(({ kind, key, at }) => ({ kind, key, at })) };
    const { word } = await askJson(this.urls.marks, { token: this.token, body });
    if (word !== "stored" && word !== "refused" && word !== "gone") throw new Error(word);
    await this.store.forgetMarks(marks);
    return (await this.store.marks(this.session)).length > 0;
  }

  async finish() {
    const parts = await this.store.parts(this.session);
    const body = { parts: parts.map(({ part, chunks, seconds, wallStart }) => ({ part, chunks, seconds, wall_start: wallStart })) };
    const { word, answer } = await askJson(this.urls.finish, { token: this.token, body });
    if (word === "later" || word === "full" || word === "signed-out") throw new Error(word);
    this.missing = answer.missing || {};
    await this.store.forget(this.session);
    this.isFinished = true;
    this.say("");
  }
}
