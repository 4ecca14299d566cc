/* Opens what a word means without moving the page, and closes it with the same word, "Cerrar" or Escape.
   Without this file the link does it by the address, and "atrás" closes it. */
(() => {
  "use strict";

  const noteOf = (word) => document.getElementById(word.hash.slice(1));
  const show = (word, open) => {
    noteOf(word).classList.toggle("open", open);
    word.setAttribute("aria-expanded", String(open));
  };
  const close = (word) => {
    show(word, false);
    word.focus();
  };

  document.querySelectorAll("a.term").forEach((word) => {
    const note = noteOf(word);
    word.setAttribute("role", "button");
    word.setAttribute("aria-controls", note.id);
    show(word, false);
    word.addEventListener("click", (event) => {
      event.preventDefault();
      show(word, !note.classList.contains("open"));
    });
    word.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        word.click();
      }
    });
    note.querySelector("[data-cerrar]").addEventListener("click", (event) => {
      if (!note.classList.contains("open")) return;
      event.preventDefault();
      close(word);
    });
    for (const one of [word, note]) {
      one.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && note.classList.contains("open")) close(word);
      });
    }
  });
})();
