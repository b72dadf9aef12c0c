// Shows one page when there is no network. Of personal pages it keeps only the lists of tutors, which those pages
// put into LISTS themselves (tap-list.js) until their sitting is over; signing out empties it.
const CACHE = "offline-{{ version }}";
const PAGES = { zh: "{{ offline_zh }}", en: "{{ offline_en }}" };
const LISTS = "cunbo-lists";
const LIST = /\/sites\/[0-9a-f-]+\/list\/$/;
const SIGN_OUT = /\/(account\/logout|people\/station\/done)\/$/;
const PATIENCE = 6000;
const FILES = [PAGES.zh, PAGES.en, "{{ style_sheet }}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => ![CACHE, LISTS].includes(name)).map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

async function pageOrOffline(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    const isEnglish = new URL(event.request.url).pathname.startsWith("/en/");
    return caches.match(isEnglish ? PAGES.en : PAGES.zh);
  }
}

// A weak network answers late: a list that was kept comes after a few seconds without an answer.
async function listOrKept(event) {
  const kept = await (await caches.open(LISTS)).match(new URL(event.request.url).pathname);
  if (!kept) return pageOrOffline(event);
  const fresh = (async () => (await event.preloadResponse) || fetch(event.request))().catch(() => kept);
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); });
  return Promise.race([fresh, late]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method === "POST" && SIGN_OUT.test(pathname)) event.waitUntil(caches.delete(LISTS));
  if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(LIST.test(pathname) ? listOrKept(event) : pageOrOffline(event));
  } else if (origin === self.location.origin && ["style", "script"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
