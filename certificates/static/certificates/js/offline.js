// The page that checks codes without a network. Everything it needs is kept by worker.js; nothing is sent.
import { readCode, revocationId } from "./code.js";
import { textInPhoto } from "./scan.js";

const OLD = 30 * 24 * 3600 * 1000;
const root = document.querySelector("[data-code-check]");
const result = root.querySelector("[data-result]");
const say = (key) => root.querySelector(`[data-say="${key}"]`).content.textContent;

async function kept(address) {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function show(kind, message, lines = []) {
  const notice = document.createElement("div");
  notice.className = `notice notice--${kind}`;
  const strong = document.createElement("strong");
  strong.textContent = message;
  notice.append(strong);
  const list = document.createElement("dl");
  for (const [term, text] of lines) {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = say(term);
    dd.textContent = text;
    list.append(dt, dd);
  }
  result.replaceChildren(notice, list);
  result.hidden = false;
  result.scrollIntoView({ block: "start" });
}

async function check(text) {
  const [keys, list] = await Promise.all([kept(root.dataset.keys), kept(root.dataset.revoked)]);
  showAge(list);
  if (!keys) return show("warning", say("keyless"));
  let facts;
  try {
    facts = await readCode(text, keys.keys);
  } catch {
    return show("error", say("altered"));
  }
  if (!list) return show("warning", say("unknown"), lines(facts));
  const state = list.ended[await revocationId(facts.number, facts.version)] ?? "valid";
  const kind = { valid: "ok", replaced: "warning", revoked: "error" }[state];
  return show(kind, say(state), lines(facts));
}

function lines(facts) {
  return [
    ["number", facts.number], ["version", facts.version], ["name", facts.name], ["born", facts.birthYear ?? "–"],
    ["course", `${facts.courseName} (${facts.courseCode})`], ["studied", `${facts.from} – ${facts.to}`],
    ["hours", facts.hours], ["mark", facts.mark ?? "–"], ["issued", facts.issued],
  ];
}

function showAge(list) {
  if (!list) return;
  const made = new Date(list.made_at);
  const age = document.querySelector("[data-age]");
  const isOld = Date.now() - made > OLD;
  age.textContent = `${say("age")}: ${made.toLocaleString(root.dataset.language)}${isOld ? ` · ${say("old")}` : ""}`;
}

root.querySelector("[data-typed]").addEventListener("submit", (event) => {
  event.preventDefault();
  check(root.querySelector("#text").value);
});

root.querySelector("[data-photo]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const text = await textInPhoto(file, root.dataset.reader).catch(() => null);
  if (text) await check(text);
  else show("warning", say("unread"));
});

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
}
kept(root.dataset.revoked).then(showAge);
if (location.hash.length > 1) check(location.hash);
