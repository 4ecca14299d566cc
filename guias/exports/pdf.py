"""The PDF: tagged for screen readers, with bookmarks, contents and the version on each page."""

from __future__ import annotations

from guias.exports.html import document
from guias.models import Version
from nucleo import paper


def make(version: Version) -> bytes:
    """Return the file."""
    return paper.pdf(document(version, paper=True, fonts=paper.static_fonts()), steady=True)
