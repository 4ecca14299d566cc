/* Keeping a guide to read without a connection: the button on its page, and the list of what is kept. On the page of
   a guide ofrecer.js brings this file when it is wanted; where the browser cannot, the guide is offered as a file. */
(() => {
  "use strict";

  const can = "serviceWorker" in navigator && "caches" in window && window.isSecureContext && self.Guardadas;
  if (!can) return;

  const SENTENCES = {
    lleno: "No cabe en este equipo. Quite otra guía guardada, o libere espacio, e intente otra vez.",
    guardar: "Este navegador no deja guardar. Baje la guía como archivo.",
    red: "No hay conexión. Intente otra vez cuando vuelva.",
    preparando: "La guía se está preparando. Intente otra vez en un minuto.",
    retirada: "Esta guía ya no está en el portal.",
    sitio: "El portal no respondió bien. Intente otra vez en un rato.",
    incompleta: "La guía llegó incompleta. Intente otra vez.",
  };
  const sentence = (error) => SENTENCES[error.reason] || SENTENCES.guardar;
  const size = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))}\u00a0KB`
      : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")}\u00a0MB`;
  const named = (guide) => `versión ${guide.version}, del ${guide.fecha}, ${size(guide.bytes)}`;

  const renewal = (guide) => {
    if (!guide.antes) return "";
    const day = new Date(guide.guardada).toLocaleDateString("es-CO", { day: "numeric", month: "long" });
    return `Su copia se puso al día el ${day}: antes era la versión ${guide.antes}.`;
  };

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const leave = async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    await Guardadas.clear();
    if (registration) await registration.unregister();
  };

  /* Starts the service worker, and waits until it is there or says that it cannot be. */
  const start = async () => {
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
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

  const keep = async (slug) => {
    const now = await Guardadas.look(slug);
    await start();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => undefined);
    return Guardadas.save(now);
  };

  const throwAway = async (slug) => {
    if (!(await Guardadas.remove(slug))) await leave();
  };

  /* The button on the page of a guide. */
  const offer = (box) => {
    const slug = box.dataset.guardar;
    const button = box.querySelector("[data-guarda]");
    const weight = button.querySelector("[data-pesa]");
    const status = box.querySelector("[role=status]");
    const link = box.querySelector("a");
    const away = box.querySelector("[data-quita]");

    const show = (guide) => {
      button.hidden = Boolean(guide);
      link.hidden = away.hidden = !guide;
      if (guide) status.textContent = `Guardada en este equipo: ${named(guide)}. ${renewal(guide)}`;
    };

    const busy = (on) => {
      if (on) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    };

    /* Who keeps a guide in her account's name hears when there is another version, whatever becomes of this copy. */
    const follow = async () => {
      const form = box.querySelector("form[data-avisar]");
      if (!form) return;
      const asked = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } };
      const answer = await fetch(form.action, asked).catch(() => undefined);
      if (answer && answer.ok) status.textContent += ` ${form.dataset.avisar}`;
    };

    button.addEventListener("click", async () => {
      if (button.hasAttribute("aria-busy")) return;
      busy(true);
      status.textContent = "Guardando…";
      try {
        const { kept } = await keep(slug);
        show(kept);
        link.focus();
        await follow();
      } catch (error) {
        status.textContent = sentence(error);
      }
      busy(false);
    });

    away.addEventListener("click", async () => {
      await throwAway(slug);
      show(undefined);
      status.textContent = "Ya no está guardada en este equipo.";
      button.focus();
    });

    const start = async () => {
      const guide = await Guardadas.find(slug);
      show(guide);
      box.hidden = false;
      if (guide) {
        show((await Guardadas.save(await Guardadas.look(slug))).kept);
      } else {
        weight.textContent = "";
        const seen = new IntersectionObserver(async (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          seen.disconnect();
          const now = await Guardadas.look(slug).catch(() => undefined);
          if (now) weight.textContent = ` (${size(await Guardadas.toBring(now))})`;
        });
        seen.observe(button);
      }
    };
    /* Where it is not hidden, ofrecer.js offered it, and nothing is kept. */
    if (box.hidden) start().catch(() => undefined);
  };

  /* The list of what is kept, also on the page that shows without network. */
  const showList = (place) => {
    const rows = place.querySelector("ul");
    const status = place.querySelector("[role=status]");
    const empty = place.querySelector("[data-vacia]");

    const row = (guide) => {
      const item = element("li", "row");
      item.dataset.tipo = "guia";
      item.dataset.id = guide.id;
      const body = element("div", "row-body");
      const title = element("h2", "row-title");
      const link = element("a", "", guide.titulo);
      link.href = guide.direccion;
      title.append(link);
      const facts = `${named(guide)[0].toUpperCase()}${named(guide).slice(1)}`;
      body.append(title, element("p", "row-sub", facts));
      if (guide.estado === "retirada") {
        body.append(element("p", "row-text", "Ya no está vigente. La copia sigue aquí hasta que la quite."));
      } else if (guide.antes) {
        body.append(element("p", "row-text", renewal(guide)));
      }
      const away = element("button", "row-action btn-quiet", "Quitar");
      away.type = "button";
      away.setAttribute("aria-label", `Quitar ${guide.titulo} de este equipo`);
      away.addEventListener("click", async () => {
        await throwAway(guide.id);
        await draw();
        status.textContent = `Quitamos «${guide.titulo}» de este equipo.`;
        place.focus();
      });
      item.append(body, away);
      return item;
    };

    const draw = async () => {
      const guides = await Guardadas.list();
      rows.replaceChildren(...guides.map(row));
      empty.hidden = guides.length > 0;
      if (guides.length) {
        const many = guides.length === 1 ? "1 guía" : `${guides.length} guías`;
        status.textContent = `${many} en este equipo, ${size(Guardadas.weight(guides))}.`;
      }
    };

    const start = async () => {
      await draw();
      place.hidden = false;
      document.querySelectorAll("[data-sin-guardar]").forEach((other) => {
        other.hidden = true;
      });
      if (!place.hasAttribute("data-renueva")) return;
      const renewed = await Guardadas.refresh();
      await draw();
      if (renewed.length) {
        status.textContent = `Se pusieron al día: ${renewed.map((guide) => guide.titulo).join(", ")}.`;
      }
    };
    start().catch(() => undefined);
  };

  document.querySelectorAll("[data-guardar]").forEach(offer);
  document.querySelectorAll("[data-guardadas]").forEach(showList);
})();
