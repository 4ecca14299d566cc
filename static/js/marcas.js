/* Ticks of a checklist: sent as they change for who has an account, kept in this browser for who has none.
   What was ticked in the kept copy of a guide (casillas.js) is sent when its chapter is opened.
   Without this file the form and its button do the same for accounts. */
(() => {
  "use strict";

  const read = (key) => {
    try {
      return new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    } catch {
      return new Set();
    }
  };

  /* What was ticked or taken back without a connection in the lists of ``form``: {id: ticked}. */
  const waiting = (form) => {
    const key = `marcas-por-enviar:${form.dataset.marcas}`;
    const boxes = [...form.querySelectorAll("input[name=marca]")];
    let all = {};
    try {
      all = JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return { changed: [], done: () => undefined };
    }
    const done = () => {
      for (const box of boxes) delete all[box.value];
      if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
      else localStorage.removeItem(key);
    };
    return { changed: boxes.filter((box) => box.value in all).map((box) => [box, all[box.value]]), done };
  };

  const keepHere = (form) => {
    const key = `marcas:${form.dataset.marcas}`;
    const ticked = read(key);
    const boxes = form.querySelectorAll("input[name=marca]");
    boxes.forEach((box) => {
      box.checked = ticked.has(box.value);
    });
    const { changed, done } = waiting(form);
    if (changed.length) done(); /* they are here already, and are nobody's who may sign in later */
    form.addEventListener("change", () => {
      const all = read(key);
      boxes.forEach((box) => (box.checked ? all.add(box.value) : all.delete(box.value)));
      try {
        localStorage.setItem(key, JSON.stringify([...all]));
      } catch {
        return;
      }
    });
    form.querySelector("[data-con-script]").hidden = false;
    form.querySelector("[data-sin-script]").hidden = true;
  };

  const keepInAccount = (form) => {
    const status = form.querySelector("[data-estado]");
    const say = (words) => {
      status.textContent = words;
    };
    const send = async () => {
      say("Guardando…");
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
        });
        say(answer.ok ? "Sus marcas quedaron guardadas." : "No se pudo guardar. Use el botón.");
        return answer.ok;
      } catch {
        say("No se pudo guardar: no hay conexión. Use el botón cuando vuelva.");
        return false;
      }
    };
    const { changed, done } = waiting(form);
    for (const [box, ticked] of changed) box.checked = ticked;
    if (changed.length) send().then((sent) => sent && done());
    form.addEventListener("change", send);
  };

  document.querySelectorAll("form[data-marcas]").forEach((form) => {
    if ("cuenta" in form.dataset) keepInAccount(form);
    else keepHere(form);
  });
})();
