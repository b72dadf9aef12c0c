// The tutor's list: a tap is kept on the phone at once and sent when there is a network; the server keeps a tap
// once, however often it is sent. Without this module every tap is a form of its own.
const list = document.querySelector("[data-tap-list]");
const LISTS = "cunbo-lists";
const DAYS = 3;
const RETRY = 15000;
const key = `cunbo-taps-${list.dataset.tapList}`;
const words = list.dataset;
let isSending = false;

const buttons = new Map([...list.querySelectorAll(".tap")].map((button) => [button.dataset.enrolment, button]));
const waiting = () => JSON.parse(localStorage.getItem(key) ?? "[]");
const keep = (taps) => (taps.length ? localStorage.setItem(key, JSON.stringify(taps)) : localStorage.removeItem(key));

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function device() {
  const known = localStorage.getItem("cunbo-device") ?? uuid();
  localStorage.setItem("cunbo-device", known);
  return known;
}

function mark(enrolment, state, why = "") {
  const button = buttons.get(enrolment);
  if (!button) return;
  const note = button.closest("li").querySelector(".tap__why");
  button.dataset.state = state;
  button.disabled = state === "kept" || words.isOpen !== "yes";
  button.querySelector(".tap__state").textContent = state ? `${state === "refused" ? "✕" : "✓"} ${words[state]}` : "";
  note.textContent = why;
  note.hidden = !why;
}

function show(text) {
  const taps = waiting();
  const there = [...buttons.values()].filter((button) => ["kept", "waiting"].includes(button.dataset.state));
  list.querySelector("[data-present]").textContent = there.length;
  list.querySelector("[data-status]").textContent = text ?? (taps.length ? `${words.some} ${taps.length}` : words.none);
  list.querySelector("[data-send]").hidden = !taps.length;
}

function tap(event) {
  event.preventDefault();
  const enrolment = event.currentTarget.querySelector(".tap").dataset.enrolment;
  const taps = waiting();
  const earlier = taps.findIndex((each) => each.enrolment === enrolment);
  if (earlier >= 0 && !isSending) {
    taps.splice(earlier, 1);
    mark(enrolment, "");
  } else if (earlier < 0) {
    taps.push({ enrolment, token: uuid(), at: new Date().toISOString() });
    mark(enrolment, "waiting");
  }
  keep(taps);
  show();
  schedule();
}

let planned = 0;
// A moment's wait lets a slip of the finger be taken back, and sends a row of taps together.
function schedule() {
  clearTimeout(planned);
  planned = setTimeout(send, 2500);
}

async function send() {
  const taps = waiting();
  if (!taps.length || isSending) return;
  isSending = true;
  try {
    const response = await fetch(words.url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": list.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify({ device: device(), device_time: new Date().toISOString(), taps }),
    });
    if (response.ok) settle(await response.json(), taps);
    else show(words.signedOut);
  } catch {
    show();
  } finally {
    isSending = false;
  }
}

function settle(answer, sent) {
  const settled = new Set([...answer.kept, ...Object.keys(answer.refused)]);
  keep(waiting().filter((each) => !settled.has(each.token)));
  for (const { enrolment, token } of sent) {
    if (answer.refused[token]) mark(enrolment, "refused", answer.refused[token]);
    else if (settled.has(token)) mark(enrolment, "kept");
  }
  const clock = list.querySelector("[data-clock]");
  clock.textContent = answer.clock;
  clock.hidden = !answer.clock;
  show();
}

// This page opens again without a network, for as long as its sitting is open and three days at most.
async function keepPage() {
  if (!("caches" in window)) return;
  const cache = await caches.open(LISTS);
  const oldest = Date.now() - DAYS * 86400000;
  for (const request of await cache.keys()) {
    const found = await cache.match(request);
    if (new Date(found.headers.get("Date") ?? 0) < oldest) await cache.delete(request);
  }
  if (words.isOpen !== "yes") return void (await cache.delete(location.pathname));
  const page = await fetch(location.pathname);
  if (page.ok && !page.redirected) await cache.put(location.pathname, page);
  const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
  await Promise.allSettled(files.map((file) => cache.add(file.href || file.src)));
}

for (const form of list.querySelectorAll("form")) form.addEventListener("submit", tap);
for (const { enrolment } of waiting()) mark(enrolment, "waiting");
list.querySelector("[data-send]").addEventListener("click", send);
addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || send());
setInterval(send, RETRY);
show();
send();
keepPage().catch(() => {});
