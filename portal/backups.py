"""All that the portal keeps, in one file and back: database (SQLite), uploaded and private files.

The index is left out: it is made anew. So are secrets, which belong to the environment. The database of a
PostgreSQL server is its own tools' work; :func:`dump_command` says which. Knows no HTTP.
"""

from __future__ import annotations

import io
import json
import secrets
import shlex
import shutil
import sqlite3
import tarfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

MANIFEST, DATABASE = "manifest.json", "portal.sqlite3"
FORMAT = 1


class BadBackup(ValueError):
    """A file cannot be made or taken back; its text is the sentence the operator sees."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str
    has_database: bool


def folders() -> dict[str, Path]:
    """Return the folders that are kept, by their name in the backup."""
    private: Any = settings.STORAGES["private"]
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(private["OPTIONS"]["location"])}


def database_file() -> Path | None:
    """Return the SQLite file; None with a database server."""
    name = str(settings.DATABASES["default"]["NAME"])
    return Path(name) if connection.vendor == "sqlite" else None


def save(target: Path) -> Manifest:
    """Write everything into ``target`` (tar, gzip), readable by its owner only; it appears when complete.

    The database is copied first and whole, while others write; a file uploaded meanwhile may be in the
    backup without being named in it, never the other way round. Raises BadBackup.
    """
    if target.exists():
        raise BadBackup(_("%s ya existe. Ponga otro nombre, o bórrelo.") % target)
    if not target.parent.is_dir():
        raise BadBackup(_("No existe la carpeta %s.") % target.parent)
    half = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    copy = half.with_suffix(".sqlite3")
    manifest = Manifest(FORMAT, timezone.now().isoformat(), connection.vendor == "sqlite")
    try:
        half.touch(mode=0o600)
        with tarfile.open(half, "w:gz", compresslevel=6) as tar:
            _add_bytes(tar, MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
            if manifest.has_database:
                copy.touch(mode=0o600)
                _copy_database(copy)
                tar.add(copy, DATABASE)
            for name, folder in folders().items():
                if folder.is_dir():
                    tar.add(folder, name)
        half.replace(target)
    except OSError as error:
        raise BadBackup(
            _("No se pudo escribir %(file)s: %(why)s") % {"file": target, "why": error}
        ) from error
    finally:
        half.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    return manifest


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), int(time.time())
    tar.addfile(member, io.BytesIO(content))


def _copy_database(target: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy, pages=4096)


def restore(source: Path, *, overwrite: bool = False) -> Path | None:
    """Put back what ``source`` holds; return where what was there before was moved to, if there was any.

    Everything is unpacked and looked through before anything is touched. Raises BadBackup, and without
    ``overwrite`` also when there is something that would be replaced. The caller migrates and indexes.
    """
    room = Path(settings.VAR_DIR) / f"restore-{secrets.token_hex(4)}"
    try:
        manifest = _unpack(source, room)
        if manifest.has_database:
            if database_file() is None:
                raise BadBackup(
                    _("Esta copia trae una base SQLite y el portal usa un servidor. Quite DATABASE_URL.")
                )
            _look_through(room / DATABASE)
        in_the_way = [path for path in _places(manifest) if path.exists()]
        if in_the_way and not overwrite:
            names = ", ".join(str(path) for path in in_the_way)
            raise BadBackup(_("Ya hay datos en %s. Para reemplazarlos, agregue --yes.") % names)
        connections.close_all()
        return _swap(room, manifest, in_the_way)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _unpack(source: Path, room: Path) -> Manifest:
    room.mkdir(parents=True, mode=0o700)
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(room, filter="data")
        manifest = Manifest(**json.loads((room / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BadBackup(_("No existe %s, o no es una copia del portal.") % source) from error
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise BadBackup(
            _("%(file)s está dañado o no es una copia del portal: %(why)s") % {"file": source, "why": error}
        ) from error
    if manifest.format != FORMAT:
        raise BadBackup(_("Esta copia es de otra versión del portal (formato %s).") % manifest.format)
    return manifest


def _look_through(database: Path) -> None:
    """Raise BadBackup when the database is damaged or comes from a newer portal."""
    try:
        with closing(sqlite3.connect(database)) as copy:
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
            applied = set(copy.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError as error:
        raise BadBackup(_("La base de datos de la copia está dañada: %s") % error) from error
    if verdict != "ok":
        raise BadBackup(_("La base de datos de la copia está dañada: %s") % verdict)
    loader = MigrationLoader(None)
    known = {
        *loader.disk_migrations,
        *(key for each in loader.disk_migrations.values() for key in each.replaces),
    }
    if ahead := sorted(key for key in applied - known if key[0] in loader.migrated_apps):
        raise BadBackup(
            _("La copia viene de un portal más nuevo que este (%s). Actualice el portal primero.")
            % ".".join(ahead[0])
        )


def _places(manifest: Manifest) -> list[Path]:
    """Return what would be replaced. A write-ahead log must never outlive the database it belongs to."""
    found = list(folders().values())
    database = database_file()
    if manifest.has_database and database is not None:
        found += [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    return found


def _swap(room: Path, manifest: Manifest, in_the_way: list[Path]) -> Path | None:
    aside = Path(settings.VAR_DIR) / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}"
    for path in in_the_way:
        aside.mkdir(mode=0o700, exist_ok=True)
        shutil.move(path, aside / path.name)
    for name, folder in folders().items():
        if (room / name).exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(room / name, folder)
    database = database_file()
    if manifest.has_database and database is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(room / DATABASE, database)
    return aside if in_the_way else None


def dump_command(*, back: bool = False) -> str:
    """Return the command that saves the database of a PostgreSQL server (or takes it ``back``).

    The password is not in it: ``pg_dump`` asks, or reads ``PGPASSWORD`` or ``~/.pgpass``.
    """
    known: dict[str, Any] = settings.DATABASES["default"]
    given = [("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")]
    server = [f"{option}={known[key]}" for option, key in given if known.get(key)]
    if back:
        words = ["pg_restore", *server, "--clean", "--if-exists", "--no-owner", f"--dbname={known['NAME']}"]
    else:
        words = ["pg_dump", *server, "--format=custom", "--file=portal.dump", str(known["NAME"])]
    return shlex.join([*words, "portal.dump"] if back else words)
