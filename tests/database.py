"""The migrated database of the tests, kept between runs: some 220 migrations cost more than most tests.

The first run on a kind of database migrates as production does and keeps the result under
``var/test-database/``, named by what it was made from. A run with the same migrations starts from a copy:
on SQLite in memory, on PostgreSQL restored. So do the portals of the journeys. Django still asks whether
anything is left to migrate.

``python -m tests.database`` makes it ahead of them: in a run with several processes all but one would wait.
``python -m tests.database restore`` fills the empty PostgreSQL database of a portal with it, if it is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection


def fingerprint() -> str:
    """Return a name for what migrating gives: its text, our models (some ask them), first pages, Django."""
    found = hashlib.sha256(django.get_version().encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        folder = Path(app.path)
        sources = [*folder.glob("migrations/*.py")]
        if settings.BASE_DIR in folder.parents:
            sources += [*folder.glob("models.py"), *folder.glob("models/*.py")]
        for path in sorted(sources):
            found.update(f"{app.label}/{path.name}\0".encode())
            found.update(path.read_bytes())
    # The first pages and groups are made after migrating (portal.bootstrap).
    portal = Path(settings.BASE_DIR) / "portal"
    for path in [portal / "bootstrap.py", portal / "content.py", *sorted(portal.glob("demo/data/paginas/*"))]:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def kept(vendor: str = "sqlite") -> Path:
    """Return where the database of this fingerprint is kept, whether it is there or not."""
    return Path(settings.VAR_DIR) / "test-database" / f"{fingerprint()}.{vendor}"


def is_kept_here() -> bool:
    """Whether the database is of a kind that is kept: SQLite in memory, or PostgreSQL."""
    return connection.vendor == "postgresql" or in_memory()


def in_memory() -> bool:
    """Whether the tests run on SQLite in memory: a file is somebody's wish to look at it."""
    return connection.vendor == "sqlite" and not connection.settings_dict["TEST"]["NAME"]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process migrate while the others wait for what it makes."""
    folder = kept().parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"lock-{connection.vendor}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take() -> sqlite3.Connection | None:
    """Begin with the kept database, if there is one; return what holds it while it is open, in memory."""
    path = kept(connection.vendor)
    if connection.vendor == "postgresql":
        name = connection.creation._get_test_db_name()
        if path.exists():
            _restore(name)
        else:
            _run("dropdb", "--if-exists", name)  # what tests left in it is not kept
        return None
    if not path.exists():
        return None
    # The name Django gives to a database in memory.
    shared = f"file:memorydb_{connection.alias}?mode=memory&cache=shared"
    memory = sqlite3.connect(shared, uri=True, check_same_thread=False)
    with sqlite3.connect(path) as file:
        file.backup(memory)
    file.close()
    return memory


def keep() -> None:
    """Keep the database as it is now, after its migrations, and forget those made from other ones."""
    path = kept(connection.vendor)
    if path.exists():
        return
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        name = str(connection.settings_dict["NAME"])
        _run("pg_dump", "--format=custom", "--compress=0", f"--file={aside}", name)
    else:
        with sqlite3.connect(aside) as file:
            connection.connection.backup(file)
        file.close()
    for old in path.parent.glob(f"*{path.suffix}"):
        old.unlink()
    aside.replace(path)


def _restore(name: str) -> None:
    """Make the PostgreSQL database ``name`` from the kept one; one that is there already stays as it is."""
    made = subprocess.run(_asked("createdb", name), check=False, capture_output=True, text=True)
    if made.returncode == 0:
        _fill(name)
    elif "already exists" not in made.stderr:
        raise RuntimeError(made.stderr)


def _fill(name: str) -> None:
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(kept("postgresql")))


def _run(program: str, *words: str) -> None:
    subprocess.run(_asked(program, *words), check=True)


def _asked(program: str, *words: str) -> list[str]:
    """Return a command of PostgreSQL's for its server of the tests, which asks for no password."""
    known = connection.settings_dict
    given = [("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")]
    return [program, *(f"{option}={known[key]}" for option, key in given if known.get(key)), *words]


def main(what: str = "make") -> None:
    """Make the database of this tree and keep it, where it is not there yet; or give it to a portal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if what == "restore":
        if kept("postgresql").exists():
            _fill(str(connection.settings_dict["NAME"]))
    elif is_kept_here():
        with one_at_a_time():
            if not kept(connection.vendor).exists():
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                keep()


if __name__ == "__main__":
    main(*sys.argv[1:])
