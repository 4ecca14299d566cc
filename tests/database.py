"""The migrated database of the tests, kept between runs: some 220 migrations cost more than most tests.

The first run on SQLite migrates as production does and keeps the result under ``var/test-database/``, named
by what it was made from; a run with the same migrations starts from a copy in memory, and the portal of the
journeys from a copy of the file. Django still asks whether anything is left to migrate. PostgreSQL keeps its
databases by itself (``--reuse-db``).

``python -m tests.database`` makes it ahead of them: in a run with several processes all but one would wait.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
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


def kept() -> Path:
    """Return where the database of this fingerprint is kept, whether it is there or not."""
    return Path(settings.VAR_DIR) / "test-database" / f"{fingerprint()}.sqlite3"


def in_memory() -> bool:
    """Whether the tests run on SQLite in memory: the only database that is kept in a file here."""
    return connection.vendor == "sqlite" and not connection.settings_dict["TEST"]["NAME"]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process migrate while the others wait for what it makes."""
    folder = kept().parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take() -> sqlite3.Connection | None:
    """Put the kept database into memory; it stays there while the returned connection is open."""
    if not kept().exists():
        return None
    # The name Django gives to a database in memory.
    name = f"file:memorydb_{connection.alias}?mode=memory&cache=shared"
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    with sqlite3.connect(kept()) as file:
        file.backup(memory)
    file.close()
    return memory


def keep() -> None:
    """Keep the database as it is now, after its migrations, and forget those made from other ones."""
    path = kept()
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    connection.ensure_connection()
    with sqlite3.connect(aside) as file:
        connection.connection.backup(file)
    file.close()
    for old in path.parent.glob("*.sqlite3"):
        old.unlink()
    aside.replace(path)


def main() -> None:
    """Make the database of this tree and keep it, where it is not there yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if in_memory():
        with one_at_a_time():
            if not kept().exists():
                connection.creation.create_test_db(verbosity=0, serialize=False)
                keep()


if __name__ == "__main__":
    main()
