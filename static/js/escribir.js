/* The bar over a long text (components/writer.html): buttons write the marks that shape it, so that nobody has to
   know them. Everything is typed through the browser's own editing, so that "undo" takes it back.
   Without this file a hint says which they are. */
const ITEM = /^( *)(?:([-*>])|(\d+)\.) +/;
const PREFIX = /^ *(?:#{1,6} +|(?:[-*>]|\d+\.) +)/;
const EMPHASIS = { negrita: "**", cursiva: "*" };
const STARTS = { subtitulo: () => "### ", lista: () => "- ", numeros: (n) => `${n}. `, cita: () => "> " };
const KINDS = { subtitulo: /^ *#{1,6} +/, lista: /^ *[-*] +/, numeros: /^ *\d+\. +/, cita: /^ *> +/ };

/* Put text in place of from..to and select what counts, counted from where it begins. */
function type(area, from, to, text, start = text.length, end = start) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  area.setSelectionRange(from + start, from + end);
}

/* What is selected without the spaces around it, or the word where one stands. */
function words(area) {
  let [from, to] = [area.selectionStart, area.selectionEnd];
  const text = area.value;
  if (from === to) {
    while (from > 0 && /[\p{L}\p{N}]/u.test(text[from - 1])) from -= 1;
    while (to < text.length && /[\p{L}\p{N}]/u.test(text[to])) to += 1;
  }
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  return [from, to];
}

/* How many asterisks end (or, with step 1, begin) what stands there: one is italic, two bold, three both. */
function stars(text, at, step) {
  let count = 0;
  while (text[step < 0 ? at - 1 - count : at + count] === "*") count += 1;
  return count;
}

/* Within one line: the marks do not reach over the end of a paragraph, so each line gets its own. */
function emphasise(area, mark) {
  const [from, to] = words(area);
  const text = area.value;
  const around = Math.min(stars(text, from, -1), stars(text, to, 1));
  const has = mark.length === 2 ? around >= 2 : around % 2 === 1;
  if (has) {
    type(area, from - mark.length, to + mark.length, text.slice(from, to), 0, to - from);
    return;
  }
  if (from === to) {
    type(area, from, to, `${mark}texto${mark}`, mark.length, mark.length + 5);
    return;
  }
  const lines = text.slice(from, to).split("\n").map((line) => {
    const start = PREFIX.exec(line)?.[0] ?? "";
    const rest = line.slice(start.length).trim();
    return rest ? `${start}${mark}${rest}${mark}` : line;
  });
  const made = lines.join("\n");
  const inner = lines.length === 1 && made.startsWith(mark) ? mark.length : 0;
  type(area, from, to, made, inner, made.length - inner);
}

/* Whole lines: all of them get the start of this kind, or lose it when all have it. A blank line parts them from
   a line of another kind above, which would run on into them. */
function begin(area, kind) {
  const text = area.value;
  const from = text.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const last = area.selectionEnd > area.selectionStart && text[area.selectionEnd - 1] === "\n" ? 1 : 0;
  const end = text.indexOf("\n", area.selectionEnd - last);
  const to = end < 0 ? text.length : end;
  const lines = text.slice(from, to).split("\n");
  const filled = lines.filter((line) => line.trim());
  const off = filled.length > 0 && filled.every((line) => KINDS[kind].test(line));
  let number = 0;
  const made = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    const rest = line.replace(PREFIX, "");
    number += 1;
    return off ? rest : STARTS[kind](number) + rest;
  }).join("\n");
  const above = text.slice(text.lastIndexOf("\n", from - 2) + 1, Math.max(from - 1, 0));
  const gap = above.trim() && !off && !KINDS[kind].test(above) ? "\n" : "";
  type(area, from, to, gap + made, gap.length + (lines.length > 1 ? 0 : made.length), gap.length + made.length);
}

/* Enter goes on with a list; in an empty item it ends it, with the blank line that ends a list. */
function goOn(event) {
  const area = event.target;
  if (event.inputType !== "insertLineBreak" || !event.cancelable || area.selectionStart !== area.selectionEnd) return;
  const at = area.selectionStart;
  const from = area.value.lastIndexOf("\n", at - 1) + 1;
  const line = area.value.slice(from, at);
  const found = ITEM.exec(line);
  if (!found) return;
  event.preventDefault();
  const [start, indent, sign, number] = found;
  if (line === start) type(area, from, at, "\n");
  else type(area, at, at, `\n${indent}${sign ?? `${Number(number) + 1}.`} `);
}

/* What was pasted as a link that works, or nothing. */
function address(typed) {
  const text = typed.trim();
  if (/^[^\s@/]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  if (!/^(https?:\/\/)?[^\s/]+\.[^\s]+$/i.test(text)) return "";
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return whole.replaceAll("(", "%28").replaceAll(")", "%29");
}

function linking(area, button, box) {
  const field = box.querySelector("input");
  const error = box.querySelector(".error");
  const show = (open) => {
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    error.hidden = true;
    field.removeAttribute("aria-invalid");
    (open ? field : area).focus();
  };
  const put = () => {
    const target = address(field.value);
    if (!target) {
      error.hidden = false;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    const [from, to] = words(area);
    const text = area.value.slice(from, to) || field.value.trim();
    show(false);
    type(area, from, to, `[${text}](${target})`);
    field.value = "";
  };
  box.querySelector("[data-poner]").addEventListener("click", put);
  box.querySelector("[data-dejar]").addEventListener("click", () => show(false));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    else if (event.key !== "Enter" || event.target !== field) return;
    else put();
    event.preventDefault();
  });
  return () => show(box.hidden);
}

/* One stop for the keyboard, arrows inside it: the toolbar of the ARIA practices. */
function roving(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (here) => buttons.forEach((one) => { one.tabIndex = one === here ? 0 : -1; });
  stop(buttons[0]);
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const last = buttons.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to].focus();
  });
}

for (const box of document.querySelectorAll("[data-escribir]")) {
  const area = box.querySelector("textarea");
  const bar = box.querySelector("[role=toolbar]");
  const hint = box.querySelector("[data-pista]");
  const link = linking(area, bar.querySelector("[data-forma=enlace]"), box.querySelector(".writer-address"));
  const shape = (kind) => {
    if (kind === "enlace") link();
    else if (EMPHASIS[kind]) emphasise(area, EMPHASIS[kind]);
    else begin(area, kind);
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-forma]");
    if (button) shape(button.dataset.forma);
  });
  area.addEventListener("keydown", (event) => {
    const kind = { b: "negrita", i: "cursiva" }[event.key.toLowerCase()];
    if (!kind || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    shape(kind);
  });
  area.addEventListener("beforeinput", goOn);
  roving(bar);
  hint.remove();
  area.setAttribute("aria-describedby", area.getAttribute("aria-describedby").replace(hint.id, "").trim());
  bar.hidden = false;
}
