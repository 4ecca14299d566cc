/* The way out: whoever has the service worker gets this in its place (OFFLINE_READING=0), which throws away
   what was kept and takes itself out. The site then works as if there had never been one. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const end = async () => {
    for (const name of await caches.keys()) {
      if (name === "guardadas-1" || name.startsWith("portada-")) await caches.delete(name);
    }
    await self.registration.unregister();
  };
  event.waitUntil(end());
});
