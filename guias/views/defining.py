"""Words of the glossary explained where they stand: marked the first time in a chapter, opened in place.

The mark is a link to a note that stands right after its paragraph and is shown while it is the target of
the address, so that it opens, and closes with "atrás", without a script. It works on HTML that went
through the sanitiser or was escaped, and adds nothing else to it.
"""

from __future__ import annotations

import re
from html import escape, unescape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from guias.models.glossary import Glossary, Term

_TAG = re.compile(r"(<[^>]+>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_LEAVE = frozenset({"a", "code", "pre", "h2", "h3", "h4", "abbr"})
"""Where no word is marked: what is a link already, what is copied as it is, and headings."""
_AFTER = frozenset({"</p>"})
_BEFORE = frozenset({"</li>", "</td>", "</dd>", "</blockquote>"})


class Definitions:
    """What was explained so far in one chapter; made anew for each page."""

    def __init__(self, glossary: Glossary, *, except_for: str = "") -> None:
        """With ``except_for``, the title of the chapter, words that it is about are not explained in it."""
        self._glossary = glossary
        self._seen = {term.pk for _start, _end, term in glossary.find(except_for)}
        self._waiting: list[Term] = []
        self.used = 0

    def mark(self, html: str) -> SafeString:
        """Return clean ``html`` with the words met for the first time marked, and notes after paragraphs.

        Where no paragraph or item ends in it, its notes wait for :meth:`notes`.
        """
        written: list[str] = []
        inside = 0
        for piece in _TAG.split(html):
            if not piece.startswith("<"):
                written.append(piece if inside else self._marked(piece))
                continue
            name = _NAME.match(piece)
            if name and name[1] in _LEAVE:
                inside += -1 if piece.startswith("</") else 1
            if piece in _BEFORE:
                written.append(self.notes())
            written.append(piece)
            if piece in _AFTER:
                written.append(self.notes())
        return mark_safe("".join(written))

    def notes(self) -> SafeString:
        """Return the notes that wait for their place, and forget them."""
        waiting, self._waiting = self._waiting, []
        shown = [render_to_string("guias/_definition.html", {"term": term}).strip() for term in waiting]
        return mark_safe("".join(shown))

    def _marked(self, text: str) -> str:
        plain = unescape(text)
        done = 0
        written: list[str] = []
        for start, end, term in self._glossary.find(plain):
            if term.pk in self._seen:
                continue
            self._seen.add(term.pk)
            self._waiting.append(term)
            self.used += 1
            word = escape(plain[start:end], quote=False)
            written.append(escape(plain[done:start], quote=False))
            written.append(f'<a class="term" id="usa-{term.slug}" href="#palabra-{term.slug}">{word}</a>')
            done = end
        return "".join([*written, escape(plain[done:], quote=False)]) if written else text
