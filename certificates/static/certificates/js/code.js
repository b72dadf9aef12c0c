// Reads and checks the signed payload of a certificate's QR code; the format is written down in codes.py.
const MARK = "c1.";
const FIXED = 30;
const SIGNATURE = 64;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Return what a code says, or throw: then it is not ours, or was altered. `keys` is that of keys.json. */
export async function readCode(text, keys) {
  const signed = payload(text);
  const body = signed.slice(0, -SIGNATURE);
  const key = keys.find((each) => each.id === hex(body.slice(0, 4)));
  if (!key) throw new Error("key");
  const fits = await crypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" }, await imported(key.pem), signed.slice(-SIGNATURE), body,
  );
  if (!fits) throw new Error("signature");
  return facts(body);
}

/** Return by what revoked.json names a version. */
export async function revocationId(number, version) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${number}/${version}`));
  return hex(new Uint8Array(digest)).slice(0, 16);
}

function payload(text) {
  const mark = text.lastIndexOf(MARK);
  if (mark < 0) throw new Error("form");
  const code = text.slice(mark + MARK.length).trim();
  if (!/^[A-Za-z0-9_-]+$/.test(code)) throw new Error("form");
  const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const again = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (again !== code || bytes.length <= SIGNATURE + FIXED) throw new Error("form");
  return bytes;
}

async function imported(pem) {
  const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  const der = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("spki", der, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
}

function facts(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const pad = (value, width) => String(value).padStart(width, "0");
  const county = (view.getUint8(5) << 16) | view.getUint16(6);
  const parts = [
    `${String.fromCharCode(view.getUint8(4))}${pad(county, 6)}`,
    pad(view.getUint16(8), 4), pad(view.getUint16(10), 4), pad(view.getUint16(12), 4),
  ];
  const mark = view.getUint16(28);
  const [name, courseCode, courseName] = texts(body.slice(30));
  return {
    number: `${parts.join("-")}-${checkCharacter(parts.join(""))}`,
    version: view.getUint8(14),
    sex: ["", "F", "M"][view.getUint8(15)],
    birthYear: view.getUint16(16) || null,
    from: day(view.getUint16(18)),
    to: day(view.getUint16(20)),
    issued: day(view.getUint16(22)),
    hours: view.getUint32(24) / 100,
    mark: mark === 65535 ? null : mark / 100,
    name, courseCode, courseName,
  };
}

function texts(rest) {
  const found = [];
  for (let at = 0; at < rest.length; at += 1 + rest[at]) {
    found.push(new TextDecoder().decode(rest.slice(at + 1, at + 1 + rest[at])));
  }
  return found;
}

function day(days) {
  return new Date(Date.UTC(2000, 0, 1 + days)).toISOString().slice(0, 10);
}

// ISO 7064 MOD 37,36
function checkCharacter(text) {
  let sum = 18;
  for (const letter of text) sum = (((sum || 36) * 2) % 37 + LETTERS.indexOf(letter)) % 36;
  return LETTERS[(((1 - ((sum || 36) * 2) % 37) % 36) + 36) % 36];
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
