// One key a decision: 1, 2 and 3 press the button that bears them, except while somebody writes.
const form = document.querySelector("[data-duplicate-keys]");

function isWriting(element) {
  return element.isContentEditable || (element.matches("input, textarea, select") && element.type !== "radio");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isWriting(event.target)) return;
  const button = form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    form.requestSubmit(button);
  }
});

// A second press while the page is on its way is the same decision.
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

// Back in history the page may be asked anew.
window.addEventListener("pageshow", () => delete form.dataset.sent);
