// The list of messages of a live class, kept in step with what the server tells.
const LONGEST_LIST = 200;

export class ChatList {
  constructor(list) {
    this.list = list;
    this.template = document.getElementById("chat-message");
    this.gone = list.dataset.hidden;
    this.clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    this.#scroll(true);
  }

  add(message) {
    const known = this.#item(message.id);
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.dataset.message = message.id;
    item.classList.toggle("chat__item--staff", message.staff);
    item.classList.toggle("chat__item--question", message.question);
    item.querySelector("[data-name]").textContent = message.name;
    item.querySelector("[data-text]").textContent = message.text;
    item.querySelector("[data-badge]").hidden = !message.question;
    const time = item.querySelector("time");
    time.dateTime = message.at;
    time.textContent = this.clock.format(new Date(message.at));
    item.querySelectorAll("[name=message]").forEach((field) => { field.value = message.id; });
    const wasAtEnd = this.#isAtEnd();
    if (known) known.replaceWith(item);
    else this.#place(item);
    while (this.list.children.length > LONGEST_LIST) this.list.firstElementChild.remove();
    document.querySelector("[data-chat-empty]")?.setAttribute("hidden", "");
    this.#scroll(wasAtEnd);
  }

  // A restored message returns to where it was said.
  #place(item) {
    const after = [...this.list.children].reverse().find((each) => Number(each.dataset.message) < Number(item.dataset.message));
    if (after) after.after(item);
    else this.list.prepend(item);
  }

  hide(id) {
    const item = this.#item(id);
    if (!item) return;
    item.className = "chat__item chat__item--hidden";
    item.replaceChildren(Object.assign(document.createElement("p"), { textContent: this.gone }));
  }

  replace(messages) {
    const ids = new Set(messages.map((message) => message.id));
    [...this.list.children].forEach((item) => {
      if (!ids.has(Number(item.dataset.message))) item.remove();
    });
    messages.forEach((message) => this.add(message));
  }

  #item(id) {
    return this.list.querySelector(`[data-message="${Number(id)}"]`);
  }

  #isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
  }

  #scroll(isWanted) {
    if (isWanted) this.list.scrollTop = this.list.scrollHeight;
  }
}
