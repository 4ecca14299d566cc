"""One HTML file that opens by double click, without a network: style, font and pictures inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from guias.actions.paper import give_codes
from guias.exports.cover import colour, cover
from guias.exports.pieces import SEAM
from guias.models import Chapter, PaperCode, Version
from nucleo import qr
from nucleo.paper import as_data, font_file, without_gaps

STYLE = Path(__file__).with_name("document.css")


def variable_font() -> tuple[tuple[str, str], ...]:
    """Return (weights, data address) of the site's font, or nothing."""
    file = font_file()
    return (("400 800", as_data(file.read_bytes(), "font/woff2")),) if file else ()


def address(version: Version) -> str:
    """Return the whole address where this very version stays."""
    return f"{settings.ORIGIN}/guias/{version.guide.slug}/v{version.number}/"


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands under each page of a chapter, or of the cover: which paper it is, and whether it holds."""

    code: PaperCode
    chapter: Chapter | None = None

    @property
    def picture(self) -> str:
        """The QR code as a data address."""
        return as_data(qr.drawn(self.code.address), "image/png")


def document(version: Version, *, paper: bool, fonts: tuple[tuple[str, str], ...]) -> str:
    """Return the whole version as one HTML document; ``paper`` for the PDF, otherwise for a screen.

    ``fonts`` are pairs of (weight, data address). On paper each chapter begins on a page of its own, so
    that a page has one code.
    """
    codes = give_codes(version=version) if paper else {}
    html = render_to_string(
        "guias/export.html",
        {
            "guide": version.guide,
            "version": version,
            "chapters": [(chapter, _foot(codes, chapter)) for chapter in version.chapters],
            "errata": list(version.errata.all()),
            "foot": _foot(codes),
            "address": address(version),
            "cover": cover(version.guide),
            "colour": colour(version.guide),
            "style": STYLE.read_text(encoding="utf-8"),
            "fonts": fonts,
            "paper": paper,
            "seam": "" if paper else SEAM.decode(),
            "export": True,
        },
    )
    return without_gaps(html)


def _foot(codes: dict[str, PaperCode], chapter: Chapter | None = None) -> Foot | None:
    code = codes.get(chapter.slug if chapter else "")
    return Foot(code, chapter) if code else None


def make(version: Version) -> bytes:
    """Return the file."""
    return document(version, paper=False, fonts=variable_font()).encode("utf-8")
