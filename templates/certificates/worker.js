// Keeps the page that checks codes, its keys and its list: fresh with a network, as they were without one.
const CACHE = "certificates-{{ version }}";
const PAGE = "{{ page }}";
const FILES = [PAGE, {% for file in files %}"{{ file }}", {% endfor %}];
const DATA = [{% for address in data %}"{{ address }}", {% endfor %}];
// A navigation asks with other headers than this script did when it kept the page.
const KEPT = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", (event) => {
  const fresh = [...FILES, ...DATA].map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("certificates-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

async function freshOrKept(request, keptAs) {
  try {
    const response = await fetch(request);
    if (response.ok && keptAs === request) {
      const cache = await caches.open(CACHE);
      await cache.put(request, response.clone());
    }
    return response;
  } catch {
    return caches.match(keptAs, KEPT);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (DATA.includes(pathname)) {
    event.respondWith(freshOrKept(request, request));
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(request, KEPT).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate") {
    // Somebody scanned a code without a network: the address's part after # holds all that is needed.
    event.respondWith(freshOrKept(request, PAGE));
  }
});
