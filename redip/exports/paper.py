"""The acta and the edition of a Bitácora as PDF: what is closed is drawn once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils.text import slugify

from nucleo import paper
from nucleo.dates import when
from redip.models import Acta, BitacoraEdition
from redip.models.files import private_storage
from redip.models.sheets import sheet

STYLE = Path(__file__).with_name("document.css")
DRAFT_SECONDS = 3600
FOLDER = "redip/papel"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document ready to be drawn. ``closed``: it can never be another one."""

    name: str
    html: str
    closed: bool

    @property
    def digest(self) -> str:
        """The fingerprint of what is drawn, its style and font included."""
        return hashlib.sha256(self.html.encode()).hexdigest()

    def content(self) -> bytes:
        """Return the PDF; drawn now (a third of a second) unless it was drawn before."""
        if not self.closed:
            made = cache.get_or_set(f"redip:{self.digest}", lambda: paper.pdf(self.html), DRAFT_SECONDS)
            return bytes(made or b"")
        storage, path = private_storage(), f"{FOLDER}/{self.digest}.pdf"
        if not storage.exists(path):
            drawn = paper.pdf(self.html)
            storage.save(path, ContentFile(drawn))
            return drawn
        with storage.open(path, "rb") as file:
            return bytes(file.read())


def acta(acta: Acta) -> Paper:
    """Return the sheet of ``acta``; wants its meeting and its mesa with the city."""
    shown = sheet(acta)
    context = {
        "acta": acta,
        "sheet": shown,
        "when": when(shown["starts_at"], shown["ends_at"]),
        "present": list(acta.attendees.all()),
        "city": acta.mesa.red.city,
        "address": settings.ORIGIN + acta.get_absolute_url(),
    }
    city, mesa = acta.mesa.red.city.slug, acta.mesa.slug
    return _paper("acta", f"acta-{acta.number}-{mesa}-{city}.pdf", context, closed=acta.is_frozen)


def edition(edition: BitacoraEdition) -> Paper:
    """Return a whole edition; wants its Bitácora with the city."""
    city = edition.bitacora.red.city
    context = {
        "edition": edition,
        "bitacora": edition.bitacora,
        "sections": edition.sections,
        "city": city,
        "address": settings.ORIGIN + edition.get_absolute_url(),
    }
    return _paper("edition", f"bitacora-{slugify(city.name)}-{edition.number}.pdf", context, closed=True)


def _paper(template: str, name: str, context: dict[str, Any], *, closed: bool) -> Paper:
    style = STYLE.read_text(encoding="utf-8")
    more = {"style": style, "fonts": paper.static_fonts()}
    html = render_to_string(f"redip/exports/{template}.html", {**context, **more})
    return Paper(name=name[:120], html=html, closed=closed)
