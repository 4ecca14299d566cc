"""From the outbox into the index: in batches, again after failures, safe to kill at any moment.

A change leaves the outbox only after the engine has taken it; done twice it gives the same. Documents
are made from the rows as they are now, never from what was queued. Knows no engine and no app.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from search import backends, registry
from search.backends.base import Backend, Build, EngineDown
from search.documents import SearchDocument
from search.models import IndexedChange, PendingChange

logger = logging.getLogger(__name__)

BATCH = 500
MAX_WAIT_SECONDS = 300
KEPT = timedelta(days=1)
"""How long a rebuild may last and still miss nothing."""

ADVISORY_LOCK = 7_304_155
"""Any number, the same in all processes."""
_turn = threading.Lock()
Documents = dict[str, Sequence[SearchDocument]]


def drain_once() -> int:
    """Index one batch of what is due; return how many changes were done (0: nothing is due now)."""
    return drain(BATCH)


def drain(limit: int = BATCH) -> int:
    """Index up to ``limit`` due changes. Never raises for a row or an engine: they wait for a next try."""
    with _alone() as alone:
        if not alone:
            return 0
        changes = list(PendingChange.objects.filter(due_at__lte=timezone.now())[:limit])
        if not changes:
            return 0
        by_row: dict[str, list[PendingChange]] = defaultdict(list)
        for change in changes:
            by_row[str(change)].append(change)
        rows, failed = _documents_of(by_row)
        try:
            backends.current().index(rows)
        except EngineDown as error:
            failed |= dict.fromkeys(rows, str(error))
            rows = {}
        _postpone(by_row, failed)
        return _finish([change for row in rows for change in by_row[row]])


@contextmanager
def _alone() -> Iterator[bool]:
    """Take the turn to drain among the threads of this process and, on PostgreSQL, among all processes.

    Two at once could bring a row back that one of them had just seen deleted. With SQLite there is one
    process that drains.
    """
    with _turn:
        if connection.vendor != "postgresql":
            yield True
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _documents_of(named: Iterable[str]) -> tuple[Documents, dict[str, str]]:
    """Return the documents of the rows now (none of one that is gone), and what went wrong with others."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in named:
        name, _, pk = row.partition(":")
        wanted[name].add(pk)
    rows: Documents = {}
    failed: dict[str, str] = {}
    for name, pks in wanted.items():
        try:
            source = registry.source(name)
            found = {str(obj.pk): obj for obj in source.queryset().filter(pk__in=pks)}
        except KeyError:
            failed |= {f"{name}:{pk}": f"no source is called {name!r}" for pk in pks}
            continue
        except (ValueError, TypeError) as error:
            failed |= {f"{name}:{pk}": str(error) for pk in pks}
            continue
        for pk in pks:
            try:
                rows[f"{name}:{pk}"] = tuple(source.documents(found[pk])) if pk in found else ()
            except Exception as error:  # one broken row must not hold up the others
                logger.exception("No documents of %s:%s", name, pk)
                failed[f"{name}:{pk}"] = repr(error)
    return rows, failed


def _postpone(by_row: dict[str, list[PendingChange]], failed: dict[str, str]) -> None:
    """Let failed changes wait: 2, 4, 8 … seconds, five minutes at most."""
    late: list[PendingChange] = []
    for row, reason in failed.items():
        for change in by_row[row]:
            change.attempts = min(change.attempts + 1, 1000)
            wait = min(2 ** min(change.attempts, 12), MAX_WAIT_SECONDS)
            change.due_at = timezone.now() + timedelta(seconds=wait)
            change.last_error = reason[:2000]
            late.append(change)
    if late:
        logger.warning("%d changes could not be indexed: %s", len(late), late[0].last_error)
        PendingChange.objects.bulk_update(late, ["attempts", "due_at", "last_error"])


def _finish(changes: list[PendingChange]) -> int:
    if not changes:
        return 0
    now = timezone.now()
    with transaction.atomic():
        IndexedChange.objects.bulk_create(
            IndexedChange(source=source, object_id=pk, at=now)
            for source, pk in {(change.source, change.object_id) for change in changes}
        )
        PendingChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
        IndexedChange.objects.filter(at__lt=now - KEPT).delete()
    return len(changes)


def everything(report: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Documents]:
    """Yield the documents of all rows of all sources in batches; ``report(done, total)`` counts rows."""
    total = sum(source.queryset().count() for source in registry.sources())
    done = 0
    for source in registry.sources():
        batch: Documents = {}
        for obj in source.queryset().iterator(chunk_size=200):
            batch[f"{source.name}:{obj.pk}"] = tuple(source.documents(obj))
            done += 1
            if len(batch) >= 200:
                yield batch
                batch = {}
                report(done, total)
        if batch:
            yield batch
        report(done, total)


def rebuild(engine: str = "", report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Fill a new index beside the live one and swap; return how many documents it holds. Raises EngineDown.

    What is written meanwhile reaches the old one at once and the new one before and after the swap.
    """
    backend: Backend = backends.current(engine)
    begun = timezone.now()
    count = 0
    with backend.rebuild() as build:
        for batch in everything(report):
            build.index(batch)
            count += sum(map(len, batch.values()))
        caught_up = timezone.now()
        _catch_up(build, begun)
        build.swap()
    _catch_up(backend, caught_up)
    return count


def _catch_up(engine: Build | Backend, since: datetime) -> None:
    """Index again what was drained since, and what is being drained now: it may have gone to the old index.

    The outbox is read first: a change leaves it in the same transaction that notes it as indexed.
    """
    changed = [str(change) for change in PendingChange.objects.only("source", "object_id")]
    changed += [str(change) for change in IndexedChange.objects.filter(at__gte=since)]
    rows = list(dict.fromkeys(changed))
    for at in range(0, len(rows), BATCH):
        engine.index(_documents_of(rows[at : at + BATCH])[0])


@dataclass(frozen=True, slots=True)
class Difference:
    """What index and database disagree about: rows and keys."""

    missing: list[str]
    """In the database, not in the index."""
    extra: list[str]
    """In the index, no longer in the database."""
    stale: list[str]
    """In both, with another version."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.stale)


def compare(engine: str = "") -> Difference:
    """Compare index and database both ways, by key and version; what waits in the outbox is left out."""
    waiting = {str(change) for change in PendingChange.objects.only("source", "object_id")}
    expected: dict[str, int] = {}
    for batch in everything():
        for row, documents in batch.items():
            if row not in waiting:
                expected.update({f"{row} {d.key}": d.version for d in documents})
    extra: list[str] = []
    stale: list[str] = []
    for row, key, version in backends.current(engine).known_versions():
        if row in waiting:
            continue
        wanted = expected.pop(f"{row} {key}", None)
        if wanted is None:
            extra.append(f"{row} {key}")
        elif wanted != version:
            stale.append(f"{row} {key}")
    return Difference(missing=sorted(expected), extra=sorted(extra), stale=sorted(stale))
