"""Whether the index holds what the database says: both ways, with little memory whatever their size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone

from search import backends, registry
from search.backends.base import Backend, Known, dump, mark
from search.indexing import BATCH, Batch, by_source, everything
from search.models import IndexedChange, PendingChange

MISSING, EXTRA, STALE, BROKEN = "missing", "extra", "stale", "broken"
"""Only in the database; only in the index; in both, and not the same; a row that gives no documents."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One document that index and database disagree about."""

    what: str
    """MISSING, EXTRA, STALE or BROKEN."""
    row: str
    key: str

    def __str__(self) -> str:
        return f"{self.row} {self.key}".strip()


def differences(engine: str = "") -> Iterator[Difference]:
    """Compare index and database both ways, by key, version and mark, a batch at a time.

    First each row of the database with what the index holds of it, then the rows of the index with those
    that there still are. What waits in the outbox, or left it meanwhile, is no difference. Raises EngineDown.
    """
    backend = backends.current(engine)
    begun = timezone.now()
    for batch in everything():
        yield from _settled([*_differing(backend, batch)], begun)
    held = backend.known_versions()
    while some := list(islice(held, BATCH)):
        there = _existing({known.row for known in some})
        gone = [Difference(EXTRA, known.row, known.key) for known in some if known.row not in there]
        yield from _settled(gone, begun)


def _differing(backend: Backend, batch: Batch) -> Iterator[Difference]:
    wanted = {
        (row, one.key): Known(row, one.key, one.version, mark(dump(one)))
        for row, made in batch.rows.items()
        for one in made
    }
    for known in backend.versions_of(batch.rows):
        expected = wanted.pop((known.row, known.key), None)
        if expected is None:
            yield Difference(EXTRA, known.row, known.key)
        elif expected != known:
            yield Difference(STALE, known.row, known.key)
    for row, key in wanted:
        yield Difference(MISSING, row, key)
    for row in batch.failed:
        yield Difference(BROKEN, row, "")


def _existing(named: Iterable[str]) -> set[str]:
    """Return those of these rows that there are and that may be found."""
    there: set[str] = set()
    for name, pks in by_source(named).items():
        with suppress(KeyError, ValueError, TypeError):  # a source of another release; a key that is none
            rows = registry.source(name).queryset().filter(pk__in=pks)
            there |= {f"{name}:{pk}" for pk in rows.values_list("pk", flat=True)}
    return there


def _settled(found: list[Difference], begun: datetime) -> Iterator[Difference]:
    """Leave out what waits to be indexed, or has been since ``begun``: it was compared too early."""
    moving: set[str] = set()
    for name, pks in by_source({one.row for one in found}).items():
        # The outbox first: a change leaves it in the same transaction that notes it as indexed.
        for changes in (PendingChange.objects.all(), IndexedChange.objects.filter(at__gte=begun)):
            moving |= {str(change) for change in changes.filter(source=name, object_id__in=pks)}
    return (one for one in found if one.row not in moving)
