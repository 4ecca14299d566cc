/* The boxes of a kept guide, which is a document without forms (sw.js puts this file below it): they are ticked where
   there is no signal. They stay in this browser, as those of who reads without an account (marcas.js), and
   wait apart for the account of who has one: marcas.js sends them when the chapter is opened again. */
(() => {
  "use strict";

  const guide = document.body.dataset.guia;
  const HERE = `marcas:${guide}`;
  const WAITING = `marcas-por-enviar:${guide}`;
  const WORDS = "Sus marcas quedan en este equipo. Si tiene cuenta, pasan a ella cuando abra el capítulo con conexión.";

  const read = (key, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(key)) || otherwise;
    } catch {
      return otherwise;
    }
  };

  const keep = (id, ticked) => {
    const here = new Set(read(HERE, []));
    if (ticked) here.add(id);
    else here.delete(id);
    localStorage.setItem(HERE, JSON.stringify([...here]));
    localStorage.setItem(WAITING, JSON.stringify({ ...read(WAITING, {}), [id]: ticked }));
  };

  const makeReal = (row, ticked) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = ticked;
    const words = document.createElement("span");
    row.querySelector(".box").remove();
    words.append(...row.childNodes);
    const label = document.createElement("label");
    label.append(box, words);
    row.append(label);
    box.addEventListener("change", () => {
      try {
        keep(row.dataset.marca, box.checked);
      } catch {
        row.closest("ul").nextElementSibling.textContent = "Este equipo no deja guardar marcas: se pierden al salir.";
      }
    });
  };

  const here = new Set(read(HERE, []));
  for (const list of document.querySelectorAll(".check-list")) {
    list.classList.add("tickable");
    for (const row of list.querySelectorAll("[data-marca]")) makeReal(row, here.has(row.dataset.marca));
    const note = document.createElement("p");
    note.className = "small";
    note.setAttribute("role", "status");
    note.textContent = WORDS;
    list.after(note);
  }
})();
