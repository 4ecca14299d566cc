"""HTML onto paper: a tagged PDF (PDF/UA-1) with the site's font, from one document and nothing outside it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from nucleo.headings import closed

_HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)
FONT = "fonts/ancizar-sans.woff2"
WEIGHTS = (400, 700)


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
    file = font_file()
    if file is None:
        return ()
    content = file.read_bytes()
    return tuple((str(weight), as_data(_at_weight(content, weight), "font/ttf")) for weight in WEIGHTS)


def _at_weight(content: bytes, weight: int) -> bytes:
    """Return the font at ``weight``, cut once and kept: it was most of the time of a process's first PDF."""
    name = f"{hashlib.sha256(content).hexdigest()[:16]}-{metadata.version('fonttools')}-{weight}.ttf"
    kept = Path(settings.VAR_DIR) / "fonts" / name
    with suppress(OSError):
        return kept.read_bytes()
    cut = _cut(content, weight)
    with suppress(OSError):  # a folder that cannot be written only makes the next process wait too
        kept.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as whole:
            whole.write(cut)
        Path(whole.name).chmod(0o644)  # the worker may be another account
        Path(whole.name).replace(kept)
    return cut


def _cut(content: bytes, weight: int) -> bytes:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    font.flavor = None
    plain = io.BytesIO()
    instantiateVariableFont(font, {"wght": weight}, static=True).save(plain)
    return plain.getvalue()


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


def pdf(html: str, *, steady: bool = False) -> bytes:
    """Return ``html`` as a PDF; ``steady``: so that most of its bytes outlive a change (``steady_pdf``).

    WeasyPrint loads here: half a second that most processes never need.
    """
    from weasyprint import HTML

    from nucleo.steady_pdf import finish

    written = HTML(string=html, url_fetcher=fetcher())
    content: bytes = written.write_pdf(pdf_variant="pdf/ua-1", finisher=finish if steady else None)
    return content


def plain_pdf(html: str) -> bytes:
    """Return ``html`` as a PDF without tags, to be drawn on the pages of another."""
    from weasyprint import HTML

    content: bytes = HTML(string=html, url_fetcher=fetcher()).write_pdf()
    return content


def places(html: str) -> list[set[str]]:
    """Return the ids of the elements that begin on each page of ``html``: what fits, before it is drawn."""
    from weasyprint import HTML

    return [set(page.anchors) for page in HTML(string=html, url_fetcher=fetcher()).render().pages]
