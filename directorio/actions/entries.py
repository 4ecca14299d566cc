"""Writes of entries that come from outside the admin: files, and owners who confirm theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from directorio.actions.index import queue_entry
from directorio.models import Entry

LONGEST_SLUG = 75
"""Leaves room for a number in the shortest slug field of the app."""

E = TypeVar("E", bound=Entry)


def free_slug(model: type[models.Model], text: str) -> str:
    """Return the slug of ``text``, with a number after it when another row of ``model`` has it already."""
    base = slugify(text)[:LONGEST_SLUG].strip("-") or "ficha"
    rows = model._default_manager.filter(slug__startswith=base)
    taken = set(rows.values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


@transaction.atomic
def save_entry(*, entry: E, related: Mapping[str, Sequence[models.Model]]) -> E:
    """Validate and save ``entry`` (new or changed), set its relations to many, queue it; return it.

    Raises ValidationError with an error a field; then nothing was written. A relation that ``related``
    does not name stays as it is.
    """
    entry.full_clean()
    entry.save()
    for name, rows in related.items():
        getattr(entry, name).set(rows)
    queue_entry(entry)
    return entry


@transaction.atomic
def confirm(*, entry: Entry, on: dt.date | None = None) -> bool:
    """Note that its owner says that ``entry`` is true ``on`` that day (today); return if that is news."""
    day = on or timezone.localdate()
    if entry.confirmed_at == day:
        return False
    entry.confirmed_at = day
    entry.save(update_fields=["confirmed_at", "updated_at"])
    queue_entry(entry)
    return True
