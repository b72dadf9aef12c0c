// Hands slices to the store. When the phone is full they wait in memory and the host is told: nothing is lost
// without a word.

export class Keeper extends EventTarget {
  constructor(store, session) {
    super();
    Object.assign(this, { store, session });
    this.held = [];
    this.turn = Promise.resolve();
  }

  keep(chunk) {
    this.held.push({ session: this.session, ...chunk });
    return this.flush();
  }

  // Again after every sent chunk: it has made room.
  flush() {
    this.turn = this.turn.then(() => this.storeAll());
    return this.turn;
  }

  async storeAll() {
    try {
      for (; this.held.length; this.held.shift()) await this.store.add(this.held[0]);
      this.dispatchEvent(new Event("kept"));
    } catch {
      this.dispatchEvent(new Event("full"));
    }
  }

  async unsent() {
    const sum = await this.store.unsent(this.session);
    for (const chunk of this.held) {
      sum.chunks += 1;
      sum.bytes += chunk.bytes.byteLength;
      sum.seconds += chunk.seconds;
    }
    return sum;
  }
}
