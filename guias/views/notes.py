"""What the portal knows beside the text of a guide, for one reader, in one question to the database.

A chapter is the page that phones open most. What she opened, what she ticked, whether she follows the guide,
what is known to be wrong, what nobody reviewed and which forms are filled for it are few short rows of six
tables: together they cost one way to the database, not six.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from guias.enums import VersionState
from guias.models import ChapterReview, Erratum, Following, Guide, PaperForm, Reading, Tick, Version

Row = tuple[str, str, str, str, int, dt.datetime | None, dt.date | None]
OPENED, TICKED, FOLLOWED, WRONG, UNSEEN = "opened", "ticked", "followed", "wrong", "unseen"
FORM = "form"


@dataclass(slots=True)
class Notes:
    """What there is; ``opened`` holds chapters with the version they were opened in, the last one last."""

    opened: list[tuple[str, int]] = field(default_factory=list)
    ticks: set[str] = field(default_factory=set)
    follows: bool | None = None
    """Whether she asked to be told when the guide changes; None where nobody looked."""
    errata: list[Erratum] = field(default_factory=list)
    """Of the whole version, in the order in which they were noted."""
    unseen: list[ChapterReview] = field(default_factory=list)
    """Chapters whose review is long overdue, in the order of the guide; of a version in force alone."""
    forms: list[tuple[str, PaperForm]] = field(default_factory=list)
    """Chapters with a form on paper that goes with them, by name, also those that are not published."""


def notes_on(guide: Guide, version: Version, user: Any, *, following: bool = False) -> Notes:
    """Return what is noted of ``version``, and by ``user`` of its guide; a query, or none for nothing.

    ``following``: whether she follows the guide, too.
    """
    parts: list[QuerySet[Any, Row]] = []
    if user.is_authenticated:
        opened, ticked = (
            Reading.objects.filter(user=user, guide=guide),
            Tick.objects.filter(user=user, guide=guide),
        )
        parts.append(_rows(opened, OPENED, "chapter", number="version_number", at="read_at"))
        parts.append(_rows(ticked, TICKED, "item"))
        if following:
            parts.append(_rows(Following.objects.filter(user=user, guide=guide), FOLLOWED, "pk"))
    if version.has_errata:
        wrong = Erratum.objects.filter(version=version)
        parts.append(_rows(wrong, WRONG, "chapter", "said", "meant", number="pk", at="noted_at"))
    if version.has_unseen and version.state == VersionState.IN_FORCE:
        found = ChapterReview.objects.living().told().filter(guide=guide)
        told = {"number": "number", "at": "wanted_at", "day": "due_on"}
        parts.append(_rows(found, UNSEEN, "chapter", "title", "wanted", **told))
    if version.has_forms and version.state == VersionState.IN_FORCE:
        given = PaperForm.chapters.through._default_manager.filter(chapterreview__guide=guide)
        form = ("paperform__slug", "paperform__title")
        parts.append(_rows(given, FORM, "chapterreview__chapter", *form, number="paperform__is_public"))
    notes = _sorted_out(parts[0].union(*parts[1:], all=True), guide) if parts else Notes()
    if following:
        notes.follows = bool(notes.follows)
    return notes


def _rows(
    found: QuerySet[Any],
    what: str,
    name: str,
    one: str = "",
    other: str = "",
    *,
    number: str = "",
    at: str = "",
    day: str = "",
) -> QuerySet[Any, Row]:
    """Return the rows in columns that are alike for all tables."""
    columns = (
        (Value(what), CharField()),
        (F(name), CharField()),
        (F(one) if one else Value(""), TextField()),
        (F(other) if other else Value(""), TextField()),
        (F(number) if number else Value(0), IntegerField()),
        (F(at) if at else Value(None), DateTimeField()),
        (F(day) if day else Value(None), DateField()),
    )
    return found.order_by().values_list(*(Cast(value, kind) for value, kind in columns))


def _sorted_out(rows: QuerySet[Any, Row], guide: Guide) -> Notes:
    notes = Notes()
    for what, name, one, other, number, at, day in sorted(rows, key=_when):
        if what == OPENED:
            notes.opened.append((name, number))
        elif what == TICKED:
            notes.ticks.add(str(UUID(name)))
        elif what == FOLLOWED:
            notes.follows = True
        elif what == WRONG:
            erratum = Erratum(pk=number, chapter=name, said=one, meant=other)
            erratum.noted_at = at  # type: ignore[assignment]
            notes.errata.append(erratum)
        elif what == FORM:
            notes.forms.append((name, PaperForm(slug=one, title=other, is_public=bool(number))))
        else:
            review = ChapterReview(guide=guide, chapter=name, title=one, wanted=other, number=number)
            review.wanted_at, review.due_on = at, day  # type: ignore[assignment]
            notes.unseen.append(review)
    notes.forms.sort(key=lambda row: row[1].title)
    return notes


def _when(row: Row) -> tuple[float, int]:
    what, number, at = row[0], row[4], row[5]
    return (at.timestamp() if at and what != UNSEEN else 0.0, number)
