/* What is typed into a form on paper stays in this tab until it is closed, erased, two hours old, or somebody
   else is signed in: a lost connection costs nothing, and the next person at a shared computer finds nothing.
   The server keeps none of it. Without this file the form is a form. */
(() => {
  "use strict";
  const TERM = 2 * 60 * 60 * 1000;
  const WAIT = 300;
  const form = document.querySelector("form[data-formato]");
  const note = form?.querySelector("[data-formato-nota]");
  if (!note) return;
  const key = `formato:${location.pathname}`;
  const words = note.querySelector("[role=status]");

  const store = (text) => {
    try {
      if (text) sessionStorage.setItem(key, text);
      else sessionStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  };
  const kept = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(key) || "null");
      const hers = found && found.who === form.dataset.formato && Date.now() - found.at < TERM;
      return hers ? found.fields : null;
    } catch {
      return null;
    }
  };
  const controls = () => [...form.elements].filter((one) => one.name && one.type !== "submit" && one.type !== "hidden");
  const say = (text) => {
    note.hidden = false;
    words.textContent = text;
  };

  const keep = () => {
    const fields = {};
    controls().forEach((one) => {
      if (one.type !== "radio") fields[one.name] = one.value;
      else if (one.checked) fields[one.name] = one.value;
    });
    if (store(JSON.stringify({ at: Date.now(), who: form.dataset.formato, fields }))) {
      say("Lo escrito queda en esta pestaña, por si se corta la conexión. Al cerrarla se borra.");
    }
  };
  const put = (fields) =>
    controls().forEach((one) => {
      if (one.type === "radio") one.checked = fields[one.name] === one.value;
      else if (one.name in fields) one.value = fields[one.name];
    });

  const found = kept();
  if (found && !form.querySelector("[aria-invalid=true]")) {
    put(found);
    say("Aquí está lo que había escrito en esta pestaña.");
  } else if (!found) {
    store("");
  }

  /* A file that comes leaves this page as it is: what was wrong before and was sent again must not go on being
     called wrong. If it still is, the answer is a page that says so. */
  const forgive = () => {
    document.querySelector(".error-summary")?.remove();
    const said = [...form.querySelectorAll(".field-wrong .error")];
    form.querySelectorAll("[aria-describedby]").forEach((one) => {
      const others = one.getAttribute("aria-describedby").split(" ");
      const left = others.filter((id) => !said.some((words) => words.id === id));
      if (left.length) one.setAttribute("aria-describedby", left.join(" "));
      else one.removeAttribute("aria-describedby");
    });
    said.forEach((words) => words.remove());
    form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
    form.querySelectorAll(".field-wrong").forEach((one) => one.classList.remove("field-wrong"));
  };

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep();
    forgive();
    say("Su archivo va en camino; el PDF tarda unos segundos. Si el equipo es de varias personas, borre lo escrito al terminar.");
  });
  note.querySelector("button").addEventListener("click", () => {
    clearTimeout(timer);
    controls().forEach((one) => {
      if (one.type === "radio") one.checked = false;
      else one.value = "";
    });
    store("");
    say("Se borró de esta pestaña.");
    controls()[0]?.focus();
  });
})();
