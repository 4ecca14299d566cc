/* Ticks of a checklist: sent as they change for who has an account, kept in this browser for who has none.
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

  const keepHere = (form) => {
    const key = `marcas:${form.dataset.marcas}`;
    const ticked = read(key);
    const boxes = form.querySelectorAll("input[name=marca]");
    boxes.forEach((box) => {
      box.checked = ticked.has(box.value);
    });
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
      } catch {
        say("No se pudo guardar: no hay conexión. Use el botón cuando vuelva.");
      }
    };
    form.addEventListener("change", send);
  };

  document.querySelectorAll("form[data-marcas]").forEach((form) => {
    if ("cuenta" in form.dataset) keepInAccount(form);
    else keepHere(form);
  });
})();
