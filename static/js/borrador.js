/* Long texts that are being written stay in this tab (sessionStorage) until they are sent: a reload, a wrong
   link or a session that ended loses nothing. Not beyond the tab: many centres share their computers.
   Without this file the form is a form. */
(() => {
  "use strict";
  const WORTH = 20;
  const WAIT = 400;

  const store = {
    get: (key) => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, text) => {
      try {
        if (text) sessionStorage.setItem(key, text);
        else sessionStorage.removeItem(key);
      } catch {
        return;
      }
    },
  };

  /* What was sent is forgotten once its answer came, which is a redirect to another page. A lost connection
     brings none, and a refused form brings the text itself. */
  const SENT = "borradores-enviados";
  const sent = JSON.parse(store.get(SENT) || "[]");
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.redirectCount > 0) {
    sent.forEach((key) => store.set(key, ""));
    store.set(SENT, "");
  }

  const offer = (area, kept, key) => {
    const before = area.value;
    const note = document.createElement("p");
    const undo = document.createElement("button");
    note.className = "draft-note";
    note.setAttribute("role", "status");
    note.textContent = "Aquí está lo que había escrito. ";
    undo.type = "button";
    undo.className = "btn-quiet";
    undo.textContent = "Borrarlo y empezar de nuevo";
    undo.addEventListener("click", () => {
      area.value = before;
      store.set(key, "");
      note.remove();
      area.focus();
    });
    note.append(undo);
    area.value = kept;
    area.after(note);
  };

  document.querySelectorAll("main form[method=post]:not([data-formato]) textarea[name]").forEach((area) => {
    const key = `borrador:${location.pathname}:${area.name}`;
    const kept = store.get(key);
    const wrong = area.getAttribute("aria-invalid") === "true";
    if (kept && kept !== area.value && !wrong && area.value === area.defaultValue) offer(area, kept, key);
    let timer = 0;
    const keep = () => store.set(key, area.value.length >= WORTH && area.value !== area.defaultValue ? area.value : "");
    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, WAIT);
    });
    area.form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep();
      store.set(SENT, JSON.stringify([...new Set([...JSON.parse(store.get(SENT) || "[]"), key])]));
    });
  });
})();
