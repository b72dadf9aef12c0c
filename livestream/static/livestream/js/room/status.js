// The one line that always tells the truth: what is recorded, what the server does not have yet, and why.

export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function size(bytes) {
  return (bytes / 1_000_000).toFixed(1);
}

export function filled(text, values) {
  return text.replace(/%%|%\((\w+)\)s/g, (whole, name) => (whole === "%%" ? "%" : (values[name] ?? whole)));
}

// `unsent` as the keeper counts it; `trouble` as the uploader says it. Returns the text and how grave it is.
export function statusOf({ unsent, trouble, isOnline, isFull }, texts) {
  const values = { seconds: Math.ceil(unsent.seconds), megabytes: size(unsent.bytes) };
  if (isFull) return { grade: "error", text: filled(texts["state-phone-full"], values) };
  if (unsent.chunks === 0 && !trouble) return { grade: "ok", text: texts["state-sent"] };
  const left = filled(texts["state-unsent"], values);
  if (!isOnline) return { grade: "warning", text: `${left} ${texts["trouble-offline"]}` };
  if (trouble) return { grade: trouble === "later" ? "warning" : "error", text: `${left} ${texts[`trouble-${trouble}`]}` };
  return { grade: unsent.seconds > 30 ? "warning" : "ok", text: left };
}
