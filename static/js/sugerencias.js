/* Suggestions while typing in a search form, or in a box around one field of a form (components/finder.html),
   marked with data-sugerencias="ADDRESS". A combobox as the ARIA practices describe it, with suggestions that
   nobody takes by mistake: arrows move (Alt and an arrow only open or close), Enter takes, Escape closes, Tab
   leaves, and whatever moves or writes in the field lets go of the one chosen; a tap or a click takes too: a
   finger that scrolls the list takes nothing. A suggestion
   with an address (direccion) opens it, one with a value (valor) is written into the field, and the search for
   the text itself (busca) follows what is typed. Without this file, or when the address does not answer, the
   form works as any form. */
(() => {
  "use strict";
  const WAIT = 150;
  const NOTHING = "No hay ninguna con esas letras.";
  let count = 0;

  function attach(holder) {
    const input = holder.querySelector("input[type=search], input[type=text]");
    if (!input) return;
    const list = document.createElement("ul");
    const status = document.createElement("p");
    const id = `sugerencias-${++count}`;
    let options = [];
    let current = -1;
    let timer = 0;
    let asked = null;

    list.id = id;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Sugerencias");
    list.hidden = true;
    status.className = "help hide";
    status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);
    input.autocomplete = "off";
    holder.classList.add("has-suggestions");
    holder.append(list, status);

    function giveUp() {
      askNoMore();
      close();
    }

    function askNoMore() {
      clearTimeout(timer);
      if (asked) asked.abort();
    }

    function close() {
      list.hidden = true;
      choose(-1);
      input.setAttribute("aria-expanded", "false");
      say("");
    }

    /* For who cannot see the list; that there is nothing is shown to everybody. */
    function say(text) {
      if (status.textContent !== text) status.textContent = text;
      status.classList.toggle("hide", text !== NOTHING);
    }

    function open() {
      const many = options.length;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      say(`${many} ${many === 1 ? "sugerencia" : "sugerencias"}. Use las flechas para recorrerlas.`);
    }

    function choose(index) {
      current = index;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
      if (index < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    function show(found) {
      list.replaceChildren();
      options = found.map((one, at) => {
        const option = document.createElement("li");
        const title = document.createElement("span");
        option.id = `${id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        if (one.direccion) option.dataset.href = one.direccion;
        else option.dataset.value = one.valor;
        if (one.tipo) option.dataset.tipo = one.tipo;
        if (one.busca) option.dataset.searches = one.busca;
        title.textContent = one.titulo;
        option.append(title);
        const said = [one.etiqueta, one.donde].filter(Boolean).join(" · ");
        if (said) {
          const label = document.createElement("small");
          label.textContent = said;
          option.append(" ", label);
        }
        list.append(option);
        return option;
      });
      choose(-1);
      if (options.length && document.activeElement === input) return open();
      close();
      if (document.activeElement === input) say(NOTHING);
    }

    /* The others stay true until the next answer; this one would search what is typed no more. */
    function follow(text) {
      const option = options.find((one) => one.dataset.searches);
      if (!option) return;
      const title = option.firstChild;
      const address = new URL(option.dataset.href, location.href);
      title.textContent = title.textContent.replace(`«${option.dataset.searches}»`, () => `«${text}»`);
      address.searchParams.set("q", text);
      option.dataset.href = address.pathname + address.search;
      option.dataset.searches = text;
    }

    function take(option) {
      giveUp();
      if (option.dataset.href) return location.assign(option.dataset.href);
      input.value = option.dataset.value;
      options = [];
      say(`Escogió ${input.value}.`);
    }

    async function ask() {
      const text = input.value.trim();
      if (asked) asked.abort();
      if (text.length < 2) return;
      asked = new AbortController();
      const address = new URL(holder.dataset.sugerencias || "/buscar/sugerencias/", location.href);
      address.searchParams.set("q", text);
      try {
        const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
        if (answer.ok) show((await answer.json()).sugerencias);
      } catch (error) {
        // Given up for the next letters: what is offered stays until their answer is there.
        if (error.name !== "AbortError") close();
      }
    }

    /* Alt and an arrow open or close the list and choose nothing. */
    async function move(down, alone) {
      if (list.hidden) {
        if (alone && !down) return;
        clearTimeout(timer);
        if (options.length) open();
        else await ask();
        if (list.hidden) return;
      } else if (alone) {
        return down ? undefined : giveUp();
      }
      if (alone) return;
      askNoMore(); // a late answer would take away what she is choosing from
      const places = options.length + 1;
      choose(((current + 1 + (down ? 1 : -1) + places) % places) - 1);
    }

    input.addEventListener("input", () => {
      const text = input.value.trim();
      choose(-1);
      clearTimeout(timer);
      if (text.length < 2) {
        options = [];
        return giveUp();
      }
      follow(text);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        if (!list.hidden) event.preventDefault();
        giveUp();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown", event.altKey);
      } else if (event.key === "Enter" && !list.hidden && current >= 0) {
        event.preventDefault();
        take(options[current]);
      } else if (event.key === "Tab") {
        giveUp();
      } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
        choose(-1);
      }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
  }

  document.querySelectorAll("[data-sugerencias]").forEach(attach);
})();
