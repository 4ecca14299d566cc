"""What changed between two versions on one sheet, to pin on the wall. Never a second page.

Words that came are underlined and bold, words that went are struck through: a photocopy keeps both. What does
not fit is counted, with the address of the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse

from guias.actions.paper import give_codes
from guias.exports import recipe
from guias.exports.cover import colour, cover
from guias.exports.html import STYLE, Foot
from guias.models import Version
from guias.models.changes import ChapterChange, changed
from nucleo import paper
from nucleo.words import excerpt

MOST = 40
"""Changes that are tried: more never fit on a sheet."""
LETTERS = 420
"""Of a changed paragraph."""
EDITION = 5
"""How the sheet is made; raise it when it looks otherwise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of the changes that is shown; ``more`` are not."""

    changes: list[ChapterChange]
    more: int


def first_of(changes: Sequence[ChapterChange], count: int) -> Sheet:
    """Return the first ``count`` changes: a paragraph each, or a chapter that came, went or moved."""
    shown: list[ChapterChange] = []
    total = 0
    for change in changes:
        size = max(len(change.paragraphs), 1)
        if total < count:
            kept = change.paragraphs[: count - total]
            shown.append(replace(change, paragraphs=[excerpt(one, limit=LETTERS) for one in kept]))
        total += size
    return Sheet(shown, max(total - count, 0))


def changes_sheet(old: Version, new: Version) -> bytes:
    """Return a PDF of exactly one page with what changed from ``old`` to ``new``; about half a second.

    Both are published. Same versions, same bytes.
    """
    changes = changed(old.chapters, new.chapters)
    foot = Foot(give_codes(version=new)[""])
    html = _html(old, new, first_of(changes, MOST), foot)
    places = paper.places(html)
    if len(places) > 1:
        # The last change of the first page may go on, and the line that counts the rest wants its room.
        count = max(sum(place.startswith("cambio-") for place in places[0]) - 1, 0)
        html = _html(old, new, first_of(changes, count), foot)
        while count and len(paper.places(html)) > 1:
            count -= 1
            html = _html(old, new, first_of(changes, count), foot)
    return paper.pdf(html)


def _html(old: Version, new: Version, sheet: Sheet, foot: Foot) -> str:
    address = settings.ORIGIN + reverse("guias:changes", args=[new.guide.slug, old.number, new.number])
    context = {
        "guide": new.guide_then,
        "old": old,
        "version": new,
        "sheet": sheet,
        "foot": foot,
        "address": address,
        "cover": cover(new.guide),
        "colour": colour(new.guide),
        "style": STYLE.read_text(encoding="utf-8"),
        "fonts": paper.static_fonts(),
    }
    return paper.without_gaps(render_to_string("guias/changes_sheet.html", context))


def sheet_name(old: Version, new: Version) -> str:
    """Return the name in the default storage of the sheet of two versions, drawn or not.

    It says what the sheet is made from; a file is whole or not there, so that being there is being ready.
    """
    parts = (str(EDITION), recipe(old), recipe(new))
    source = hashlib.sha256("".join(parts).encode()).hexdigest()[:12]
    return f"guias/cambios/{new.guide.slug}-{old.number}-{new.number}-{source}.pdf"


def kept_sheet(old: Version, new: Version) -> str:
    """Return that name when the sheet is there, drawing it the first time; for the worker."""
    name = sheet_name(old, new)
    if not default_storage.exists(name):
        return default_storage.save(name, ContentFile(changes_sheet(old, new)))
    return name
