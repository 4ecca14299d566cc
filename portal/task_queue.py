"""Tasks queued in the database: taken one at a time, tried again after a failure, never lost with a worker.

Any number of workers may share the queue. A task must be safe to run twice. Knows no task by name.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any, TypeAlias

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

Row: TypeAlias = "DBTaskResult[Any, Any]"

wake = threading.Event()
"""Set when a task was queued and committed in this process: the worker waits on it."""

TRIES = 5
ORPHANED_AFTER = timedelta(minutes=15)


def wait_after(tries: int) -> timedelta:
    """Return how long a task rests after having failed for the ``tries``-th time: 1, 4, 9, 16 minutes."""
    return timedelta(minutes=tries**2)


def run_one(worker: str) -> bool:
    """Run the task that is first in the queue; return whether there was one. Its failure is not raised."""
    task = _claim(worker)
    if task is None:
        return False
    try:
        _run(task)
    except BaseException as error:  # SystemExit and panics of compiled libraries must not end the worker
        _failed(task, error)
    return True


def _claim(worker: str) -> Row | None:
    """Take the first task so that no other worker does. Writes nothing when the queue is empty."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    with transaction.atomic():
        task: Row | None = ready.select_for_update(skip_locked=True).first()
        if task is not None:
            task.claim(worker)
    return task


def _run(row: Row) -> None:
    task, result = row.task, row.task_result
    sender = type(task.get_backend())
    task_started.send(sender=sender, task_result=result)
    context: list[Any] = [TaskContext(task_result=result)] if task.takes_context else []  # type: ignore[arg-type]
    row.set_successful(task.call(*context, *result.args, **result.kwargs))
    task_finished.send(sender=sender, task_result=row.task_result)


def _failed(row: Row, error: BaseException) -> None:
    """Queue the task again for later, or give it up after TRIES."""
    tries = len(row.worker_ids)
    if tries >= TRIES:
        logger.error("Task %s failed %d times and is given up", row.task_path, tries, exc_info=error)
        row.set_failed(error)
        return
    row.status = TaskResultStatus.READY
    row.run_after = timezone.now() + wait_after(tries)
    row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    row.traceback = "".join(format_exception(error))
    row.save(update_fields=["status", "run_after", "exception_class_path", "traceback"])
    logger.warning("Task %s failed (%d of %d): %s", row.task_path, tries, TRIES, error)


def requeue_orphans(older_than: timedelta = ORPHANED_AFTER) -> int:
    """Queue again what a killed worker left running since ``older_than``; return how many.

    One that has taken TRIES workers with it is given up, since it is probably what kills them.
    """
    now = timezone.now()
    left = DBTaskResult.objects.running().filter(started_at__lte=now - older_than)
    found = [row for row in left if _let_go(row, now)]
    if found:
        logger.warning("%d tasks were left behind by a worker and were queued again", len(found))
    return len(found)


def _let_go(row: Row, now: datetime) -> bool:
    """Change ``row`` unless another worker just did."""
    given_up = len(row.worker_ids) >= TRIES
    changes = {"finished_at": now} if given_up else {"run_after": now}
    status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
    same = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
    return bool(same.update(status=status, **changes)) and not given_up
