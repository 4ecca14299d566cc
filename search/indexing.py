"""From the outbox into the index: in batches, again after failures, safe to kill at any moment.

A change leaves the outbox only after the engine has taken it; done twice it gives the same. Documents
are made from the rows as they are now, never from what was queued. Knows no engine and no app.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from search import backends, registry, teaching
from search.backends.base import EngineDown
from search.documents import SearchDocument
from search.models import IndexedChange, PendingChange

logger = logging.getLogger(__name__)

BATCH = 500
ROWS = 200
"""Rows whose documents are made at a time, when all are."""
MAX_WAIT_SECONDS = 300
KEPT = timedelta(days=1)
"""How long a rebuild may last, with its interruptions, and still miss nothing."""

LATE = timedelta(minutes=5)
"""How long what was written may wait before readers are told that the newest may be missing."""
LATE_KEPT = 30
ENGINE = "engine:"
"""What the error of a change begins with that waits for the engine, and not for its own row to be mended."""
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
        rows, failed = documents_of(by_row)
        try:
            backends.current().index(rows)
        except EngineDown as error:
            failed |= dict.fromkeys(rows, f"{ENGINE} {error}")
            rows = {}
        _postpone(by_row, failed)
        return _finish([change for row in rows for change in by_row[row]])


def refusal() -> str:
    """Return why the engine did not take what still waits (it is away, damaged, full), or nothing."""
    waiting = PendingChange.objects.filter(attempts__gt=0, last_error__startswith=ENGINE)
    return (waiting.values_list("last_error", flat=True).first() or "").removeprefix(ENGINE).strip()


def is_late() -> bool:
    """Whether a change has waited longer than LATE for an engine or a worker, and not for a row to be mended.

    Asked by each search, so what was found holds for some seconds.
    """
    return bool(cache.get_or_set("search:late", _is_late, LATE_KEPT))


def _is_late() -> bool:
    waiting = PendingChange.objects.filter(queued_at__lt=timezone.now() - LATE)
    return waiting.filter(Q(attempts=0) | Q(last_error__startswith=ENGINE)).exists()


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


def by_source(named: Iterable[str]) -> dict[str, set[str]]:
    """Return the keys of rows (``source:pk``) by their source."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in named:
        name, _, pk = row.partition(":")
        wanted[name].add(pk)
    return wanted


def documents_of(named: Iterable[str]) -> tuple[Documents, dict[str, str]]:
    """Return the documents of the rows now (none of one that is gone), and what went wrong with others."""
    rows: Documents = {}
    failed: dict[str, str] = {}
    for name, pks in by_source(named).items():
        try:
            source = registry.source(name)
        except KeyError:
            failed |= {f"{name}:{pk}": f"no source is called {name!r}" for pk in pks}
            continue
        objects = source.queryset()
        wrong = _no_keys(objects.model, pks)
        keys = pks - wrong.keys()
        found = {str(obj.pk): obj for obj in objects.filter(pk__in=keys)}
        made, broken = _made(source, found.values())
        rows |= {f"{name}:{pk}": () for pk in keys - set(found)} | made
        failed |= broken | {f"{name}:{pk}": reason for pk, reason in wrong.items()}
    return rows, failed


def _no_keys(model: type[Model], pks: Iterable[str]) -> dict[str, str]:
    """Return those of ``pks`` that can be no key of ``model``, and why: they must not hold up the others."""
    wrong: dict[str, str] = {}
    for pk in pks:
        try:
            model._meta.pk.to_python(pk)
        except ValidationError as error:
            wrong[pk] = error.messages[0]
    return wrong


def _made(source: registry.Source, objects: Iterable[Any]) -> tuple[Documents, dict[str, str]]:
    """Return the documents of these rows, and what went wrong with others: they must not hold these up."""
    rows: Documents = {}
    failed: dict[str, str] = {}
    for obj in objects:
        row = f"{source.name}:{obj.pk}"
        try:
            rows[row] = tuple(source.documents(obj))
        except Exception as error:
            logger.exception("No documents of %s", row)
            failed[row] = repr(error)
    return teaching.completed(rows), failed


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


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source in the order of their keys, with their documents now."""

    source: str
    last: str
    """Key of the last of them."""
    rows: Documents
    failed: dict[str, str]
    """Row → why it gives no documents."""

    @property
    def size(self) -> int:
        """How many rows they are."""
        return len(self.rows) + len(self.failed)


def everything(after: tuple[str, str] = ("", "")) -> Iterator[Batch]:
    """Yield all rows of all sources in batches: a query each, so that nothing is held open or in memory.

    ``after`` names a source and the key of its row that was the last one seen.
    """
    sources = registry.sources()
    names = [source.name for source in sources]
    if after[0] in names:
        sources = sources[names.index(after[0]) :]
    for source in sources:
        last = after[1] if source.name == after[0] else ""
        for objects in paged(source.queryset(), ROWS, last):
            rows, failed = _made(source, objects)
            yield Batch(source.name, str(objects[-1].pk), rows, failed)


def paged(rows: QuerySet[Any], size: int, last: Any = "") -> Iterator[list[Any]]:
    """Yield the rows by their key, ``size`` at a time, those after ``last``."""
    rows = rows.order_by("pk")
    while page := list((rows.filter(pk__gt=last) if last else rows)[:size]):
        yield page
        last = page[-1].pk
