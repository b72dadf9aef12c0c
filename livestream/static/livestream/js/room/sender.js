// Sends one chunk and says in one word what became of it.

const PATIENCE = 60_000;
const WORDS = { 400: "refused", 403: "signed-out", 401: "signed-out", 404: "gone", 409: "conflict", 410: "over", 413: "refused", 422: "damaged", 507: "full" };

export async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function wordFor(response) {
  if (response.type === "opaqueredirect") return "signed-out"; // the way to the sign-in
  if (response.ok) return "stored";
  return WORDS[response.status] || "later";
}

// A request that gives up by itself: a dead network otherwise holds it for minutes.
export async function ask(address, options = {}) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), options.patience || PATIENCE);
  try {
    return await fetch(address, { redirect: "manual", signal: giveUp.signal, ...options });
  } finally {
    clearTimeout(timer);
  }
}

export async function askJson(address, { token, body, ...options } = {}) {
  const response = await ask(address, {
    method: body === undefined ? "GET" : "POST",
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json", "X-CSRFToken": token }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    ...options,
  });
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  return { word: wordFor(response), answer: isJson ? await response.json() : {} };
}

// `chunk` holds part, seq, bytes, mime, wallStart. Never throws: no network is "later" too.
export async function putChunk(address, chunk, token) {
  const url = address.replace("/parts/0/", `/parts/${chunk.part}/`).replace("/chunks/0/", `/chunks/${chunk.seq}/`);
  try {
    const headers = { "X-CSRFToken": token, "X-Chunk-Sha256": await sha256(chunk.bytes), "Content-Type": chunk.mime || "application/octet-stream" };
    if (chunk.wallStart) headers["X-Wall-Start"] = chunk.wallStart;
    return wordFor(await ask(url, { method: "PUT", headers, body: chunk.bytes }));
  } catch {
    return "later";
  }
}
