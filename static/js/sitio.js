/* Small courtesies on every page; each one works without this file in the browser's own way.
   A form cannot be sent twice; who got a wrong form back starts at its list of errors; in a line that scrolls
   sideways the current place is in sight. */
(() => {
  "use strict";

  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => {
      button.removeAttribute("aria-busy");
      button.querySelector(".spinner")?.remove();
      if (button.dataset.words) {
        button.querySelector("span:not(.spinner)").textContent = button.dataset.words;
        delete button.dataset.words;
      }
    });
  };

  const show = (button) => {
    const words = button.querySelector("span");
    button.setAttribute("aria-busy", "true");
    if (!words || !button.dataset.busy) return;
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    spinner.setAttribute("aria-hidden", "true");
    button.dataset.words = words.textContent;
    words.textContent = button.dataset.busy;
    button.prepend(spinner);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-marcas")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (event.submitter) show(event.submitter);
    // A form that answers with a file stays on the page: another click may want the other file.
    setTimeout(() => release(form), form.hasAttribute("data-formato") ? 2_000 : 10_000);
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  document.querySelectorAll(".tabs ul, .chips").forEach((line) => {
    const here = line.querySelector("[aria-current]");
    if (!here) return;
    const [place, seen] = [here.getBoundingClientRect(), line.getBoundingClientRect()];
    if (place.right > seen.right || place.left < seen.left) {
      line.scrollLeft += place.left - seen.left - (seen.width - place.width) / 2;
    }
  });

  document.querySelector("[data-foco]")?.focus();

  /* Names that somebody took along (listas.js) are hers alone: they go as soon as she leaves, or a page is for
     another account or for none, as when a session ended by itself. Pages that know nobody say nothing of it. */
  const forget = (goes) => {
    try {
      const kept = JSON.parse(localStorage.getItem("listas"));
      if (kept && goes(kept)) localStorage.removeItem("listas");
    } catch {
      return;
    }
  };
  const { cuenta } = document.body.dataset;
  forget((kept) => (cuenta !== undefined && kept.cuenta !== cuenta) || kept.caduca < Date.now());
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/cuenta/salir/") forget(() => true);
  });
})();
