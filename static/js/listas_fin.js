/* The way out of the service worker of the courses (OFFLINE_READING=0): it throws away what it kept and itself. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const end = async () => {
    for (const name of await caches.keys()) if (name.startsWith("listas-")) await caches.delete(name);
    await self.registration.unregister();
  };
  event.waitUntil(end());
});
