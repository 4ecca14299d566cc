"""The index filled anew beside the one that serves: it goes on where it was killed, and misses no write.

How far it came stands in the database, one step behind what the engine has kept: what is done twice gives the
same. The worker begins by itself when what serves is damaged, or was never filled. Knows no engine.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.db import connection
from django.utils import timezone

from search import backends, rebuilding_apart, registry
from search.backends.base import AnotherRebuilds, Backend, Build, EngineDown
from search.indexing import ADVISORY_LOCK, BATCH, KEPT, documents_of, everything, paged
from search.models import IndexedChange, PendingChange, RebuildProgress
from search.rebuilding_apart import Report

logger = logging.getLogger(__name__)

SAVE_SECONDS = 5.0
"""How much work is done again after a rebuild was killed."""
MANY = 10_000
"""Rows from which on a rebuild takes memory and time enough to deserve a process of its own."""


def rebuild(engine: str = "", report: Report = lambda done, total: None, *, fresh: bool = False) -> int:
    """Fill a new index beside the live one and swap; return how many documents it was given.

    Goes on with one that was interrupted, unless ``fresh``. ``report(done, total)`` counts rows. What is
    written meanwhile reaches the old one at once and the new one before and after the swap; a row that gives
    no documents waits in the outbox. Raises EngineDown; the old one serves on.
    """
    backend = backends.current(engine)
    with _alone(backend):
        progress = _unfinished(backend, fresh=fresh)
        with backend.rebuild(progress.build) as build:
            is_new = build.name != progress.build
            if is_new:
                progress = _begun(backend, build.name)
            _fill(build, progress, report, again=not is_new)
            progress.caught_up_at = timezone.now()
            _catch_up(build, progress.begun_at)
            progress.save()
            build.swap()
        _finish(backend, progress)
    return progress.documents


def refill(report: Report = lambda done, total: None) -> None:
    """Rebuild; of MANY rows in a process of its own, for who answers visitors meanwhile.

    What ``report`` raises interrupts it, and the next one goes on. Raises EngineDown.
    """
    if sum(source.queryset().count() for source in registry.sources()) < MANY:
        rebuild(report=report)
    else:
        rebuilding_apart.rebuild(report)


def mend(report: Report = lambda done, total: None) -> bool:
    """Rebuild an index that is damaged or was never filled, and end what a kill cut off; for the worker.

    Returns whether there was anything to do. ``report`` is as in :func:`refill`. Raises EngineDown when it
    could not be done.
    """
    backend = backends.current()
    backend.examine()
    health = backend.health()
    if not (health.ready or health.ok or health.damaged):
        return False  # a server that is away: nothing to mend here
    if not health.ready:
        logger.warning("The search index is filled anew: %s", health.detail or "it never was")
        with suppress(AnotherRebuilds):
            refill(report)
        return True
    cut_off = RebuildProgress.objects.filter(label=backend.label, caught_up_at__isnull=False).first()
    if cut_off is None:
        return False
    with _alone(backend):
        _finish(backend, cut_off)
    return True


def _unfinished(backend: Backend, *, fresh: bool) -> RebuildProgress:
    """Return how far an earlier one came; nothing when it is too old for its changes to be known."""
    found = RebuildProgress.objects.filter(label=backend.label).first()
    if found is not None and found.caught_up_at is not None:
        _catch_up(backend, found.caught_up_at)
    if found is None or fresh or found.begun_at < timezone.now() - KEPT / 2:
        return RebuildProgress()
    return found


def _begun(backend: Backend, build: str) -> RebuildProgress:
    RebuildProgress.objects.filter(label=backend.label).delete()
    return RebuildProgress.objects.create(
        label=backend.label, build=build, total=sum(s.queryset().count() for s in registry.sources())
    )


def _fill(build: Build, progress: RebuildProgress, report: Report, *, again: bool) -> None:
    """Put in all rows from where ``progress`` says; ``again`` when some of them may be in already.

    A build that takes nothing more is given up.
    """
    at_first, saved = progress.rows, time.monotonic()
    try:
        for batch in everything((progress.source, progress.last)):
            build.index(batch.rows, again=again)
            _let_wait(batch.failed)
            progress.source, progress.last = batch.source, batch.last
            progress.rows += batch.size
            progress.documents += sum(map(len, batch.rows.values()))
            if time.monotonic() - saved >= SAVE_SECONDS:
                build.save()
                progress.save()
                saved = time.monotonic()
            report(progress.rows, max(progress.rows, progress.total))
        build.save()
        progress.save()
    except EngineDown:
        if at_first and RebuildProgress.objects.filter(pk=progress.pk, rows=at_first).delete()[0]:
            logger.warning("The unfinished index %s takes nothing more: the next begins anew", build.name)
        raise


def _let_wait(failed: dict[str, str]) -> None:
    """Have rows that give no documents tried again, and show why."""
    for row, reason in failed.items():
        source, _, pk = row.partition(":")
        if not PendingChange.objects.filter(source=source, object_id=pk).exists():
            PendingChange.objects.create(source=source, object_id=pk, attempts=1, last_error=reason[:2000])


def _finish(backend: Backend, progress: RebuildProgress) -> None:
    """Index once more what may have gone to the index that served before."""
    if progress.caught_up_at is not None:
        _catch_up(backend, progress.caught_up_at)
    progress.delete()


def _catch_up(engine: Build | Backend, since: datetime) -> None:
    """Index again what was drained since, and what is being drained now: it may have gone to the old index.

    The outbox is read first: a change leaves it in the same transaction that notes it as indexed.
    """
    for changes in (PendingChange.objects.all(), IndexedChange.objects.filter(at__gte=since)):
        for some in paged(changes.only("source", "object_id"), BATCH):
            engine.index(documents_of({str(change) for change in some})[0])


@contextmanager
def _alone(backend: Backend) -> Iterator[None]:
    """Let one process at a time rebuild; raises AnotherRebuilds.

    An engine that is not shared locks its own directory. Of several processes over SQLite, two could rebuild
    on one server: they would put the same into the same index.
    """
    if not backend.capabilities.shared or connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK + 1])
        if not cursor.fetchone()[0]:
            raise AnotherRebuilds("another process is rebuilding this index")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK + 1])
