"""What no visitor should wait for: index, files, mail, and what has fallen due, in two lanes.

The index has a lane of its own, since a file takes seconds to draw and who has written looks for it at once;
everything else takes turns in the other. ``make run`` runs the worker as threads of the only process, several
processes run it as ``manage.py worker``. It knows no app: what is done is a row in the database (search
outbox, queued task) or belongs to ``tick``. Nothing that goes wrong inside ends it, and killing it at any
moment loses nothing.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tasks.signals import task_enqueued

from portal import task_queue
from portal.models import WorkerBeat
from search import outbox
from search.indexing import drain_once
from search.rebuilding import mend

logger = logging.getLogger(__name__)

PAUSE = 0.5
"""How long a lane waits for work when nothing wakes it, in seconds: who has written in another process looks
for it at once."""
LONGEST_BACK_OFF = 60.0
BEAT_EVERY = 20.0
MINUTE = 60.0
FORGOTTEN_AFTER = timedelta(days=1)
FIRST_BACK_OFF = 1.0


def name_of_this_process() -> str:
    """Return how this process signs its beats: machine and number."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}"


def is_alive_here() -> bool:
    """Whether a worker of this machine (or container) was heard of lately."""
    return WorkerBeat.objects.alive().filter(name__startswith=f"{socket.gethostname()[:50]}:").exists()


@dataclass(slots=True)
class Chore:
    """One thing the loop does: ``run`` returns whether there may be more to do at once."""

    name: str
    run: Callable[[], bool]
    every: float = 0.0
    """Seconds between two runs; 0 is every time round."""
    due_at: float = 0.0
    failures: int = field(default=0)

    def run_if_due(self) -> bool:
        """Run it if its time has come; a failure is logged and lets it wait 1, 2, 4 … 60 seconds."""
        if time.monotonic() < self.due_at:
            return False
        try:
            more = self.run()
        except BaseException:  # panics of compiled libraries are not Exceptions; the loop must outlive them
            wait = min(FIRST_BACK_OFF * 2**self.failures, LONGEST_BACK_OFF)
            self.failures = min(self.failures + 1, 10)
            self.due_at = time.monotonic() + wait
            logger.exception("Worker: %s failed; again in %.0f s", self.name, wait)
            _drop_broken_connections()
            return False
        self.failures = 0
        self.due_at = time.monotonic() + self.every
        return more


class _Stopped(Exception):
    """The worker was told to end while it was filling an index."""


