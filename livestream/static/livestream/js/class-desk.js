// The teacher's desk: the chat as it comes, and the panel fetched anew whenever something in it changed.
import { ChatList } from "./class-chat.js";
import { ClassEvents } from "./live-events.js";
import { randomId } from "./random-id.js";

const desk = document.querySelector("[data-desk]");
const panel = desk.querySelector("[data-panel]");
const chat = new ChatList(desk.querySelector("[data-chat]"));
const PANEL_AFTER = 400; // several changes at once are one

let waiting;
function refreshPanel() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    try {
      const answer = await fetch(desk.dataset.panelAddress);
      if (answer.ok && !answer.redirected) panel.innerHTML = await answer.text();
    } catch {
      // The next event tries again.
    }
  }, PANEL_AFTER);
}

// Steps inside the panel and on messages need no new page; its own forms work as they are without this.
desk.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quietly]");
  if (!form) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Desk": "panel" } });
    if (answer.redirected || !answer.ok) location.reload();
    else panel.innerHTML = await answer.text();
  } catch {
    form.submit();
  }
});

// What she writes herself comes back through the stream; a refusal is said by the page.
const say = desk.querySelector("[data-say]");
say?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!say.elements.text.value.trim()) return;
  try {
    const answer = await fetch(say.action, { method: "POST", body: new FormData(say), headers: { Accept: "application/json" } });
    if (!answer.ok) return say.submit();
    say.elements.text.value = "";
    say.elements.client_token.value = randomId();
  } catch {
    say.submit(); // the same token: it is written once
  }
});
say?.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say.requestSubmit();
  }
});

function count(name, number) {
  const shown = desk.querySelector(`[data-${name}]`);
  if (shown) shown.textContent = number;
}

const show = {
  message: (event) => { chat.add(event); refreshPanel(); },
  hidden: (event) => { chat.hide(event.id); refreshPanel(); },
  presence: (event) => count("present", event.count),
  hands: refreshPanel,
  check: refreshPanel,
  desk: refreshPanel,
  state: () => location.reload(),
};

new ClassEvents(JSON.parse(document.getElementById("class-stream").textContent), {
  onEvent: (event) => show[event.kind]?.(event),
  onSnapshot: (whole) => {
    if (whole.state !== desk.dataset.state) return location.reload();
    chat.replace(whole.messages);
    count("present", whole.present);
    refreshPanel();
  },
  onLine: (line) => {
    desk.querySelectorAll("[data-line-text]").forEach((text) => { text.hidden = text.dataset.lineText !== line; });
    if (line === "gone") location.reload();
  },
}).start();

// The teacher's own signs of life keep a class without a picture on.
const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
setInterval(() => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  body.set("tab", desk.dataset.tab);
  fetch(desk.dataset.here, { method: "POST", body }).catch(() => {});
}, 30_000);
