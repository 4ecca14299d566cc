"""HTML onto paper: a tagged PDF (PDF/UA-1) with the site's font, from one document and nothing outside it."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from nucleo.headings import closed

_HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)
FONT = "fonts/ancizar-sans.woff2"


def font_file() -> Path | None:
    """Return where the site's font is, if it is at hand."""
    found = finders.find(FONT)
    return Path(found) if isinstance(found, str) else None


def as_data(content: bytes, kind: str) -> str:
    """Return ``content`` as a data address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


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


def without_gaps(html: str) -> str:
    """Return ``html`` with headings that skip no level, as PDF/UA asks: an h3 under an h1 becomes an h2.

    It keeps its looks by a class (``like-h3``). Headings are those of our templates: none inside another.
    """
    above: list[int] = []

    def lifted(match: re.Match[str]) -> str:
        said = int(match[1])
        level = closed(above, said)
        if level == said:
            return match[0]
        return f'<h{level} class="like-h{said}"{match[2]}>{match[3]}</h{level}>'

    return _HEADING.sub(lifted, html)


def pdf(html: str) -> bytes:
    """Return ``html`` as a PDF. WeasyPrint loads here: half a second that most processes never need."""
    from weasyprint import HTML

    content: bytes = HTML(string=html, url_fetcher=fetcher()).write_pdf(pdf_variant="pdf/ua-1")
    return content


def places(html: str) -> list[set[str]]:
    """Return the ids of the elements that begin on each page of ``html``: what fits, before it is drawn."""
    from weasyprint import HTML

    return [set(page.anchors) for page in HTML(string=html, url_fetcher=fetcher()).render().pages]
