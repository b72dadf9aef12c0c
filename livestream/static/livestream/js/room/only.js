// One window records and sends; a second one would send twice and count wrongly.
export function isOnlyWindow(session) {
  if (!navigator.locks) return Promise.resolve(true);
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort(), 3000);
  return new Promise((resolve) => {
    const hold = () => new Promise(() => resolve(true));
    navigator.locks.request(`cunbo-room-${session}`, { signal: giveUp.signal }, hold).catch(() => resolve(false));
  });
}
