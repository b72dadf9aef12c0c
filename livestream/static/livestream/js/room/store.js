// What is recorded and not yet sent, in the browser's own database: one per login, so that two people who share a
// phone never meet each other's pictures. A chunk goes in before anything else happens to it and comes out only
// when the server has said that it holds it.

const PREFIX = "cunbo-room-";
const STRICT = { durability: "strict" };

function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

function whole(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error || new Error("aborted")));
  });
}

function empty(session, part) {
  return { session, part, mime: "", wallStart: "", chunks: 0, bytes: 0, seconds: 0, sentChunks: 0, sentBytes: 0, sentSeconds: 0 };
}

export class Store {
  static async open(key) {
    const request = indexedDB.open(PREFIX + key, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore("chunks", { keyPath: ["session", "part", "seq"] });
      request.result.createObjectStore("parts", { keyPath: ["session", "part"] });
      request.result.createObjectStore("marks", { keyPath: ["session", "kind", "key", "at"] });
      request.result.createObjectStore("sessions", { keyPath: "session" });
    });
    return new Store(await done(request), key);
  }

  constructor(base, key) {
    this.base = base;
    this.key = key;
    base.addEventListener("versionchange", () => base.close());
  }

  range(session, part) {
    const from = part === undefined ? [session] : [session, part];
    return IDBKeyRange.bound(from, [...from, []]); // an array sorts after every number and text
  }

  // Keeps a chunk and counts it in its part, both or neither. `bytes` is an ArrayBuffer: old WebViews lose Blobs.
  async add({ session, part, seq, bytes, seconds, mime, wallStart }) {
    const transaction = this.base.transaction(["chunks", "parts"], "readwrite", STRICT);
    const parts = transaction.objectStore("parts");
    transaction.objectStore("chunks").add({ session, part, seq, bytes, seconds });
    const known = (await done(parts.get([session, part]))) || { ...empty(session, part), mime, wallStart };
    known.chunks = Math.max(known.chunks, seq + 1);
    known.bytes += bytes.byteLength;
    known.seconds += seconds;
    parts.put(known);
    await whole(transaction);
  }

  // The oldest chunk not yet sent, with what its part says about it.
  async next(session) {
    const transaction = this.base.transaction(["chunks", "parts"]);
    const cursor = await done(transaction.objectStore("chunks").openCursor(this.range(session)));
    if (!cursor) return null;
    const part = await done(transaction.objectStore("parts").get([session, cursor.value.part]));
    return { ...cursor.value, mime: part.mime, wallStart: part.wallStart };
  }

  // The server holds it: only now it may go.
  async sent({ session, part, seq, bytes, seconds }) {
    const transaction = this.base.transaction(["chunks", "parts"], "readwrite", STRICT);
    const parts = transaction.objectStore("parts");
    transaction.objectStore("chunks").delete([session, part, seq]);
    const known = await done(parts.get([session, part]));
    known.sentChunks += 1;
    known.sentBytes += bytes.byteLength;
    known.sentSeconds += seconds;
    parts.put(known);
    await whole(transaction);
  }

  // Another device of hers took the number first: the part gets a free one. Nothing of it has been sent.
  async renumber(session, from, to) {
    const transaction = this.base.transaction(["chunks", "parts"], "readwrite", STRICT);
    for (const name of ["chunks", "parts"]) {
      const table = transaction.objectStore(name);
      for (const row of await done(table.getAll(this.range(session, from)))) {
        table.put({ ...row, part: to });
      }
      table.delete(this.range(session, from));
    }
    await whole(transaction);
  }

  parts(session) {
    return done(this.base.transaction("parts").objectStore("parts").getAll(this.range(session)));
  }

  async unsent(session) {
    const sum = { chunks: 0, bytes: 0, seconds: 0 };
    for (const part of await this.parts(session)) {
      sum.chunks += part.chunks - part.sentChunks;
      sum.bytes += part.bytes - part.sentBytes;
      sum.seconds += part.seconds - part.sentSeconds;
    }
    return sum;
  }

  // All bytes of a part that are still here, in order: for saving them as a file when all else fails.
  async bytesOf(session, part) {
    const rows = await done(this.base.transaction("chunks").objectStore("chunks").getAll(this.range(session, part)));
    return rows.map((row) => row.bytes);
  }

  async put(table, row) {
    const transaction = this.base.transaction(table, "readwrite", STRICT);
    transaction.objectStore(table).put(row);
    await whole(transaction);
  }

  marks(session) {
    return done(this.base.transaction("marks").objectStore("marks").getAll(this.range(session)));
  }

  async forgetMarks(marks) {
    const transaction = this.base.transaction("marks", "readwrite");
    for (const mark of marks) transaction.objectStore("marks").delete([mark.session, mark.kind, mark.key, mark.at]);
    await whole(transaction);
  }

  async session(session) {
    return (await done(this.base.transaction("sessions").objectStore("sessions").get(session))) || { session };
  }

  // The server holds everything of it: no trace stays on a phone that others use too.
  async forget(session) {
    const transaction = this.base.transaction(["chunks", "parts", "marks", "sessions"], "readwrite", STRICT);
    for (const name of ["chunks", "parts", "marks"]) transaction.objectStore(name).delete(this.range(session));
    transaction.objectStore("sessions").delete(session);
    const left = [done(transaction.objectStore("sessions").count()), done(transaction.objectStore("parts").count())];
    await whole(transaction);
    if (!(await left[0]) && !(await left[1])) await this.remove();
  }

  async remove() {
    this.base.close();
    await done(indexedDB.deleteDatabase(PREFIX + this.key));
  }
}
