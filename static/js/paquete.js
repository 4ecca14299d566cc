/* The form that brings an earlier package up to date: with this file it takes the package itself, its ZIP or its
   folder, and gives a whole new ZIP of which only what she lacks travelled (paquete_nuevo.js). Without it the form takes
   the manifest.json, and still does when that is chosen. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-al-dia]");
  if (!form || !window.fetch || !Blob.prototype.arrayBuffer) return;
  const SENTENCES = {
    vacio: "Escoja primero el ZIP de su paquete.",
    ajeno: "Eso no es un paquete de este portal. Escoja el ZIP que bajó de aquí.",
    cortado: "Ese ZIP no está completo: su descarga se cortó. Escoja otro, o baje el paquete completo más arriba.",
    comprimido: "Ese ZIP trae solo cambios, o lo armó otro programa. Escoja el completo, o ábralo y escoja el manifest.json.",
    pocos: "Ahí faltan más de la mitad de los archivos. Escoja el ZIP que bajó completo, o la carpeta donde lo abrió.",
    leer: "No se pudo leer su paquete. Si está en una memoria USB, conéctela y escójalo otra vez.",
    red: "Se cortó la conexión. Lo que ya bajó no se pierde: sin cerrar esta página, intente otra vez.",
    sitio: "El portal no respondió bien. Recargue esta página e intente otra vez.",
    malo: "El ZIP nuevo no salió bien y no lo guardamos. Baje el paquete completo más arriba.",
  };
  const SMALL = 8 * 1024 * 1024;
  const UNREADABLE = ["NotReadableError", "NotFoundError", "SecurityError"];

  const zip = form.elements.manifest;
  const folder = form.querySelector("[data-carpeta]");
  const button = form.querySelector("button");
  const status = form.querySelector("[role=status]");
  const bar = form.querySelector("progress");

  const size = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))}\u00a0KB`
      : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")}\u00a0MB`;

  const show = (kind, words) => {
    const place = form.querySelector(`template[data-dice=${kind}]`).content.cloneNode(true);
    place.querySelector("p").textContent = words;
    status.replaceChildren(place);
  };

  const telling = () => {
    let phase = "";
    return (now, part, bytes) => {
      const words = {
        pidiendo: "Buscando qué le falta…",
        bajando: `Bajando ${size(bytes)}…`,
        cortado: "Se cortó la conexión. Intentamos otra vez…",
        revisando: "Revisando el ZIP nuevo…",
      };
      if (now !== phase) show("va", words[now]);
      phase = now;
      bar.hidden = part === undefined;
      bar.value = part || 0;
    };
  };

  /* As many bytes as came through the line, where the browser tells: they were compressed. */
  const travelled = (otherwise) => {
    const asked = performance.getEntriesByName(new URL(form.dataset.alDia, location).href);
    return asked.reduce((sum, one) => sum + one.encodedBodySize, 0) || otherwise;
  };

  const save = ({ made, nombre, nuevos, faltan, mended }) => {
    const words = [`Listo: bajaron ${size(travelled(nuevos))} de ${size(made.size)}.`];
    words.push("Abra el ZIP nuevo en una carpeta nueva; la anterior ya no hace falta.");
    if (mended) words.push("A su paquete le faltaban archivos, o estaban dañados: en el nuevo están bien.");
    if (faltan) words.push("Hay guías que se están preparando: vuelva por ellas en un rato.");
    show("bien", words.join(" "));
    const link = status.querySelector("a");
    link.href = URL.createObjectURL(made);
    link.download = nombre;
    link.click();
  };

  const renew = async () => {
    try {
      const chosen = folder.hidden ? [] : [...folder.querySelector("input").files];
      if (!chosen.length && !zip.files.length) throw PaqueteZip.problem("vacio");
      show("va", "Leyendo su paquete…");
      const own = chosen.length ? PaqueteNuevo.inFolder(chosen) : await PaqueteNuevo.inZip(zip.files[0]);
      performance.clearResourceTimings();
      save(await PaqueteNuevo.renew(own, form.dataset.alDia, form.elements.csrfmiddlewaretoken.value, telling()));
    } catch (error) {
      const reason = UNREADABLE.includes(error.name) ? "leer" : error.reason;
      show(error.fine ? "nada" : "mal", error.words || SENTENCES[reason] || SENTENCES.malo);
    }
    bar.hidden = true;
  };

  /* What may be a manifest goes its own way, to the portal; anything large would be sent for nothing. */
  const isManifest = (file) => file && file.size < SMALL && !/\.zip$/i.test(file.name);

  form.addEventListener("submit", async (event) => {
    if (isManifest(zip.files[0])) return;
    event.preventDefault();
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    await renew();
    button.removeAttribute("aria-busy");
  });

  /* One of the two: what was chosen last. */
  form.addEventListener("change", ({ target }) => {
    [zip, folder.querySelector("input")].filter((input) => input !== target).forEach((input) => (input.value = ""));
    status.replaceChildren();
  });

  const words = form.querySelector("[data-palabras]").content;
  form.querySelector("label").replaceWith(words.querySelector("label"));
  form.querySelector(".help").textContent = words.querySelector("p").textContent;
  zip.accept = ".zip,.json";
  form.querySelectorAll("[data-con-script]").forEach((one) => (one.hidden = false));
  form.querySelectorAll("[data-sin-script]").forEach((one) => (one.hidden = true));
  folder.hidden = !("webkitdirectory" in zip && matchMedia("(pointer: fine)").matches);
})();
