/* Searches the package without a network. Each guide in force brought its words and texts (datos/indice/);
   the list of the page says title and place of each guide. Written for the browsers of old computers. */
(function () {
  "use strict";

  var COMMON = " al como con de del el en es la las le lo los mas no o para por que se si sin son su sus un una y ya ";
  var SHOWN = 30;
  var AROUND = 90;
  var WORDS = /[0-9A-Za-zÀ-ÖØ-öø-ÿ]+/g;

  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }

  /* As stem() in searchable.py. */
  function stem(word) {
    if (word.length > 4 && word.slice(-1) === "s") word = word.slice(0, -1);
    if (word.length > 3 && word.slice(-1) === "e") word = word.slice(0, -1);
    return word.slice(-1) === "z" ? word.slice(0, -1) + "c" : word;
  }

  function terms(text) {
    return (fold(text).match(/[a-z0-9]+/g) || [])
      .filter(function (word) {
        return word.length > 1 && COMMON.indexOf(" " + word + " ") < 0;
      })
      .slice(0, 8)
      .map(stem);
  }

  function fits(word, term) {
    return term.length > 2 ? word.indexOf(term) === 0 : word === term;
  }

  function fitsOne(word, wanted) {
    return wanted.some(function (term) {
      return fits(stem(fold(word)), term);
    });
  }

  function places() {
    var found = {};
    document.querySelectorAll("[data-guia]").forEach(function (row) {
      var link = row.querySelector("a[data-leer]") || row.querySelector("a");
      found[row.getAttribute("data-guia")] = {
        title: row.querySelector("[data-titulo]").textContent.trim(),
        href: link ? link.getAttribute("href") : "",
        anchors: Boolean(link && link.hasAttribute("data-leer")),
      };
    });
    return found;
  }

  /* How many of the terms each section has; a term in the heading or the title of the chapter counts more. */
  function score(index, wanted) {
    var marks = {};
    wanted.forEach(function (term) {
      var seen = {};
      Object.keys(index.palabras).forEach(function (word) {
        if (!fits(word, term)) return;
        index.palabras[word].forEach(function (at) {
          seen[at] = true;
        });
      });
      Object.keys(seen).forEach(function (at) {
        var section = index.secciones[at];
        var heads = (section[1] + " " + section[2]).match(WORDS) || [];
        var head = heads.some(function (word) {
          return fitsOne(word, [term]);
        });
        marks[at] = (marks[at] || 0) + 1000 + (head ? 1 : 0);
      });
    });
    return marks;
  }

  function search(text) {
    var wanted = terms(text);
    var known = places();
    var hits = [];
    if (!wanted.length) return { wanted: wanted, hits: hits };
    Object.keys(known).forEach(function (slug) {
      var words = known[slug].title.match(WORDS) || [];
      var all = wanted.every(function (term) {
        return words.some(function (word) {
          return fitsOne(word, [term]);
        });
      });
      if (all) hits.push({ place: known[slug], anchor: "", mark: 1000 * wanted.length + 500, chapter: "", text: "" });
    });
    (window.indices || []).forEach(function (index) {
      if (!known[index.guia]) return;
      var marks = score(index, wanted);
      Object.keys(marks).forEach(function (at) {
        var section = index.secciones[at];
        hits.push({
          place: known[index.guia],
          anchor: section[0],
          chapter: section[1] + (section[2] ? " › " + section[2] : ""),
          text: section[3],
          mark: marks[at],
        });
      });
    });
    hits.sort(function (one, other) {
      return other.mark - one.mark;
    });
    var best = hits.length ? Math.floor(hits[0].mark / 1000) : 0;
    hits = hits.filter(function (hit) {
      return Math.floor(hit.mark / 1000) === best;
    });
    return { wanted: wanted, hits: hits };
  }

  /* Adds the words around the first that fits, with those that fit marked. */
  function showText(target, text, wanted) {
    var first = 0;
    var match;
    WORDS.lastIndex = 0;
    while ((match = WORDS.exec(text))) {
      if (fitsOne(match[0], wanted)) {
        first = match.index;
        break;
      }
    }
    var from = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
    if (from > first) from = first;
    var to = text.length > first + 2 * AROUND ? text.lastIndexOf(" ", first + 2 * AROUND) : text.length;
    if (to <= first) to = text.length;
    var piece = text.slice(from, to).replace(/\n/g, " · ");
    var at = 0;
    if (from) target.appendChild(document.createTextNode("… "));
    piece.replace(WORDS, function (word, offset) {
      if (!fitsOne(word, wanted)) return word;
      target.appendChild(document.createTextNode(piece.slice(at, offset)));
      var mark = document.createElement("mark");
      mark.textContent = word;
      target.appendChild(mark);
      at = offset + word.length;
      return word;
    });
    target.appendChild(document.createTextNode(piece.slice(at) + (to < text.length ? " …" : "")));
  }

  function row(hit, wanted) {
    var item = document.createElement("li");
    var link = document.createElement("a");
    link.href = hit.place.href + (hit.anchor && hit.place.anchors ? "#" + hit.anchor : "");
    link.textContent = hit.chapter || hit.place.title;
    item.appendChild(link);
    if (hit.chapter) {
      var where = document.createElement("small");
      where.textContent = hit.place.title;
      item.appendChild(where);
    }
    if (hit.text) {
      var text = document.createElement("p");
      showText(text, hit.text, wanted);
      item.appendChild(text);
    }
    return item;
  }

  function words(found, text) {
    if (!text.trim()) return "";
    if (!found.wanted.length) return "Escriba una palabra más larga.";
    if (!found.hits.length) return "No encontramos «" + text.trim() + "» en estas guías. Pruebe con otra palabra.";
    if (found.hits.length === 1) return "Un resultado.";
    if (found.hits.length > SHOWN) return "Los primeros " + SHOWN + " de " + found.hits.length + " resultados.";
    return found.hits.length + " resultados.";
  }

  var form = document.querySelector("[data-buscar]");
  var field = form.querySelector("input");
  var status = document.querySelector("[data-estado]");
  var list = document.querySelector("[data-resultados]");
  var waiting;

  function show() {
    var found = search(field.value);
    list.textContent = "";
    found.hits.slice(0, SHOWN).forEach(function (hit) {
      list.appendChild(row(hit, found.wanted));
    });
    status.textContent = words(found, field.value);
  }

  field.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(show, 200);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
  });
  document.querySelector("[data-sin-script]").hidden = true;
  form.hidden = false;
})();
