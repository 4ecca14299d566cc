/* Reads a chapter aloud with the browser's own voice: for who reads little, or has her hands full.
   Without this file, or where the browser has no Spanish voice, there is no button. One piece at a time: long
   speech stops by itself in Chrome after fifteen seconds, and a piece is what the reader can follow. */
(() => {
  "use strict";

  const button = document.querySelector("[data-escuchar]");
  const voices = window.speechSynthesis;
  if (!button || !voices || !window.SpeechSynthesisUtterance) return;

  const article = document.querySelector(button.dataset.escuchar);
  const words = button.querySelector("span");
  const [start, stop] = [words.textContent, button.dataset.parar];
  let left = [];
  let reading = false;

  const voice = () => {
    const spanish = voices.getVoices().filter((one) => one.lang.toLowerCase().startsWith("es"));
    const wanted = ["es-co", "es-us", "es-mx", "es-419"];
    const rank = (one) => (wanted.indexOf(one.lang.toLowerCase().replace("_", "-")) + 1 || 9) + (one.localService ? 0 : 10);
    return spanish.sort((a, b) => rank(a) - rank(b))[0];
  };

  const pieces = () => {
    const read = "h1, h2, h3, h4, p, li, caption, th, td, figcaption, dt, dd";
    return [...article.querySelectorAll(read)]
      .filter((one) => !one.closest("[hidden], .no-print, .hide") && !one.querySelector(read))
      .flatMap((one) => one.innerText.replace(/\s+/g, " ").trim().match(/[^.;:!?]+[.;:!?]*\s*/g) || [])
      .map((text) => text.trim())
      .filter((text) => /[\p{L}\p{N}]/u.test(text));
  };

  const show = () => {
    words.textContent = reading ? stop : start;
  };

  const end = () => {
    reading = false;
    left = [];
    voices.cancel();
    show();
  };

  const next = () => {
    const text = left.shift();
    if (!reading) return;
    if (text === undefined) {
      end();
      return;
    }
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.onend = next;
    said.onerror = end;
    voices.speak(said);
  };

  button.addEventListener("click", () => {
    if (reading) {
      end();
      return;
    }
    reading = true;
    left = pieces();
    show();
    voices.cancel();
    next();
  });

  const offer = () => {
    button.hidden = !voice();
  };
  offer();
  voices.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", end);
})();
