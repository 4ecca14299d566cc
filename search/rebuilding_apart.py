"""The index filled anew by a process of its own, for who answers visitors meanwhile.

What a rebuild takes of memory is given back when it ends, and it holds up no thread that makes a page. Killed
with its child or without, the next one goes on where this one was. Knows no engine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

from search import backends
from search.backends.base import AnotherRebuilds, EngineDown
from search.models import RebuildProgress

Report = Callable[[int, int], None]
LOOK_SECONDS = 0.5
"""How often it is looked how far the child is, and the caller may do something else."""
PATIENCE = 10.0
"""Seconds that a child which is told to end may take."""
BUSY = 75
"""What ``rebuild_index`` exits with when another process is rebuilding: try again later (sysexits.h)."""
NICE = 5
"""How much the child stands back where others want the processor."""


def rebuild(report: Report = lambda done, total: None) -> None:
    """Fill a new index beside the live one and swap, as :func:`search.rebuilding.rebuild` does, in a child.

    ``report(done, total)`` is called while it works; what it raises ends the child. Raises EngineDown with
    what the child said.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "django", "rebuild_index", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        try:
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, child.pid, NICE)
            said = _said(child, report)
        finally:
            _end(child)
    if child.returncode == BUSY:
        raise AnotherRebuilds(said)
    if child.returncode:
        raise EngineDown(said or f"the process that rebuilds ended with {child.returncode}")


def _said(child: subprocess.Popen[bytes], report: Report) -> str:
    """Wait for ``child``; return the last line of what went wrong."""
    label = backends.current().label
    while True:
        try:
            _, errors = child.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            progress = RebuildProgress.objects.filter(label=label).first() or RebuildProgress()
            report(progress.rows, max(progress.rows, progress.total))
        else:
            return (errors.decode(errors="replace").strip().splitlines() or [""])[-1]


def _end(child: subprocess.Popen[bytes]) -> None:
    """End ``child`` if it has not: what it saved five seconds ago at most is where the next one goes on."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
