/* Tells that a result of a search was opened, so that editors see which searches help nobody. The list is marked
   with data-elegido="ADDRESS" and data-q="WORDS". Nothing about who reads is sent or kept. */
(() => {
  "use strict";
  const list = document.querySelector("[data-elegido]");
  if (!list || !navigator.sendBeacon) return;
  list.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) {
      navigator.sendBeacon(list.dataset.elegido, new URLSearchParams({ q: list.dataset.q }));
    }
  });
})();
