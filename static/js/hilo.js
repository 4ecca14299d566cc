/* Open pages hear over a socket *that* something changed and fetch the piece anew (htmx). What to listen to
   stands in data-hilo ("hilo:12", several with spaces). Without a socket the page asks once a minute; without
   this file or htmx it is a page like any other. */
(() => {
  "use strict";
  const POLL = 60_000;
  const LONGEST = 60_000;
  const places = () => [...document.querySelectorAll("[data-hilo]")];
  if (!places().length || !window.htmx) return;

  let socket = null;
  let wait = 1000;
  let missed = false;

  /* A piece is not exchanged under the keyboard of who is inside it. */
  const refresh = (place) => {
    if (place.contains(document.activeElement)) {
      place.addEventListener("focusout", () => setTimeout(() => refresh(place), 300), { once: true });
      return;
    }
    if (place.isConnected) window.htmx.trigger(place, "hilo-cambio");
  };
  const refreshAll = () => (document.hidden ? (missed = true) : places().forEach(refresh));

  const names = () => new Set(places().flatMap((place) => place.dataset.hilo.split(" ").filter(Boolean)));

  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/ws/comunidad/`);
    socket.addEventListener("open", () => {
      if (wait > 1000) refreshAll();
      wait = 1000;
      names().forEach((name) => socket.send(JSON.stringify({ seguir: name })));
    });
    socket.addEventListener("message", (event) => {
      const { tema } = JSON.parse(event.data);
      if (!tema) return;
      if (document.hidden) missed = true;
      else places().filter((place) => place.dataset.hilo.split(" ").includes(tema)).forEach(refresh);
    });
    socket.addEventListener("close", () => {
      socket = null;
      setTimeout(connect, wait + Math.random() * 500);
      wait = Math.min(wait * 2, LONGEST);
    });
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !missed) return;
    missed = false;
    refreshAll();
  });
  setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) refreshAll();
  }, POLL);

  /* What is new fades in, and is said to who cannot see it. */
  const said = document.createElement("p");
  said.className = "hide";
  said.setAttribute("role", "status");
  document.body.append(said);
  let before = new Set();
  const ids = () => new Set([...document.querySelectorAll("[data-hilo] .post")].map((post) => post.id));
  document.body.addEventListener("htmx:beforeSwap", () => { before = ids(); });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.requestConfig?.path.includes("/comunidad/")) return;
    const fresh = [...ids()].filter((id) => !before.has(id));
    fresh.forEach((id) => document.getElementById(id)?.classList.add("fresh"));
    if (fresh.length) said.textContent = fresh.length === 1 ? "Hay un mensaje nuevo." : `Hay ${fresh.length} mensajes nuevos.`;
  });

  connect();
})();
