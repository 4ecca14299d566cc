"""What must be in place before the portal can answer, done once and passed over when nothing changed.

Each step can be killed halfway and begun again: its mark in ``VAR_DIR/prepared.json`` is written last, and
names what it was made from. Knows no HTTP.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from search.backends.base import EngineDown
from search.rebuilding import refill
from search.service import health


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do now: what the screen says, and how; ``talks`` when it prints lines of its own."""

    says: str
    run: Callable[[], object]
    talks: bool = False


def steps() -> Iterator[Step]:
    """Yield what has to be done, each decided when its turn comes."""
    marks = Marks.of_this_folder()
    styles = fingerprint_of_styles()
    if marks.get("styles") != styles or not _manifest().exists():
        yield Step(_("Estilos e imágenes"), lambda: _collect(marks, styles))
    database = Database()
    if database.is_new:
        marks.forget()
    if database.is_behind or marks.get("database") != database.fingerprint:
        yield Step(_("Base de datos"), lambda: _migrate(marks, database))
    if settings.PORTAL_DEMO and marks.get("demonstration") != database.name:
        yield Step(_("Demostración"), lambda: _demonstrate(marks, database), talks=True)
    index = health()
    if index.ok and not index.ready:
        yield Step(_("Índice de búsqueda"), _index)


class Marks:
    """What was finished, by step; lost or unreadable marks only mean that steps are done again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._made: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._made = {}

    @classmethod
    def of_this_folder(cls) -> Marks:
        """Return the marks of ``VAR_DIR``."""
        return cls(Path(settings.VAR_DIR) / "prepared.json")

    def get(self, step: str) -> str:
        """Return what ``step`` was finished for; empty when it never was."""
        return self._made.get(step, "")

    def put(self, step: str, made_from: str) -> None:
        """Remember that ``step`` is finished, in one indivisible write."""
        self._made[step] = made_from
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(".new")
        half.write_text(json.dumps(self._made, indent=2), encoding="utf-8")
        half.replace(self._path)

    def forget(self) -> None:
        """Forget what is kept in a database that is no longer there."""
        self._made = {step: made for step, made in self._made.items() if step == "styles"}


class Database:
    """Whether the database has all its tables, and which one it is."""

    def __init__(self) -> None:
        executor = MigrationExecutor(connection)
        leaves = executor.loader.graph.leaf_nodes()
        self.is_new = not executor.loader.applied_migrations
        self.is_empty_file = (
            connection.vendor == "sqlite"
            and not connection.is_in_memory_db()  # type: ignore[attr-defined]
            and not connection.introspection.table_names()
        )
        self.is_behind = bool(executor.migration_plan(leaves))
        known: dict[str, Any] = settings.DATABASES["default"]
        self.name = _hash(*(str(known.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME")))
        self.fingerprint = _hash(self.name, *(".".join(leaf) for leaf in sorted(leaves)))


def take_as_it_is() -> None:
    """Let the database be as it is now: a demonstration must not be loaded into what was restored."""
    marks, database = Marks.of_this_folder(), Database()
    marks.put("database", database.fingerprint)
    marks.put("demonstration", database.name)


def fingerprint_of_styles() -> str:
    """Return a short name for all static files as they are now, by name, size and time of change."""
    seen: list[str] = []
    for finder in get_finders():
        files: Iterable[tuple[str, Storage]] = finder.list([])
        for path, storage in files:
            found = Path(storage.path(path)).stat()
            seen.append(f"{path}:{found.st_size}:{found.st_mtime_ns}")
    return _hash(str(settings.STORAGES["staticfiles"]), *sorted(seen))


def _manifest() -> Path:
    return Path(settings.STATIC_ROOT) / "staticfiles.json"


def _collect(marks: Marks, styles: str) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    marks.put("styles", styles)


def _migrate(marks: Marks, database: Database) -> None:
    with _beside() if database.is_empty_file else nullcontext():
        call_command("migrate", interactive=False, verbosity=0)
    marks.put("database", database.fingerprint)


@contextmanager
def _beside() -> Iterator[None]:
    """Have a new SQLite database made under another name, and given its own when it is whole.

    One migration of Wagtail's (0070) is several transactions on SQLite: killed between two of them, a
    database can neither go on nor begin again. Raises CommandError when somebody else filled it meanwhile.
    """
    name = connection.settings_dict["NAME"]
    given = Path(name).resolve()  # a link stays one, and SQLite keeps its journals where the file is
    half = given.with_name(f"{given.name}.nueva")
    connection.close()
    _remove(half, *_journals(half))
    connection.settings_dict["NAME"] = str(half)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    if connection.introspection.table_names():
        raise CommandError(_("Otro programa llenó la base de datos %s mientras tanto.") % name)
    connection.close()
    shutil.copymode(given, half)  # who made the empty file said who may read it
    _remove(*_journals(given))  # before the file they are not of: SQLite would read them into it
    half.replace(given)


def _journals(database: Path) -> list[Path]:
    return [database.with_name(database.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def _remove(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _demonstrate(marks: Marks, database: Database) -> None:
    call_command("demo")
    marks.put("demonstration", database.name)


def _index() -> None:
    try:
        refill()
    except EngineDown:  # pages work without it and say so; readyz and doctor tell it too
        return


def _hash(*parts: Any) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
