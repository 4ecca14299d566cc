/* Reads a chapter aloud with the browser's own voice: for who reads little, or has her hands full.
   Without this file, or where the browser has no Spanish voice, there is no button. One piece at a time: long
   speech stops by itself in Chrome after fifteen seconds, and a piece is what the reader can follow. A pause
   begins again with the piece that it cut: the browser's own pause ends the speech on Android. */
(() => {
  "use strict";

  const button = document.querySelector("[data-escuchar]");
  const voices = window.speechSynthesis;
  if (!button || !voices || !window.SpeechSynthesisUtterance) return;

  const article = document.querySelector(button.dataset.escuchar);
  const finish = document.querySelector("[data-escuchar-fin]");
  const words = button.querySelector("span");
  const [start, pause, goOn] = [words.textContent, button.dataset.pausa, button.dataset.sigue];
  let left = [];
  let now = null;

  const voice = () => {
    const spanish = voices.getVoices().filter((one) => one.lang.toLowerCase().startsWith("es"));
    const wanted = ["es-co", "es-us", "es-mx", "es-419"];
    const rank = (one) => (wanted.indexOf(one.lang.toLowerCase().replace("_", "-")) + 1 || 9) + (one.localService ? 0 : 10);
    return spanish.sort((a, b) => rank(a) - rank(b))[0];
  };

  const read = "h1, h2, h3, h4, p, li, caption, th, td, figcaption, dt, dd";
  const silent = "[hidden], .no-print, .hide";

  /* A figure is its words; of an item with a list inside, what stands before that list. */
  const text = (one) => {
    if (one.matches("img")) return one.alt;
    if (!one.querySelector(read)) return one.innerText;
    const own = one.cloneNode(true);
    for (const part of own.querySelectorAll(`${read}, ${silent}`)) part.remove();
    return own.textContent;
  };

  const pieces = () => {
    return [...article.querySelectorAll(`${read}, img[alt]`)]
      .filter((one) => !one.closest(silent))
      .filter((one) => one.getClientRects().length)
      .flatMap((one) => text(one).replace(/\s+/g, " ").trim().match(/[^.;:!?]+[.;:!?]*\s*/g) || [])
      .map((text) => text.trim())
      .filter((text) => /[\p{L}\p{N}]/u.test(text));
  };

  const show = () => {
    words.textContent = now ? pause : left.length ? goOn : start;
    finish.hidden = !now && !left.length;
  };

  /* What was being said answers once more when it is cut off; then it is ``now`` no longer. */
  const hush = () => {
    now = null;
    voices.cancel();
    show();
  };

  const end = () => {
    left = [];
    hush();
  };

  const next = () => {
    if (!left.length) {
      end();
      return;
    }
    const said = new SpeechSynthesisUtterance(left[0]);
    now = said;
    said.voice = voice();
    said.lang = said.voice.lang;
    said.onend = () => {
      if (now !== said) return;
      left.shift();
      next();
    };
    said.onerror = () => {
      if (now === said) hush();
    };
    voices.speak(said);
    show();
  };

  button.addEventListener("click", () => {
    if (now) {
      hush();
      return;
    }
    if (!left.length) left = pieces();
    voices.cancel();
    next();
  });
  finish.addEventListener("click", () => {
    end();
    button.focus();
  });

  const offer = () => {
    button.parentElement.hidden = !voice();
  };
  offer();
  voices.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", end);
})();
