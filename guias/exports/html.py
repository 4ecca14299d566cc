"""One HTML file that opens by double click, without a network: style, font and pictures inside it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from guias.exports.cover import colour, cover
from guias.models import Version
from nucleo.paper import as_data, font_file

STYLE = Path(__file__).with_name("document.css")


def variable_font() -> tuple[tuple[str, str], ...]:
    """Return (weights, data address) of the site's font, or nothing."""
    file = font_file()
    return (("400 800", as_data(file.read_bytes(), "font/woff2")),) if file else ()


def address(version: Version) -> str:
    """Return the whole address where this very version stays."""
    return f"{settings.ORIGIN}/guias/{version.guide.slug}/v{version.number}/"


def document(version: Version, *, paper: bool, fonts: tuple[tuple[str, str], ...]) -> str:
    """Return the whole version as one HTML document; ``paper`` for the PDF, otherwise for a screen.

    ``fonts`` are pairs of (weight, data address).
    """
    return render_to_string(
        "guias/export.html",
        {
            "guide": version.guide,
            "version": version,
            "chapters": version.chapters,
            "address": address(version),
            "cover": cover(version.guide),
            "colour": colour(version.guide),
            "style": STYLE.read_text(encoding="utf-8"),
            "fonts": fonts,
            "paper": paper,
            "export": True,
        },
    )


def make(version: Version) -> bytes:
    """Return the file."""
    return document(version, paper=False, fonts=variable_font()).encode("utf-8")
