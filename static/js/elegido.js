/* Tells that a result of a search was opened, so that editors see which searches help nobody. The list is marked
   with data-elegido="ADDRESS" and data-q="WORDS", each result with data-tipo and data-id: one that not everybody
   may read is not counted. Nothing about who reads is sent or kept. */
(() => {
  "use strict";
  const list = document.querySelector("[data-elegido]");
  if (!list || !navigator.sendBeacon) return;
  list.addEventListener("click", (event) => {
    const hit = event.target.closest("a[href]")?.closest("[data-id]");
    if (!hit) return;
    const said = { q: list.dataset.q, d: `${hit.dataset.tipo}:${hit.dataset.id}` };
    navigator.sendBeacon(list.dataset.elegido, new URLSearchParams(said));
  });
})();
