/* Offers to keep a guide, on its pages. What keeps it (guardadas.js, guardar.js) weighs more than all other scripts of a
   chapter together, and comes when she wants it: at the first touch of the button, or at once where this
   browser keeps guides already, which are renewed then. Without this file the guide is offered as a file. */
(() => {
  "use strict";

  const box = document.querySelector("[data-guardar]");
  if (!box || !("serviceWorker" in navigator) || !window.caches || !window.isSecureContext) return;

  const button = box.querySelector("[data-guarda]");
  const status = box.querySelector("[role=status]");
  const file = box.parentElement.querySelector("[data-formato=html]");

  const bring = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.onload = resolve;
      script.onerror = reject;
      script.src = address;
      document.head.append(script);
    });
  const bringAll = async () => {
    for (const address of box.dataset.guardan.split(" ")) await bring(address);
  };

  const offer = () => {
    button.addEventListener("click", async function first() {
      button.removeEventListener("click", first);
      button.setAttribute("aria-busy", "true");
      status.textContent = "Preparando…";
      try {
        await bringAll();
        button.removeAttribute("aria-busy");
        button.click();
      } catch {
        button.removeAttribute("aria-busy");
        status.textContent = "No hay conexión. Intente otra vez cuando vuelva.";
        button.addEventListener("click", first);
      }
    });
    box.hidden = false;
  };

  const begin = (some) => {
    if (file) file.lastChild.textContent = "Bajarla como archivo";
    return some ? bringAll() : offer();
  };

  caches.has("guardadas-1").then(begin).catch(() => undefined);
})();
