/* The list of who came, where there is no signal: each tick is kept in this browser until the portal has it.
   What was ticked outlives the page and is sent when the signal comes back. Kept are numbers, never a name:
   names are kept by who asks for it (listas.js), whose list goes on here. Without this file the list is a form
   with a button. */
(() => {
  "use strict";
  const WAIT = 500;
  const AGAIN = 20_000;

  const form = document.querySelector("form[data-asistencia]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=presente]")];
  const status = form.querySelector("[data-estado]");
  const count = form.querySelector("[data-vinieron]");
  const told = form.querySelector("[data-dicho]");
  const key = `asistencia:${form.dataset.asistencia}`;
  let memory = "[]";
  let durable = true;

  const read = () => {
    try {
      return JSON.parse((durable && localStorage.getItem(key)) || memory);
    } catch {
      return JSON.parse(memory);
    }
  };

  const write = (marks) => {
    memory = JSON.stringify(marks);
    try {
      if (marks.length) localStorage.setItem(key, memory);
      else localStorage.removeItem(key);
    } catch {
      durable = false;
    }
  };

  const say = (words, late = false) => {
    status.textContent = words;
    status.dataset.sinEnviar = late ? read().length : 0;
  };

  const number = (many, one, more) => `${many} ${many === 1 ? one : more}`;
  const left = () => number(read().length, "marca sin enviar", "marcas sin enviar");

  const tally = () => {
    count.textContent = boxes.filter((box) => box.checked).length;
  };

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };

  /* The portal answers with what now counts; ticks that it has not got yet stay as they are here. */
  const show = (list) => {
    const waiting = new Set(read().map((mark) => mark.inscripcion));
    boxes.forEach((box) => {
      if (box.value in list && !waiting.has(box.value)) box.checked = list[box.value] === true;
    });
    tally();
  };

  /* A list that was taken along has no token: it asks for one when it has something to send. */
  const request = async (marks) => {
    const headers = { Accept: "application/json" };
    const data = new FormData();
    let token = form.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!token) {
      const answer = await fetch(form.action, { headers });
      if (answer.redirected || !answer.ok) return answer;
      token = (await answer.json()).token;
    }
    data.append("csrfmiddlewaretoken", token);
    /* How long ago and not when: the clock of a phone may be wrong, but it goes as fast as ours. */
    marks.forEach(({ id, inscripcion, presente, cuando }) => {
      const ago = Math.max(0, Math.round((Date.now() - cuando) / 1000));
      data.append("marca", [id, inscripcion, presente ? 1 : 0, ago].join(","));
    });
    return fetch(form.action, { method: "POST", body: data, headers });
  };

  const keepsThem = () =>
    durable ? "Quedan en este equipo y se envían cuando haya conexión." : "No cierre esta página hasta que se envíen.";

  let sending = false;
  const send = async () => {
    const marks = read();
    if (sending || !marks.length) return;
    sending = true;
    say("Guardando…");
    try {
      const answer = await request(marks);
      if (answer.redirected) {
        say(`${left()}. Su sesión se cerró: recargue esta página con conexión y entre. Las marcas siguen aquí.`, true);
      } else if (answer.status === 403) {
        say(`${left()}. El portal no las recibió: recargue esta página y lea por qué. Las marcas siguen aquí.`, true);
      } else if (!answer.ok) {
        say(`${left()}. El portal no respondió bien; lo intentamos otra vez en un rato.`, true);
      } else {
        const { recibidas, lista, avisos } = await answer.json();
        const done = new Set(recibidas);
        write(read().filter((mark) => !done.has(mark.id)));
        show(lista);
        avisos.forEach((words) => {
          const line = document.createElement("li");
          line.textContent = words;
          told.append(line);
        });
        told.hidden = !told.children.length;
        say(read().length ? `${left()}.` : "Todo quedó guardado.", read().length > 0);
        if (!read().length) form.dispatchEvent(new CustomEvent("asistencia:enviada", { bubbles: true }));
      }
    } catch {
      say(`${left()}. ${keepsThem()}`, true);
    }
    sending = false;
  };

  const keep = (box) => {
    const mark = { id: newId(), inscripcion: box.value, presente: box.checked, cuando: Date.now() };
    write([...read().filter((one) => one.inscripcion !== box.value), mark]);
  };

  let timer = 0;
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "presente") return;
    keep(box);
    tally();
    say(`${left()}.`, true);
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  });

  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  setInterval(send, AGAIN);

  form.querySelectorAll("[data-con-script]").forEach((one) => {
    one.hidden = false;
  });
  form.querySelectorAll("[data-sin-script]").forEach((one) => {
    one.hidden = true;
  });
  /* What was ticked while this file was still on its way counts: nobody taps a second time. It is newer than
     what waits here from an earlier visit. The form is autocomplete="off", so that no browser brings an old
     state of the boxes back by itself, which would look like a tick. */
  boxes.filter((box) => box.checked !== box.defaultChecked).forEach(keep);
  read().forEach((mark) => {
    const box = boxes.find((one) => one.value === mark.inscripcion);
    if (box) box.checked = mark.presente;
  });
  tally();
  send();
})();
