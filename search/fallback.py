"""Titles straight from the database, while the engine rests: little, but honest and at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist

from nucleo.folding import fold, folded
from search import registry
from search.backends.plan import Plan
from search.documents import SearchDocument

PER_SOURCE = 10


def titles(plan: Plan, kinds: tuple[str, ...], audience: frozenset[str], viewer: Any) -> list[SearchDocument]:
    """Return documents of rows whose title holds every word typed, with its accents or without.

    A query a source, of rows that ``viewer`` may read: those of others must not use up the few that are
    taken. Not authorised yet.
    """
    words = [word.typed for word in plan.words] or [word for phrase in plan.phrases for word in phrase]
    found: list[SearchDocument] = []
    for source in registry.sources():
        if kinds and source.kind not in kinds:
            continue
        rows = source.rows_of(viewer)
        field = _title_field(source, rows.model)
        if not words or not field:
            continue
        rows = rows.annotate(folded_title=folded(field))
        for word in words:
            rows = rows.filter(folded_title__contains=fold(word))
        for row in rows[:PER_SOURCE]:
            found.extend(d for d in list(source.documents(row))[:1] if d.audience & audience)
    return found


def _title_field(source: registry.Source, model: Any) -> str:
    for name in filter(None, (source.title_field, "title", "name")):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return name
    return ""
