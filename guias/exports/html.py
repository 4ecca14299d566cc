"""One HTML file that opens by double click, without a network: style, font and pictures inside it."""

from __future__ import annotations

import base64
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from guias.models import Version

STYLE = Path(__file__).with_name("document.css")
FONT = "fonts/ancizar-sans.woff2"


def font_data() -> str:
    """Return the site's font as a data address, or nothing where it is not at hand."""
    found = finders.find(FONT)
    if not isinstance(found, str):
        return ""
    return "data:font/woff2;base64," + base64.b64encode(Path(found).read_bytes()).decode("ascii")


def address(version: Version) -> str:
    """Return the whole address where this very version stays."""
    return f"{settings.ORIGIN}/guias/{version.guide.slug}/v{version.number}/"


def document(version: Version, *, paper: bool) -> str:
    """Return the whole version as one HTML document; ``paper`` for the PDF, otherwise for a screen."""
    return render_to_string(
        "guias/export.html",
        {
            "guide": version.guide,
            "version": version,
            "chapters": version.chapters,
            "address": address(version),
            "style": STYLE.read_text(encoding="utf-8"),
            "font": font_data(),
            "paper": paper,
            "export": True,
        },
    )


def make(version: Version) -> bytes:
    """Return the file."""
    return document(version, paper=False).encode("utf-8")
