// Remembers on this device which size somebody watches: who chose sound only has a reason.

const KEY = "cunbo-picture";

export function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function remember(value) {
  try {
    window.localStorage.setItem(KEY, value);
  } catch {
    // a private window: chosen anew next time
  }
}
