// Shows one page when there is no network. Nothing personal is kept: only that page and its style sheet.
const CACHE = "offline-{{ version }}";
const PAGES = { zh: "{{ offline_zh }}", en: "{{ offline_en }}" };
const FILES = [PAGES.zh, PAGES.en, "{{ style_sheet }}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
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

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(pageOrOffline(event));
  } else if (new URL(request.url).pathname === FILES[2]) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
