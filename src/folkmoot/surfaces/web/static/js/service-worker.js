// Keeps one page for the time without a connection, and nothing else: posts are never stored.

const KEPT = "offline-1";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(KEPT);
      const page = await fetch("/offline", { cache: "reload" });
      const html = await page.clone().text();
      const parts = [...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((m) => m[1]);
      await cache.put("/offline", page);
      await cache.addAll([...new Set(parts)]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
