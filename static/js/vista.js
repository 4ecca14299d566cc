/* "Ver cómo queda" (components/writer.html) shows a long text in its place as it will be read, and gives it back.
   Without this file the button opens the same in another tab. */
for (const box of document.querySelectorAll("[data-escribir]")) {
  const [written, seen] = [box.querySelector("[data-texto]"), box.querySelector(".writer-seen")];
  const area = written.querySelector("textarea");
  const button = box.querySelector("[data-ver]");

  const show = (on) => {
    seen.hidden = !on;
    written.hidden = on;
    button.textContent = on ? button.dataset.seguir : button.dataset.ver;
    (on ? seen : area).focus();
  };

  const read = async () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
    body.set("campo", area.name);
    body.set(area.name, area.value);
    try {
      const answer = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      seen.replaceChildren(...page.body.childNodes);
    } catch {
      seen.textContent = button.dataset.falla;
    }
    show(true);
  };

  button.type = "button";
  box.querySelector("[data-primero]").remove();
  button.addEventListener("click", () => (seen.hidden ? read() : show(false)));
}
