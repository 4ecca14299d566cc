/* Lists of who comes that somebody takes along to where there is no signal (ADR 0023): names and chairs, in this
   browser, for the account that took them. sitio.js throws them away as soon as a page is for somebody else or
   for nobody; here they go three days after it, when all was sent, and by a button.
   Used by the pages of a session, and by /guias/listas/, which the service worker of the courses shows. */
(() => {
  "use strict";

  const STORE = "listas";
  const SCOPE = "/guias/formacion/";

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || { cuenta: "", listas: {} };
    } catch {
      return { cuenta: "", listas: {} };
    }
  };

  /* All that is kept and not too old; what is too old is thrown away by looking. */
  const all = () => {
    const { cuenta, listas } = read();
    const young = Object.entries(listas).filter(([, one]) => one.caduca > Date.now());
    if (young.length < Object.keys(listas).length) write(cuenta, Object.fromEntries(young));
    return Object.fromEntries(young);
  };

  const write = (cuenta, listas) => {
    const ends = Object.values(listas).map((one) => one.caduca);
    if (ends.length) localStorage.setItem(STORE, JSON.stringify({ cuenta, caduca: Math.max(...ends), listas }));
    else localStorage.removeItem(STORE);
  };

  const leave = async () => {
    const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
    if (registration && new URL(registration.scope).pathname === SCOPE) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith("listas-")) await caches.delete(name);
  };

  const remove = async (address) => {
    const listas = all();
    delete listas[address];
    write(read().cuenta, listas);
    if (!Object.keys(listas).length) await leave();
  };

  /* Starts the service worker, and waits until it is there or says that it cannot be. */
  const start = async () => {
    const registration = await navigator.serviceWorker.register(`${SCOPE}sw.js`, { scope: SCOPE });
    const worker = registration.installing || registration.waiting || registration.active;
    await new Promise((resolve, reject) => {
      const look = () => {
        if (registration.active) resolve();
        else if (worker.state === "redundant") reject(new Error("redundant"));
      };
      worker.addEventListener("statechange", look);
      look();
    });
  };

  /* Brings the list as it is now. Who asks is who keeps it: lists of another account go.
     Brought ``again``, one that was thrown away stays away. */
  const bring = async (address, again = false) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) throw new Error("refused");
    const { cuenta, token, ...list } = await answer.json();
    for (const term of ["termina", "caduca"]) list[term] = Date.now() + list[term] * 1000;
    await start();
    if (again && !all()[address]) return remove(address);
    const before = read().cuenta === cuenta ? all() : {};
    write(cuenta, { ...before, [address]: list });
    return list;
  };

  const people = (list) => (list.personas.length === 1 ? "1 persona" : `${list.personas.length} personas`);

  /* The button on the pages of a session. */
  const offer = (box) => {
    const address = box.dataset.llevar;
    const take = box.querySelector("[data-lleva]");
    const away = box.querySelector("[data-quita]");
    const before = box.querySelector("[data-antes]");
    const status = box.querySelector("[role=status]");

    const show = (list) => {
      take.hidden = before.hidden = Boolean(list);
      away.hidden = !list;
      status.textContent = list
        ? `La lista va en este teléfono: ${people(list)}. Sin señal, abra esta misma página.`
        : "";
    };

    take.addEventListener("click", async () => {
      if (take.hasAttribute("aria-busy")) return;
      take.setAttribute("aria-busy", "true");
      status.textContent = "Guardando…";
      try {
        show(await bring(address));
        away.focus();
      } catch {
        status.textContent = "No se pudo guardar la lista. Mire que haya conexión e intente otra vez.";
      }
      take.removeAttribute("aria-busy");
    });

    away.addEventListener("click", async () => {
      await remove(address);
      show(undefined);
      status.textContent = "La lista ya no está en este teléfono.";
      take.focus();
    });

    show(all()[address]);
    box.hidden = false;
    /* Who was enrolled since is on it too; without a network it stays as it is. */
    if (all()[address]) bring(address, true).then((list) => list && show(list), () => undefined);
  };

  const element = (tag, fields, ...children) => {
    const made = Object.assign(document.createElement(tag), fields);
    made.append(...children);
    return made;
  };

  const line = (one) => {
    const box = element("input", { type: "checkbox", name: "presente", value: one.id, defaultChecked: one.vino });
    const words = element("span", {}, one.nombre, element("small", {}, one.de));
    return element("li", {}, element("label", { className: "check" }, box, words));
  };

  /* The list itself, on the page that shows without a network: asistencia.js goes on with it. */
  const open = (address, list) => {
    const form = document.querySelector("[data-lista]");
    form.action = address;
    form.dataset.asistencia = list.clave;
    form.querySelector("[data-de]").textContent = list.personas.length;
    form.querySelector(".check-list").append(...list.personas.map(line));
    document.querySelector("h1").textContent = "Quiénes vinieron";
    document.querySelector("[data-sobre]").textContent = `${list.curso}. ${list.cuando}`;
    form.querySelector("[data-quita]").addEventListener("click", async () => {
      await remove(address);
      location.assign("/guias/listas/");
    });
    form.hidden = false;
  };

  const row = ([address, list]) => {
    const link = element("a", { href: address }, list.curso);
    const body = element("div", { className: "row-body" });
    body.append(element("h2", { className: "row-title" }, link));
    body.append(element("p", { className: "row-sub" }, `${list.cuando} · ${people(list)}`));
    const away = element("button", { type: "button", className: "row-action btn-quiet" }, "Quitar");
    away.setAttribute("aria-label", `Quitar de este teléfono la lista de ${list.curso}, ${list.cuando}`);
    away.addEventListener("click", async () => {
      await remove(address);
      showAll(document.querySelector("[data-listas]"));
      document.querySelector("[data-listas]").focus();
    });
    return element("li", { className: "row" }, body, away);
  };

  const showAll = (place) => {
    const rows = Object.entries(all()).map(row);
    place.querySelector("ul").replaceChildren(...rows);
    place.querySelector("[data-vacia]").hidden = rows.length > 0;
    place.hidden = false;
  };

  const can = () => {
    try {
      localStorage.setItem(`${STORE}:prueba`, "1");
      localStorage.removeItem(`${STORE}:prueba`);
      return "serviceWorker" in navigator && "caches" in window && window.isSecureContext;
    } catch {
      return false;
    }
  };

  const place = document.querySelector("[data-listas]");
  if (place) {
    const [here] = /^\/guias\/formacion\/[-\w]+\/sesiones\/\d+\//.exec(location.pathname) || [];
    const address = here && `${here}asistencia/`;
    const list = address && all()[address];
    if (list) open(address, list);
    else showAll(place);
  } else if (can()) {
    document.querySelectorAll("[data-llevar]").forEach(offer);
    if (!Object.keys(all()).length) leave().catch(() => undefined);
  }

  document.addEventListener("asistencia:enviada", ({ target }) => {
    const address = target.getAttribute("action") || location.pathname;
    const list = all()[address];
    if (list && list.termina < Date.now()) remove(address).catch(() => undefined);
  });
})();
