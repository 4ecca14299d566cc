"""A Word file as HTML for paper: what a form is made of, and the names of what was left out or moved.

It draws headings, paragraphs with their alignment, indents, borders and tab stops, lists, tables with joined
cells, pictures, head and foot of the page, notes. It does not try to be Word: what it cannot place as Word
does is said (``lost``), so that an editor sees it before anyone signs the paper. No text is ever left out
in silence. Knows no app and no Django.
"""

from __future__ import annotations

from collections.abc import Sequence

from nucleo.ooxml import Package
from nucleo.word_paper.document import Drawing


def html(content: bytes, *, title: str, fonts: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    """Return the document as HTML, and the names of what it does not show as Word does."""
    drawing = Drawing(Package.read(content))
    return drawing.document(title, fonts), sorted(drawing.lost)
