"""Several people do the same at the same moment, each on a connection of her own.

On PostgreSQL they are threads. The database of the tests on SQLite is in memory, one connection: there they
are processes that write to a file, as SQLite runs.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")
_PROGRAM = """
import django, sys, time, pathlib
django.setup()
{before}
pathlib.Path(sys.argv[1]).touch()
while not pathlib.Path("go").exists():
    time.sleep(0.001)
{then}
"""


def at_once(*actions: Callable[[], T]) -> list[T]:
    """Begin ``actions`` together and return what they gave, in the order in which they ended.

    One that raises or takes longer than a minute gives nothing.
    """
    gate, given = threading.Barrier(len(actions)), list[T]()

    def go(action: Callable[[], T]) -> None:
        try:
            gate.wait(10)
            given.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def in_processes(folder: Path, *arguments: str, before: str, then: str) -> tuple[list[str], Path]:
    """Return what each process printed, and the file that they wrote to: a copy of what the test has made.

    Each runs ``before`` with one of ``arguments`` (``sys.argv[1]``, each another); when all have, ``then``.
    """
    file = folder / "portal.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
    env = {**os.environ, "VAR_DIR": str(folder), "PYTHONPATH": str(ROOT), "PORTAL_DEMO": "1"}
    env |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    env.pop("DATABASE_URL", None)
    program = [sys.executable, "-c", _PROGRAM.format(before=before, then=then)]
    running = [
        subprocess.Popen([*program, argument], cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
        for argument in arguments
    ]
    while not all((folder / argument).exists() for argument in arguments):
        assert all(one.poll() is None for one in running)
        time.sleep(0.02)
    (folder / "go").touch()
    return [one.communicate(timeout=120)[0].strip() for one in running], file
