// The page of a live class: chat, raised hand, quick check, countdown, signs of life.
import { ChatList } from "./class-chat.js";
import { ClassEvents } from "./live-events.js";
import { randomId } from "./random-id.js";

const page = document.querySelector("[data-live-class]");
const find = (name) => page.querySelector(`[data-${name}]`);
const SIGN_EVERY = 30_000;

function ask(address, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", page.querySelector("[name=csrfmiddlewaretoken]").value);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
}

function say(text, isTrouble = false) {
  const note = find("note");
  note.textContent = text || "";
  note.hidden = !text;
  note.classList.toggle("notice--error", isTrouble);
}

// Writing ---------------------------------------------------------------------
const chat = find("chat") && new ChatList(find("chat"));
const form = find("say");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  if (!fields.text.trim()) return;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await ask(form.action, fields);
    const said = await answer.json();
    say(said.error || said.note, Boolean(said.error));
    if (!said.error) {
      form.elements.text.value = "";
      form.elements.client_token.value = randomId();
    }
  } catch {
    say(page.dataset.notSent, true); // the same token goes with the next try: it is written once
  } finally {
    button.disabled = false;
    form.elements.text.focus();
  }
});
form?.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

page.addEventListener("submit", async (event) => {
  const other = event.target.closest("form[data-quietly]");
  if (!other) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(other, event.submitter));
  try {
    const said = await (await ask(other.action, fields)).json();
    say(said.error || said.note, Boolean(said.error));
    if (said.error) return;
    if (other.matches("[data-hand]")) showHand(fields.up === "1");
    if (other.matches("[data-check-form]")) showOwn(Number(fields.choice));
  } catch {
    say(page.dataset.notSent, true);
  }
});

// What the teacher sets -----------------------------------------------------------
function showMode({ slow, questions_only: questionsOnly, locked }) {
  find("mode-slow")?.toggleAttribute("hidden", !slow);
  find("mode-questions")?.toggleAttribute("hidden", !questionsOnly);
  find("mode-locked")?.toggleAttribute("hidden", !locked);
  if (form) form.hidden = locked && !("staff" in page.dataset);
}

function showHand(isUp) {
  const hand = find("hand");
  if (!hand) return;
  hand.querySelector("[name=up]").value = isUp ? "0" : "1";
  hand.querySelector("[data-up]").hidden = isUp;
  hand.querySelector("[data-down]").hidden = !isUp;
  hand.querySelector("button").setAttribute("aria-pressed", String(isUp));
}

// Quick check ---------------------------------------------------------------------
function showCheck(check) {
  const card = find("check");
  card.hidden = !check;
  if (!check) return;
  const isSame = card.dataset.check === String(check.id);
  const own = check.own ?? (isSame && card.dataset.own !== "" ? Number(card.dataset.own) : null);
  card.dataset.check = check.id;
  card.dataset.own = own ?? "";
  card.querySelector("[data-question]").textContent = check.question;
  card.querySelector("[data-asked]").hidden = !check.open;
  card.querySelector("[data-came-out]").hidden = check.open;
  const lines = card.querySelector("[data-lines]");
  lines.replaceChildren(...check.options.map((text, number) => line(check, text, number, own)));
}

function line(check, text, number, own) {
  const kind = check.open ? "check-choice" : "check-result";
  const item = document.getElementById(kind).content.firstElementChild.cloneNode(true);
  item.querySelector("[data-option]").textContent = text;
  if (check.open) {
    const button = item.querySelector("button");
    item.querySelector("[name=check]").value = check.id;
    item.querySelector("[name=choice]").value = number;
    const canAnswer = !("staff" in page.dataset);
    button.disabled = !canAnswer || own !== null;
    button.setAttribute("aria-pressed", String(own === number));
  } else {
    const total = check.counts.reduce((sum, count) => sum + count, 0);
    const bar = item.querySelector("progress");
    bar.max = Math.max(total, 1);
    bar.value = check.counts[number];
    item.querySelector("[data-count]").textContent = check.counts[number];
    item.querySelector("[data-right]").hidden = check.right !== number;
    item.querySelector("[data-mine]").hidden = own !== number;
  }
  return item;
}

function showOwn(choice) {
  const card = find("check");
  card.dataset.own = choice;
  card.querySelectorAll("[data-lines] button").forEach((button, number) => {
    button.disabled = true;
    button.setAttribute("aria-pressed", String(number === choice));
  });
}

// What the server tells -----------------------------------------------------------
const show = {
  message: (event) => chat.add(event),
  hidden: (event) => chat.hide(event.id),
  mode: showMode,
  check: showCheck,
  hands: (event) => { const hands = find("hands"); if (hands) hands.textContent = event.count; },
  presence: (event) => { const present = find("present"); if (present) present.textContent = event.count; },
  state: () => setTimeout(() => location.reload(), 3000 * Math.random()),
  // The first picture: who sees one already goes on seeing it.
  picture: () => page.querySelector("[data-player]") || show.state(),
};

const events = new ClassEvents(JSON.parse(document.getElementById("class-stream").textContent), {
  onEvent: (event) => show[event.kind]?.(event),
  onSnapshot: (whole) => {
    if (whole.state !== page.dataset.state) return show.state();
    if (whole.picture) show.picture();
    chat.replace(whole.messages);
    showMode(whole.mode);
    showCheck(whole.check);
    showHand(whole.raised);
    show.hands({ count: whole.hands });
    show.presence({ count: whole.present });
  },
  onLine: (line) => {
    find("line")?.setAttribute("data-is", line);
    page.querySelectorAll("[data-line-text]").forEach((text) => { text.hidden = text.dataset.lineText !== line; });
    if (line === "gone") location.reload();
  },
});
if ("open" in page.dataset) events.start();

// Signs of life, and the countdown --------------------------------------------------
const tab = page.dataset.tab;
function signOfLife() {
  ask(page.dataset.here, { tab }).catch(() => {});
}
if ("open" in page.dataset) {
  setInterval(signOfLife, SIGN_EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) signOfLife(); });
}

const countdown = find("countdown");
if (countdown) {
  const ahead = Date.parse(page.dataset.now) - Date.now(); // phones' clocks go wrong
  const goal = Date.parse(countdown.dateTime);
  const tick = () => {
    const seconds = Math.max(0, Math.round((goal - Date.now() - ahead) / 1000));
    const [hours, minutes, rest] = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map(Math.floor);
    const two = (number) => String(number).padStart(2, "0");
    countdown.textContent = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    if (page.dataset.state === "before" && seconds * 1000 < Number(page.dataset.opensBefore)) location.reload();
  };
  if (goal - Date.now() - ahead < 24 * 3600 * 1000) {
    tick();
    setInterval(tick, 1000);
  }
}