class Worker:
    """Both lanes. ``run`` blocks until ``stop`` is called; ``start`` runs it in a thread."""

    def __init__(self) -> None:
        self.name = name_of_this_process()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._turn = Turn()
        self._waiting = False
        self._mending = Chore("the state of the search index", self._mend, every=MINUTE / 2)
        self.indexing = Chore("the search index", _drain)
        self.chores = (
            Chore("the sign of life", self._beat, every=BEAT_EVERY),
            Chore("tasks left behind", self._requeue, every=MINUTE),
            self._mending,
            Chore("the tasks", self._one_task),
            Chore("what is due", _tick, every=MINUTE),
        )

    def run(self) -> None:
        """Work until ``stop``; what is being done then is finished first."""
        task_enqueued.connect(wake_after_commit, dispatch_uid="portal.worker")
        logger.debug("Worker %s starts", self.name)
        index = threading.Thread(target=self._index, name="worker-index", daemon=True)
        index.start()
        try:
            self._keep(self._round, task_queue.wake)
        finally:
            self.stop()
            index.join()
            self._leave()

    def start(self) -> None:
        """Run it in threads of this process."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, *, wait_seconds: float = 0.0) -> None:
        """Ask both lanes to end, and wait for their thread; what is cut off is done again after a start."""
        self._stopping.set()
        outbox.wake.set()
        task_queue.wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(wait_seconds)

    def run_until_idle(self) -> None:
        """Do what there is to do now, once; for tests and for loading in one go."""
        try:
            while self._round() | self._index_round():
                pass
        finally:
            self._turn.give_back()

    def _index(self) -> None:
        try:
            self._keep(self._index_round, outbox.wake)
        finally:
            self.stop()  # one lane alone would look alive
            connection.close()

    def _keep(self, go_round: Callable[[], bool], wake: threading.Event) -> None:
        """Go round until told to stop; where nothing is left, wait until woken."""
        while not self._stopping.is_set():
            wake.clear()
            if not go_round() and not self._stopping.is_set():
                wake.wait(PAUSE)

    def _index_round(self) -> bool:
        """Index one batch, while the other lane holds the turn; return whether there may be more."""
        if not self._turn.is_held:
            return False
        _drop_broken_connections()
        try:
            return self.indexing.run_if_due()
        finally:
            _drop_broken_connections()

    def _round(self) -> bool:
        """Do each chore that is due; return whether any has more. Only who holds the turn works."""
        _drop_broken_connections()
        try:
            had_it = self._turn.is_held
            if not self._turn.take():
                self._say_once_that_another_works()
                return False
            if self._waiting:
                logger.info("Worker %s takes over", self.name)
            self._waiting = False
            if not had_it:
                outbox.wake.set()  # the other lane may begin
            more = False
            for chore in self.chores:
                more = (not self._stopping.is_set() and chore.run_if_due()) or more
            return more
        finally:
            _drop_broken_connections()

    def _say_once_that_another_works(self) -> None:
        if not self._waiting:
            logger.info("Worker %s waits: another one works on this database", self.name)
        self._waiting = True

    def _beat(self) -> bool:
        now = timezone.now()
        WorkerBeat.objects.update_or_create(name=self.name, defaults={"beat_at": now})
        WorkerBeat.objects.filter(beat_at__lt=now - FORGOTTEN_AFTER).delete()
        return False

    def _one_task(self) -> bool:
        return task_queue.run_one(self.name)

    def _mend(self) -> bool:
        """Fill the search index anew if it must be, and do the rest meanwhile: mail does not wait for it."""
        with suppress(_Stopped):
            return mend(self._meanwhile)
        return False

    def _meanwhile(self, done: int, total: int) -> None:
        """Do what else is due between two batches of a rebuild; told to stop, leave it for a later start."""
        for chore in self.chores:
            if self._stopping.is_set():
                raise _Stopped
            if chore is not self._mending:
                chore.run_if_due()

    def _requeue(self) -> bool:
        """Who works alone knows that a task still marked as running was left by a worker that is gone."""
        task_queue.requeue_orphans(timedelta(0) if self._turn.is_exclusive else task_queue.ORPHANED_AFTER)
        return False

    def _leave(self) -> None:
        try:
            WorkerBeat.objects.filter(name=self.name).delete()
        except Exception:
            logger.warning("Worker %s could not take its sign of life away", self.name)
        self._turn.give_back()
        connections.close_all()
        logger.debug("Worker %s ends", self.name)


class Turn:
    """With SQLite one worker works at a time, and the system frees the turn when its process dies.

    With PostgreSQL workers share: tasks are locked row by row, the outbox by an advisory lock.
    """

    def __init__(self) -> None:
        self._file: IO[str] | None = None
        self._shared = False

    @property
    def is_held(self) -> bool:
        """Whether this worker may work now, as it was last told."""
        return self._shared or self.is_exclusive

    @property
    def is_exclusive(self) -> bool:
        """Whether nobody else can be working now."""
        return self._file is not None

    def take(self) -> bool:
        """Return whether this worker may work now."""
        self._shared = connection.vendor != "sqlite"
        if self.is_held:
            return True
        self._file = lock_file(Path(settings.VAR_DIR) / "worker.lock")
        return self._file is not None

    def give_back(self) -> None:
        """Let another one work."""
        self._shared = False
        if self._file is not None:
            self._file.close()
            self._file = None


def lock_file(path: Path) -> IO[str] | None:
    """Lock ``path`` for as long as the returned file is open; None when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = path.open("w", encoding="ascii")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        return None
    return held


def wake_after_commit(**kwargs: object) -> None:
    """Wake the worker of this process once the task that was queued can be seen."""
    transaction.on_commit(task_queue.wake.set)


def _drain() -> bool:
    return drain_once() > 0


def _tick() -> bool:
    """Do what is due, in one of the workers that share a cache; all of it may be done twice without harm."""
    if cache.add(f"worker:tick:{int(time.time() // MINUTE)}", 1, int(2 * MINUTE)):
        call_command("tick", verbosity=0)
    return False


def _drop_broken_connections() -> None:
    for each in connections.all(initialized_only=True):
        if not each.in_atomic_block:
            each.close_if_unusable_or_obsolete()
