"""The letter that says by mail what changed in a guide, to one who holds an older version of it.

Asked of documentation tools since 2017 (readthedocs/readthedocs.org issue 5587) and had of none: to know
what is new she need not come back. First at most :data:`WORDS` words; then, of the chapters that she opened
(all, if she took the guide), the paragraphs that changed, as they were beside as they are. Who follows a
guide and opened nothing of it, or nothing that changed, has no paragraphs of hers: her letter is those words,
and among them the chapters that changed, each with the way to its words. Knows no mail: a subject, a text and
its HTML. Colours say nothing in it, and it fetches nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Set
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from guias.models import Version
from guias.models.changes import ChapterChange, changed
from nucleo.words import Paragraph, excerpt, shares

WORDS = 150
"""Words before the paragraphs, at most."""
NAME, LINES = 25, 85
"""Of these, at most so many for the name of the guide and for the lines of the editor."""
FIXED = 60
"""Words that a letter without paragraphs has beside them, with addresses and dashes."""
SHOWN = 12
"""Changed paragraphs that a letter carries, a screen or two of a phone; the rest are counted, with a link.

Each chapter has its part of them, so that the last is not silent because the first was written anew; what
one does not need, the others have."""
LETTERS = 700
"""Letters of one paragraph, before and after together; of a longer one, what changed in it."""
AROUND = 100
"""Letters that stayed, beside what changed in a long paragraph."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one person."""

    subject: str
    text: str
    html: str
    sheet: str
    """The human name of the sheet that goes with it (``guias.exports.changes``)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One changed chapter of the letter, with the paragraphs that it carries; ``more`` are at ``changes``."""

    change: ChapterChange
    address: str
    paragraphs: list[Paragraph]
    more: int
    changes: str


@dataclass(frozen=True, slots=True)
class Named:
    """A changed chapter that the letter names, with the way to what changed in it."""

    change: ChapterChange
    changes: str


def write(version: Version, held: Version, *, chapters: Set[str] | None = None, stop: str = "") -> Letter:
    """Return the letter about ``version`` to who holds ``held`` and opened ``chapters`` of it.

    Without ``chapters`` she took the whole. ``stop`` is the address where she ends such letters; her account
    where none is given.
    """
    guide = version.guide_then
    changes = changed(held.chapters, version.chapters)
    all_changes = settings.ORIGIN + reverse(
        "guias:changes", args=[version.guide.slug, held.number, version.number]
    )
    whole = chapters is None
    hers = [one for one in changes if chapters is None or {one.slug, one.old_slug} & chapters]
    parts = _parts(version, hers, all_changes)
    title, others = Truncator(guide.title).words(NAME), [one for one in changes if one not in hers]
    room = sys.maxsize if parts else WORDS - FIXED - len(title.split())
    lines = _brief(version.change_lines, min(LINES, room))
    named = _named(others, all_changes, room - sum(len(line.split()) for line in lines))
    context = {
        "guide": guide,
        "version": version,
        "held": held,
        "title": title,
        "holds": "whole" if whole else "opened" if chapters else "",
        "lines": lines,
        "parts": parts,
        "left": any(part.more for part in parts),
        "others": others,
        "named": named,
        "unnamed": len(others) - len(named),
        "address": settings.ORIGIN + version.guide.get_absolute_url(),
        "pdf": settings.ORIGIN + reverse("guias:download", args=[version.guide.slug, "pdf"]),
        "all_changes": all_changes,
        "stop": stop or f"{settings.ORIGIN}/cuenta/",
    }
    subject = _("Cambió la guía %(title)s: versión %(n)s") % {
        "title": guide.title,
        "n": version.number,
    }
    text = render_to_string("guias/letter.txt", context)
    html = render_to_string("guias/letter.html", context)
    sheet = _("%(guide)s-que-cambio-de-la-%(old)s-a-la-%(new)s.pdf") % {
        "guide": version.guide.slug,
        "old": held.number,
        "new": version.number,
    }
    return Letter(subject, text.strip() + "\n", html, sheet)


def _brief(lines: list[str], room: int) -> list[str]:
    """Return the lines with at most ``room`` words in all."""
    brief = []
    for line in lines:
        if room > 0:
            brief.append(Truncator(line).words(room))
        room -= len(line.split())
    return brief


def _named(changes: list[ChapterChange], all_changes: str, room: int) -> list[Named]:
    """Return the first of ``changes`` that have room in so many words, SHOWN at most."""
    found = []
    for change in changes[:SHOWN]:
        room -= len(change.title.split()) + len(("-", "capítulo", "nuevo", "address"))
        if room < 0:
            break
        found.append(Named(change, f"{all_changes}#c-{change.slug}"))
    return found


def _parts(version: Version, changes: list[ChapterChange], all_changes: str) -> list[Part]:
    wanted = [len(change.paragraphs) for change in changes]
    room = max(SHOWN, sum(count > 0 for count in wanted))
    return [
        Part(
            change,
            address=_address(version, change),
            paragraphs=[_short(one) for one in change.paragraphs[:count]],
            more=len(change.paragraphs) - count,
            changes=f"{all_changes}#c-{change.slug}",
        )
        for change, count in zip(changes, shares(wanted, room), strict=True)
    ]


def _address(version: Version, change: ChapterChange) -> str:
    if change.kind == "removed":
        return ""
    return settings.ORIGIN + reverse("guias:chapter", args=[version.guide.slug, change.slug])


def _short(paragraph: Paragraph) -> Paragraph:
    if sum(len(words) for _operation, words in paragraph.words) <= LETTERS:
        return paragraph
    return excerpt(paragraph, limit=LETTERS, around=AROUND)
