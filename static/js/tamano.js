/* Says at once that a file is too large (data-limite, in bytes), before minutes of prepaid data are spent on
   sending it. The server checks again in any case. */
(() => {
  "use strict";
  const MEGA = 1024 * 1024;

  const check = (input) => {
    const limit = Number(input.dataset.limite);
    const large = [...input.files].find((file) => file.size > limit);
    const id = `${input.id}_tamano`;
    document.getElementById(id)?.remove();
    const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    if (large) {
      const note = document.createElement("p");
      const size = (large.size / MEGA).toLocaleString("es-CO", { maximumFractionDigits: 1 });
      note.id = id;
      note.className = "error";
      note.setAttribute("role", "alert");
      note.textContent = `Este archivo pesa ${size} MB y caben ${Math.floor(limit / MEGA)} MB. Elija uno más pequeño.`;
      input.before(note);
      input.value = "";
      others.push(id);
    }
    if (others.length) input.setAttribute("aria-describedby", others.join(" "));
    else input.removeAttribute("aria-describedby");
    if (large) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-limite]")) check(event.target);
  });
})();
