// The practice audience on the stage: remarks come, the host taps those she has answered and is told how a good
// host would have done it.

const SHOWN = 3;

export class Audience {
  constructor(list, { texts, onAnswered }) {
    Object.assign(this, { list, texts, onAnswered });
    this.asked = 0;
    this.answered = 0;
  }

  say(line) {
    this.asked += 1;
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `remark remark--${line.kind}`;
    const who = document.createElement("b");
    who.textContent = line.who;
    button.append(who, ` ${line.text}`);
    button.addEventListener("click", () => this.answer(line, item, button), { once: true });
    item.append(button);
    this.list.append(item);
    while (this.list.children.length > SHOWN) this.list.firstElementChild.remove();
  }

  answer(line, item, button) {
    this.answered += 1;
    button.disabled = true;
    button.classList.add("remark--answered");
    const tip = document.createElement("p");
    tip.className = "remark__tip";
    tip.textContent = `${this.texts.tip} ${line.tip}`;
    item.append(tip);
    this.onAnswered(line);
  }

  clear() {
    this.list.replaceChildren();
  }
}
