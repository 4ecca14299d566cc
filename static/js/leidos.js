/* Which chapters of a guide were opened, which one last, and what each said then: in this browser, for who has no
   account. With an account the portal knows, on whatever device. Without this file nothing is remembered and all
   else works. */
(() => {
  "use strict";

  const contents = document.querySelector("[data-leidos]");
  if (!contents) return;

  const key = `leidos:${contents.dataset.leidos}`;
  const here = contents.dataset.capitulo;
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  };

  /* In which version each was opened, and its fingerprint: it has changed when it has another one now. */
  const saidKey = `leidos-en:${contents.dataset.leidos}`;
  const readSaid = () => {
    try {
      return JSON.parse(localStorage.getItem(saidKey)) || {};
    } catch {
      return {};
    }
  };
  const said = readSaid();
  const { version, huella } = contents.dataset;
  const changed = (slug, now) => Boolean(said[slug]) && said[slug][0] < Number(version) && said[slug][1] !== now;

  const tell = () => {
    const notice = document.querySelector(".notice[data-cambiado]");
    if (!notice || !changed(here, huella)) return;
    const [then] = said[here];
    notice.querySelector("[data-antes]").textContent = then;
    notice.querySelector("a").href = `/guias/${contents.dataset.leidos}/cambios/${then}..${version}/#c-${here}`;
    notice.hidden = false;
  };

  const opened = read().filter((one) => one !== here);
  if (here) {
    opened.push(here);
    tell();
    try {
      localStorage.setItem(key, JSON.stringify(opened.slice(-200)));
      localStorage.setItem(saidKey, JSON.stringify({ ...said, [here]: [Number(version), huella] }));
    } catch {
      return;
    }
  }

  const links = [...contents.querySelectorAll("a[href]")];
  const linkOf = (slug) => links.find((link) => link.pathname.endsWith(`/${slug}/`));
  const known = opened.filter(linkOf);
  const first = links[0];
  for (const slug of known) {
    const row = document.querySelector(`[data-tipo="capitulo"][data-id="${CSS.escape(slug)}"]`);
    const mark = row?.querySelector(changed(slug, row.dataset.huella) ? "[data-cambiado]" : "[data-abierto]");
    if (mark) mark.hidden = false;
  }
  for (const link of known.length ? [...known.map(linkOf), first] : []) {
    const step = link.closest("li");
    if (step.className) continue;
    step.classList.add("step-done");
    const done = document.createElement("span");
    done.className = "hide";
    done.textContent = ` ${contents.dataset.hecho}`;
    link.after(done);
  }

  const onwards = document.querySelector("[data-seguir]");
  if (onwards && known.length) {
    const last = linkOf(known[known.length - 1]);
    onwards.querySelector("a").href = last.href;
    onwards.querySelector("[data-titulo]").textContent = `«${last.textContent.trim()}»`;
    onwards.hidden = false;
    const beginning = document.querySelector("[data-empezar]");
    if (beginning) beginning.hidden = true;
  }
})();
