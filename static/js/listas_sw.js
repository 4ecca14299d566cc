/* The service worker of the courses: when there is no network it gives the page that shows the lists somebody took
   along (ADR 0023). The page is the same for everyone; the names are in the browser, and not here.

   Served at /guias/formacion/sw.js with two lines before this one: VERSION, and SHELL, the page and its files. */
/* global VERSION, SHELL */
"use strict";

const STORE = `listas-${VERSION}`;

const anonymous = (path) => new Request(path, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(STORE)).addAll(SHELL.map(anonymous));
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("listas-") && name !== STORE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

const kept = async (path, error) => (await (await caches.open(STORE)).match(path)) || Promise.reject(error);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const path = request.mode === "navigate" ? SHELL[0] : pathname;
  if (SHELL.includes(path)) event.respondWith(fetch(request).catch((error) => kept(path, error)));
});
