/* Starts the parts of Wagtail's editor that it starts with inline scripts, which our policy does not let run. */
(() => {
  const STARTERS = {
    initDateChooser: (mark, options) => window.initDateChooser(mark.dataset.para, options),
    initDateTimeChooser: (mark, options) => window.initDateTimeChooser(mark.dataset.para, options),
    initTimeChooser: (mark, options) => window.initTimeChooser(mark.dataset.para, options),
    InlinePanel: (mark, options) => new window.InlinePanel(options),
    MultipleChooserPanel: (mark, options) => new window.MultipleChooserPanel(options),
  };

  const CHOOSER = /^[A-Z][A-Za-z]*Chooser$/;

  function starterOf(name) {
    if (STARTERS[name]) return STARTERS[name];
    if (CHOOSER.test(name) && typeof window[name] === "function") {
      return (mark, options) => new window[name](mark.dataset.para, options);
    }
    return null;
  }

  function start(root) {
    root.querySelectorAll("[data-inicio]").forEach((mark) => {
      const starter = starterOf(mark.dataset.inicio);
      mark.removeAttribute("data-inicio");
      if (starter) starter(mark, JSON.parse(mark.dataset.opciones));
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    start(document);
    new MutationObserver((changes) => {
      changes.forEach((change) =>
        change.addedNodes.forEach((node) => {
          if (node.nodeType === Node.ELEMENT_NODE && node.parentNode) start(node.parentNode);
        })
      );
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
