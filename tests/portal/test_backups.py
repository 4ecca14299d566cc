import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from portal import backups
from portal.backups import BadBackup
from tests import database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def kept(settings, tmp_path, monkeypatch):
    """A portal in a folder of its own: a small database, one uploaded and one private file."""
    folder = tmp_path / "var"
    settings.VAR_DIR, settings.MEDIA_ROOT = folder, folder / "media"
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": folder / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    monkeypatch.setattr(backups, "database_file", lambda: folder / "portal.sqlite3")
    monkeypatch.setattr(backups.connections, "close_all", lambda: None)
    (folder / "media").mkdir(parents=True)
    (folder / "private").mkdir()
    (folder / "media" / "foto.png").write_bytes(b"foto")
    (folder / "private" / "acta.pdf").write_bytes(b"acta")
    fill(folder / "portal.sqlite3", "antes")
    return folder


def fill(path: Path, word: str, *applied: tuple[str, str]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS words (word)")
        database.execute("CREATE TABLE IF NOT EXISTS django_migrations (app, name)")
        database.execute("INSERT INTO words VALUES (?)", [word])
        database.executemany("INSERT INTO django_migrations VALUES (?, ?)", applied)


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [word for (word,) in database.execute("SELECT word FROM words")]


def made_by_hand(target: Path, *, format: int = 1, **members: bytes) -> Path:
    manifest = {"format": format, "made_at": "2026-11-03", "has_database": True}
    content = {"manifest.json": json.dumps(manifest).encode(), **members}
    with tarfile.open(target, "w:gz") as tar:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return target


@pytest.fixture
def saved(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(
        backups, "_copy_database", lambda target: target.write_bytes((kept / "portal.sqlite3").read_bytes())
    )
    monkeypatch.setattr(backups.connection, "vendor", "sqlite")
    target = tmp_path / "copia.tar.gz"
    backups.save(target)
    return target


def test_a_backup_is_for_its_owner_and_leaves_nothing_beside_it(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert sorted(path.name for path in saved.parent.iterdir()) == ["copia.tar.gz", "var"]
    with tarfile.open(saved) as tar:
        names = set(tar.getnames())
    assert {"manifest.json", "portal.sqlite3", "media/foto.png", "private/acta.pdf"} <= names
    assert not any("secret" in name for name in names)


def test_what_was_saved_comes_back_and_what_was_there_is_kept_aside(saved, kept):
    fill(kept / "portal.sqlite3", "después")
    (kept / "portal.sqlite3-wal").write_bytes(b"of the other database")
    (kept / "media" / "foto.png").write_bytes(b"otra")
    (kept / "private" / "acta.pdf").unlink()
    aside = backups.restore(saved, overwrite=True)
    assert words(kept / "portal.sqlite3") == ["antes"]
    assert not (kept / "portal.sqlite3-wal").exists()
    assert (kept / "media" / "foto.png").read_bytes() == b"foto"
    assert (kept / "private" / "acta.pdf").read_bytes() == b"acta"
    assert words(aside / "portal.sqlite3") == ["antes", "después"]
    assert (aside / "media" / "foto.png").read_bytes() == b"otra"
    assert not list(kept.glob("restore-*"))


def test_nothing_is_replaced_without_being_asked(saved, kept):
    fill(kept / "portal.sqlite3", "después")
    with pytest.raises(BadBackup, match="--yes"):
        backups.restore(saved)
    assert words(kept / "portal.sqlite3") == ["antes", "después"]


def test_no_backup_is_written_over_another_one(saved):
    with pytest.raises(BadBackup, match="ya existe"):
        backups.save(saved)
    with pytest.raises(BadBackup, match="No existe la carpeta"):
        backups.save(saved.parent / "no" / "copia.tar.gz")


def broken_database() -> bytes:
    return b"SQLite format 3\x00" + b"\x00" * 3000


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path, "No existe"),
        (lambda path: path.write_bytes(b"no es un tar") and path, "dañado"),
        (lambda path: made_by_hand(path, format=99), "otra versión"),
        (lambda path: made_by_hand(path, **{"portal.sqlite3": broken_database()}), "dañada"),
        (lambda path: made_by_hand(path, **{"../fuera.txt": b"x"}), "dañado"),
        (lambda path: made_by_hand(path, **{"/tmp/fuera.txt": b"x"}) and path, "dañada"),
    ],
    ids=["missing", "no tar", "other format", "broken database", "climbing out", "absolute, put inside"],
)
def test_a_file_that_cannot_be_trusted_touches_nothing(kept, tmp_path, make, says):
    with pytest.raises(BadBackup, match=says):
        backups.restore(make(tmp_path / "copia.tar.gz"), overwrite=True)
    assert words(kept / "portal.sqlite3") == ["antes"]
    assert not list(kept.glob("restore-*")) and not list(kept.glob("before-*"))
    assert not Path("/tmp/fuera.txt").exists()


def test_a_backup_of_a_newer_portal_waits_for_the_update(kept, tmp_path):
    newer = tmp_path / "newer.sqlite3"
    fill(newer, "futuro", ("portal", "0999_from_the_future"))
    source = made_by_hand(tmp_path / "copia.tar.gz", **{"portal.sqlite3": newer.read_bytes()})
    with pytest.raises(BadBackup, match=r"portal\.0999_from_the_future"):
        backups.restore(source, overwrite=True)


def test_a_database_server_has_its_own_tools(settings, monkeypatch):
    known = {"NAME": "la base", "HOST": "db", "PORT": 5432, "USER": "portal", "PASSWORD": "secreta"}
    monkeypatch.setitem(settings.DATABASES, "default", known)
    server = "--host=db --port=5432 --username=portal"
    assert backups.dump_command() == f"pg_dump {server} --format=custom --file=portal.dump 'la base'"
    assert backups.dump_command(back=True) == (
        f"pg_restore {server} --clean --if-exists --no-owner '--dbname=la base' portal.dump"
    )


@pytest.mark.slow
def test_the_commands_make_the_round_trip(tmp_path):
    mine = {"DATABASE_URL", "REDIS_URL", "SEARCH_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "BASE_URL"}
    env = {key: value for key, value in os.environ.items() if key not in mine}
    env |= {"VAR_DIR": str(tmp_path / "var"), "PORTAL_DEMO": "1"}

    def manage(*words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def people() -> int:
        with closing(sqlite3.connect(tmp_path / "var" / "portal.sqlite3")) as file:
            return int(file.execute("SELECT COUNT(*) FROM cuentas_user").fetchone()[0])

    (tmp_path / "var").mkdir()
    if database.kept().exists():  # migrated already; ``bin/fresh-clone`` is what migrates from nothing
        shutil.copyfile(database.kept(), tmp_path / "var" / "portal.sqlite3")
    manage("migrate", "-v0")
    manage("shell", "-v0", "-c", "from portal.demo import accounts; accounts.load()")
    copy = tmp_path / "copia.tar.gz"
    assert "Copia lista" in manage("backup", str(copy))
    assert people() == 8
    manage("shell", "-v0", "-c", "from portal.cuentas.models import User; User.objects.all().delete()")
    assert people() == 0
    assert "--yes" in manage("restore", str(copy), code=1)
    assert people() == 0
    assert "de vuelta" in manage("restore", str(copy), "--yes")
    assert people() == 8
    assert "coinciden" in manage("check_index")
    marks = json.loads((tmp_path / "var" / "prepared.json").read_text())
    assert set(marks) == {"database", "demonstration"}
