"""The PDF: tagged for screen readers (PDF/UA-1), with bookmarks, contents and the version on each page."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from guias.exports.html import as_data, document, font_file
from guias.models import Version


def fetcher() -> Any:
    """Return what reads addresses while drawing: data addresses only, never the network nor the disk."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@lru_cache(maxsize=1)
def static_fonts() -> tuple[tuple[str, str], ...]:
    """Return (weight, data address) of the site's font at two weights.

    WeasyPrint would cut them from the variable font itself, and stamp each with the hour.
    """
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    file = font_file()
    found = []
    for weight in (400, 700) if file else ():
        font = TTFont(file, recalcTimestamp=False)
        font.flavor = None
        plain = io.BytesIO()
        instantiateVariableFont(font, {"wght": weight}, static=True).save(plain)
        found.append((str(weight), as_data(plain.getvalue(), "font/ttf")))
    return tuple(found)


def make(version: Version) -> bytes:
    """Return the file. WeasyPrint loads here: it takes half a second, and most processes never need it."""
    from weasyprint import HTML

    html = HTML(string=document(version, paper=True, fonts=static_fonts()), url_fetcher=fetcher())
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return content
