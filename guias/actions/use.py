"""Count that a guide was read or kept. Figures gather in memory (``nucleo.counting``): no reader waits.

Whoever calls has made sure that it was a person (``guias.views.counting``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from guias.models import Chapter, GuideUse, PlaceUse, Reading, Version
from guias.models.use import month_of, start_of
from nucleo.counting import Gathered, is_first

Of = tuple[dt.date, int, str]
"""Month, version, chapter."""
From = tuple[dt.date, str, int | None]
"""Month, route, city."""


def note_reading(*, version: Version, chapter: Chapter | None, who: str, user: Any) -> None:
    """Count that ``who`` (a ``reader_key``) opened a chapter of ``version``, or its first page.

    Once a day each. To be called before ``mark_read``, by which she will have read of the route this month:
    one query then, on the first chapter of a route that an account with a city opens on a day.
    """
    month = month_of(timezone.localdate())
    route = version.guide.route
    city = getattr(user, "city_id", None)
    if is_first(f"guía {version.pk}", who):
        _guides.add((month, version.pk, ""), readings=1)
        _places.add((month, route, city), readings=1)
    if chapter is None or not is_first(f"capítulo {version.pk} {chapter.slug}", who):
        return
    _guides.add((month, version.pk, chapter.slug), readings=1)
    if city is not None and is_first(f"ruta {route}", who) and not _has_read(user, route, month):
        _places.add((month, route, city), people=1)


def _has_read(user: Any, route: str, month: dt.date) -> bool:
    found = Reading.objects.filter(user=user, guide__route=route, read_at__gte=start_of(month))
    return found.exists()


def note_kept(*, version: Version, who: str) -> None:
    """Count that ``who`` keeps ``version`` on her phone to read it without a connection."""
    if is_first(f"guardada {version.pk}", who):
        _guides.add((month_of(timezone.localdate()), version.pk, ""), kept=1)


def flush() -> None:
    """Write what waits. Raises DatabaseError."""
    _guides.flush()
    _places.flush()


def forget() -> None:
    """Let go of what waits: for tests."""
    _guides.forget()
    _places.forget()


@transaction.atomic
def _write_guides(taken: Mapping[Of, Mapping[str, int]]) -> None:
    for (month, version, chapter), more in sorted(taken.items()):
        _add(GuideUse.objects, more, month=month, version_id=version, chapter=chapter)


@transaction.atomic
def _write_places(taken: Mapping[From, Mapping[str, int]]) -> None:
    for (month, route, city), more in sorted(taken.items(), key=lambda one: (*one[0][:2], one[0][2] or 0)):
        _add(PlaceUse.objects, more, month=month, route=route, city_id=city)


def _add(rows: models.Manager[Any], more: Mapping[str, int], **place: Any) -> None:
    """Add to the row of ``place``: two processes at once both count. Called in order, they do not lock."""
    row, _new = rows.get_or_create(**place)
    rows.filter(pk=row.pk).update(**{name: F(name) + number for name, number in more.items()})


_guides: Gathered[Of] = Gathered(_write_guides, what="Readings of guides")
_places: Gathered[From] = Gathered(_write_places, what="Readings by city")
