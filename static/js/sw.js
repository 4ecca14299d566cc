/* The service worker of the site: when there is no network it gives a kept guide, or says that there is none.

   Served at /sw.js with two lines before this one: VERSION, and SHELL, the page and files it needs itself.
   All it does is answer navigations that failed, and its own few files; everything else never comes here.
   With OFFLINE_READING=0 the address gives sw_fin.js instead, which takes all of this away again. */
/* global VERSION, SHELL, Guardadas */
"use strict";

const SHELL_STORE = `portada-${VERSION}`;
const OFFLINE = "/sin-conexion/";
const GUIDE = /^\/guias\/([-\w]+)\/(?:v(\d+)\/)?(?:([-\w]+)\/)?$/;
/* Downloads, which the browser goes on with by itself, and the editors' own pages. */
const APART = /\/descargar\/|^\/admin\//;
const BOXES = SHELL.find((path) => path.includes("/js/casillas."));
const CSP = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; script-src ${self.origin}${BOXES}`;

const anonymous = (path) => new Request(path, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(SHELL_STORE)).addAll(SHELL.map(anonymous));
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("portada-") && name !== SHELL_STORE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

const fromShell = async (path) => (await caches.open(SHELL_STORE)).match(path);

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/* The kept file as it is, with a line on top that says so and leads out, and boxes that can be ticked. Nothing else
   in it may run or load. */
const page = async (guide) => {
  const kept = await Guardadas.content(guide.objetos[0]);
  const note =
    '<p class="notice">Guardada en este equipo: ' +
    `versión ${escaped(guide.version)}, del ${escaped(guide.fecha)}. ` +
    '<a href="/cuenta/guardadas/">Ver las guías guardadas</a></p>';
  const html = (await kept.text())
    .replace("<body>", () => `<body data-guia="${escaped(guide.id)}">${note}`)
    .replace("</body>", () => `<script src="${BOXES}"></script></body>`);
  return new Response(html, {
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP },
  });
};

const offline = async (url) => {
  const [, slug, version, chapter] = GUIDE.exec(url.pathname) || [];
  const guide = slug && (await Guardadas.find(slug));
  if (!guide || (version && Number(version) !== guide.version)) return fromShell(OFFLINE);
  if (!chapter) return page(guide).catch(() => fromShell(OFFLINE));
  if (!guide.capitulos.includes(chapter)) return fromShell(OFFLINE);
  return Response.redirect(`/guias/${slug}/#${chapter}`, 302);
};

const navigate = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const answer = await offline(new URL(request.url)).catch(() => undefined);
    if (answer) return answer;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || APART.test(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(navigate(request));
    event.waitUntil(Guardadas.refreshSometimes().catch(() => undefined));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(async (error) => (await fromShell(url.pathname)) || Promise.reject(error)));
  }
});
