// The picture by WebRTC, less than a second old: our site hands on Janus's offer (WHEP), we answer it, and say every
// few seconds that we are still there. Tells "ended" when it breaks off; the delayed picture is there all the same.

const CONNECT_WITHIN = 10000;
const GATHER_WITHIN = 2000;
const STALLED_AFTER = 5000;
const LOOK_EVERY = 500;

export const isPossible = "RTCPeerConnection" in window;

export class Direct extends EventTarget {
  constructor(root, video) {
    super();
    this.video = video;
    this.address = root.dataset.direct;
    this.stayEvery = Number(root.dataset.stay) * 1000;
    this.token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.leaveWithPage = () => this.close();
  }

  // Resolves when the picture moves.
  async open() {
    const offered = await this.ask("POST", this.address);
    if (offered.status !== 201) throw new Error(offered.status);
    this.place = offered.headers.get("Location");
    window.addEventListener("pagehide", this.leaveWithPage);
    const stream = new MediaStream();
    this.connection = new RTCPeerConnection({ iceServers: iceServers(offered.headers.get("Link")) });
    this.connection.addEventListener("track", (event) => stream.addTrack(event.track));
    await this.connection.setRemoteDescription({ type: "offer", sdp: await offered.text() });
    await this.connection.setLocalDescription();
    await gathered(this.connection);
    const taken = await this.ask("PATCH", this.place, this.connection.localDescription.sdp);
    if (taken.status !== 204) throw new Error(taken.status);
    this.staying = window.setInterval(() => this.stay(), this.stayEvery);
    this.video.srcObject = stream;
    this.video.play().catch(() => {}); // the browser wants another press
    await this.moves();
  }

  close() {
    if (this.isClosed) return;
    this.isClosed = true;
    window.removeEventListener("pagehide", this.leaveWithPage);
    window.clearInterval(this.staying);
    window.clearInterval(this.looking);
    this.connection?.close();
    if (this.place) this.ask("DELETE", this.place).catch(() => {});
  }

  async stay() {
    try {
      const answer = await this.ask("POST", this.place);
      if (answer.status !== 204 && answer.status < 500) this.end();
    } catch {
      // What the network does to the picture is seen by the picture.
    }
  }

  end() {
    if (!this.isClosed) this.dispatchEvent(new Event("ended"));
  }

  // Looks after the picture from now on.
  moves() {
    let shown = 0;
    let movedAt = Date.now();
    return new Promise((resolve, reject) => {
      this.looking = window.setInterval(async () => {
        const now = await pictures(this.connection);
        if (this.isClosed) return reject(new Error("closed"));
        if (now > shown) {
          shown = now;
          movedAt = Date.now();
          return resolve();
        }
        if (Date.now() - movedAt < (shown ? STALLED_AFTER : CONNECT_WITHIN)) return undefined;
        window.clearInterval(this.looking);
        reject(new Error("no picture"));
        if (shown) this.end();
        return undefined;
      }, LOOK_EVERY);
    });
  }

  ask(method, address, sdp) {
    const headers = { "X-CSRFToken": this.token };
    if (sdp) headers["Content-Type"] = "application/sdp";
    return fetch(address, { method, headers, body: sdp, redirect: "manual", keepalive: method === "DELETE" });
  }
}

async function pictures(connection) {
  let decoded = 0;
  for (const each of (await connection.getStats()).values()) {
    if (each.type === "inbound-rtp" && each.kind === "video") decoded += each.framesDecoded ?? each.packetsReceived;
  }
  return decoded;
}

function gathered(connection) {
  return new Promise((resolve) => {
    const look = () => connection.iceGatheringState === "complete" && resolve();
    connection.addEventListener("icegatheringstatechange", look);
    window.setTimeout(resolve, GATHER_WITHIN);
    look();
  });
}

// RFC 9725, section 4.6: <turn:…>; rel="ice-server"; username="…"; credential="…"
function iceServers(links) {
  return [...(links || "").matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+="[^"]*")*)/g)].map(([, urls, rest]) => {
    const said = Object.fromEntries([...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    return said.credential ? { urls, username: said.username, credential: said.credential } : { urls };
  });
}
