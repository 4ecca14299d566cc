"""``manage.py serve`` as a stranger meets it: started, killed, started again, ended."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import uvicorn
from django.core.management import CommandError
from django.db.utils import ConnectionHandler

from portal import conf, preparation
from portal.management.commands import serve
from portal.management.commands.serve import Protocol, _listen
from portal.preparation import Marks

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Parts ---------------------------------------------------------------------------------------
def test_a_taken_port_is_told_in_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"puerto {port} está ocupado.*PORT={port + 1}"):
            _listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_told_in_a_sentence():
    with pytest.raises(CommandError, match=r"No se puede escuchar en 192\.0\.2\.1:8999\. Use en --host"):
        _listen("192.0.2.1", 8999)


@pytest.mark.parametrize("written", ["99999", "0", "x"])
def test_an_impossible_port_is_told_in_a_sentence(written):
    with pytest.raises(conf.BadSetting, match="--port debe ser un número desde 1 hasta 65535"):
        conf.local_address(["manage.py", "serve", "--port", written])


@pytest.mark.parametrize(
    ("argv", "port"),
    [
        (["manage.py", "serve"], 8000),
        (["manage.py", "serve", "--port", "8123"], 8123),
        (["manage.py", "serve", "--port=8123"], 8123),
        (["manage.py", "serve", "--port"], 8000),
        (["manage.py", "testserver", "--port", "8123"], 8000),
        (["uvicorn"], 8000),
        ([], 8000),
    ],
)
def test_the_portal_knows_its_address_by_the_port_it_was_given(argv, port):
    assert conf.local_address(argv) == f"http://127.0.0.1:{port}"
    assert conf.local_address(argv, 9000) == f"http://127.0.0.1:{9000 if port == 8000 else port}"


@pytest.mark.parametrize(
    ("written", "told"),
    [("8123", "8123 http://127.0.0.1:8123"), ("ocho", "PORT debe ser"), ("0", "PORT debe ser")],
)
def test_the_environment_names_the_port(written, told, tmp_path):
    asked = "from django.conf import settings as s; print(s.PORT, s.BASE_URL)"
    environment = {**os.environ, "PORT": written, "VAR_DIR": str(tmp_path), "PORTAL_DEMO": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment.pop("BASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert told in done.stdout + done.stderr


def test_marks_survive_and_broken_ones_only_mean_more_work(tmp_path):
    path = tmp_path / "var" / "prepared.json"
    marks = Marks(path)
    marks.put("styles", "a")
    marks.put("database", "b")
    assert (Marks(path).get("styles"), Marks(path).get("database")) == ("a", "b")
    for broken in ("{", "[1]", "null"):
        path.write_text(broken)
        assert Marks(path).get("styles") == ""


def test_a_new_database_forgets_all_but_the_styles(tmp_path):
    marks = Marks(tmp_path / "prepared.json")
    marks.put("styles", "a")
    marks.put("demonstration", "b")
    marks.forget()
    assert (marks.get("styles"), marks.get("demonstration")) == ("a", "")


@pytest.mark.django_db
def test_nothing_is_done_twice(settings, tmp_path, monkeypatch):
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    done = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **kwargs: done.append(name))
    monkeypatch.setattr(preparation, "refill", lambda: done.append("index"))
    monkeypatch.setattr(preparation, "health", lambda: preparation_health("index" in done))
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").touch()
    for step in preparation.steps():
        step.run()
    assert done == ["collectstatic", "migrate", "demo", "index"]
    assert list(preparation.steps()) == []
    settings.PORTAL_DEMO = False
    (tmp_path / "prepared.json").unlink()
    assert len([step.run() for step in preparation.steps()]) == 2
    assert done[4:] == ["collectstatic", "migrate"]


def tables(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as read:
        return [name for (name,) in read.execute("SELECT name FROM sqlite_master ORDER BY name")]


@pytest.fixture
def new_file(tmp_path, monkeypatch, django_db_blocker):
    """An SQLite database without tables, which only its owner may read and a link elsewhere leads to."""
    file = tmp_path / "disco" / "portal.sqlite3"
    file.parent.mkdir()
    file.touch(mode=0o600)
    (tmp_path / "enlace.sqlite3").symlink_to(file)
    monkeypatch.chdir(tmp_path)
    settings = conf.with_engine_options(
        {"ENGINE": "django.db.backends.sqlite3", "NAME": "enlace.sqlite3", "CONN_MAX_AGE": None}
    )
    made = ConnectionHandler({"default": settings})["default"]
    monkeypatch.setattr(preparation, "connection", made)
    with django_db_blocker.unblock():
        yield file
        made.close()


def make(table: str) -> None:
    with preparation.connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (id)")


def test_a_database_that_was_not_finished_is_not_there(new_file):
    with pytest.raises(KeyboardInterrupt), preparation._beside():
        make("primera")
        raise KeyboardInterrupt
    assert tables(new_file) == []
    with preparation._beside():
        make("segunda")
        assert tables(new_file) == []
    assert preparation.connection.introspection.table_names() == tables(new_file) == ["segunda"]


def test_a_database_is_made_where_it_was_said_and_for_whom(new_file, tmp_path):
    with preparation._beside():
        make("una")
    assert [path.name for path in new_file.parent.iterdir()] == ["portal.sqlite3"]
    assert new_file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "enlace.sqlite3").is_symlink() and tables(new_file) == ["una"]


def test_what_another_wrote_into_it_meanwhile_stays(new_file):
    with pytest.raises(CommandError, match=r"Otro programa llenó .*enlace\.sqlite3"), preparation._beside():
        make("una")
        with contextlib.closing(sqlite3.connect(new_file)) as other:
            other.execute("CREATE TABLE ajena (id)")
    assert tables(new_file) == ["ajena"]


def test_the_journal_of_what_was_there_is_not_read_into_it(new_file, tmp_path, monkeypatch):
    with contextlib.closing(sqlite3.connect(tmp_path / "otra")) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE ajena (id)")
        stale = (tmp_path / "otra-wal").read_bytes()
    copymode = preparation.shutil.copymode

    def killed_long_ago(*names):
        new_file.with_name("portal.sqlite3-wal").write_bytes(stale)
        copymode(*names)

    monkeypatch.setattr(preparation.shutil, "copymode", killed_long_ago)
    with preparation._beside():
        make("una")
    assert tables(new_file) == ["una"]


def preparation_health(ready: bool):
    from search.backends.base import Health

    return Health(ok=True, ready=ready)


def refused(address: bytes) -> bytes:
    """Return what a server answers to who says all of a request before listening to the answer."""

    async def answer(scope, receive, send):
        raise AssertionError("it must not come as far as here")

    def say_then_hear(where):
        with socket.create_connection(where, timeout=10) as client:
            client.sendall(b"GET " + address + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            return b"".join(iter(lambda: client.recv(65_536), b""))

    async def ask():
        server = uvicorn.Server(
            uvicorn.Config(answer, http=Protocol, lifespan="off", log_config=None, ws="none")
        )
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                while not server.started:
                    await asyncio.sleep(0.01)
                return await asyncio.to_thread(say_then_hear, listener.getsockname())
            finally:
                server.should_exit = True
                await serving

    return asyncio.run(ask())


@pytest.mark.parametrize("address", [b"/?q=" + b"a" * 3_000_000, b"/?q=\xff\xfe", b"/?q=\x01"])
def test_what_is_no_http_is_refused_in_words(address):
    head, said = refused(address).split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 400") and "no se puede leer" in said.decode()


@pytest.mark.parametrize("address", [b"/api/v1/buscar?q=" + b"a" * 3_000_000, b"/api/v1/buscar?q=\xff"])
def test_a_program_reads_the_refusal_as_it_reads_every_other(address):
    head, said = refused(address).split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 400") and b"content-type: application/problem+json" in head.lower()
    assert "no se puede leer" in json.loads(said)["title"]


def test_what_is_refused_and_has_no_end_is_cut_off(monkeypatch):
    monkeypatch.setattr(serve, "THROWN_AWAY", 100_000)
    with pytest.raises(ConnectionError):
        refused(b"/?q=" + b"a" * 30_000_000)


def test_a_signal_that_is_lost_while_it_prepares_ends_it_all_the_same(monkeypatch, capsys):
    from portal.management.commands import serve
    from portal.preparation import Step

    done = []

    def swallow() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        done.append("se traga la señal")

    later = Step("Otro paso", lambda: done.append("no debe llegar aquí"))
    monkeypatch.setattr(serve, "steps", lambda: iter([Step("Un paso", swallow), later]))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with _listen("127.0.0.1", free_port()) as listener:
            serve.Command().serve_on(listener)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert done == ["se traga la señal"]
    assert "El portal se detuvo." in capsys.readouterr().out


def cut_the_index_short(portal):
    """Cut its mapped files under it: the system ends it with SIGBUS, and it comes back without a hand."""
    for path in portal.folder.glob("index/*/*"):
        if path.suffix in {".store", ".idx", ".term", ".fast", ".pos"}:
            os.truncate(path, 0)
    until = time.monotonic() + LONGEST
    while "SIGBUS" not in portal.log.read_text():
        assert portal.process.poll() is None and time.monotonic() < until, portal.log.read_text()
        with contextlib.suppress(OSError, http.client.HTTPException):
            portal.get("/buscar/?q=orientacion")
    ready = {}
    while not ready.get("search"):
        assert portal.process.poll() is None and time.monotonic() < until, portal.log.read_text()
        with contextlib.suppress(OSError, http.client.HTTPException):
            ready = json.loads(portal.get("/readyz"))
    assert 'data-tipo="guia"' in portal.get("/buscar/?q=orientacion")


# --- The whole -----------------------------------------------------------------------------------
class Portal:
    """A portal in a process of its own, on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "out.log"
        mine = {"DATABASE_URL", "REDIS_URL", "SEARCH_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "BASE_URL"}
        self.env = {key: value for key, value in os.environ.items() if key not in mine}
        self.env |= {"VAR_DIR": str(folder), "PORTAL_DEMO": "1"}

    def start(self) -> None:
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
            )

    def wait(self) -> str:
        """Return what was printed once the address is there; it answers from then on."""
        until = time.monotonic() + LONGEST
        while self.url not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)
        assert self.get("/healthz") == "ok\n"
        return self.log.read_text()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read().decode()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@pytest.fixture
def portal(tmp_path):
    one = Portal(tmp_path)
    yield one
    one.process.kill()
    one.process.wait()


def another(portal, port):
    """Start one more on the same folder, and wait for what it says."""
    serving = [sys.executable, "manage.py", "serve", "--port", str(port)]
    return subprocess.run(serving, cwd=ROOT, env=portal.env, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(900)  # six starts, beside whatever else has the two cores
def test_it_survives_what_strangers_do(portal):
    for seconds in (3, 8):  # killed while it prepares, at two moments
        portal.start()
        time.sleep(seconds)
        assert portal.end(signal.SIGKILL) == -signal.SIGKILL
        with pytest.raises(urllib.error.URLError):
            portal.get("/healthz")
        assert tables(portal.folder / "portal.sqlite3") == [], "a database is whole or not there"

    portal.start()
    printed = portal.wait()
    assert "miembro@demo.example" in printed and "cemprende-demo" in printed
    for _ in range(50):
        ready = json.loads(portal.get("/readyz"))
        if ready["worker"]:
            break
        time.sleep(0.2)
    assert ready == {"ready": True, "database": True, "search": True, "cache": True, "worker": True}
    assert "Cartagena" in portal.get("/buscar/sugerencias/?q=cartagena")
    assert f"Sitemap: {portal.url}/sitemap.xml" in portal.get("/robots.txt")

    second = another(portal, portal.port)
    assert second.returncode == 1 and "está ocupado" in second.stderr and "Traceback" not in second.stderr
    elsewhere = another(portal, free_port())
    assert elsewhere.returncode == 1 and "Ya hay un portal en marcha" in elsewhere.stderr

    portal.end(signal.SIGKILL)
    portal.start()
    printed = portal.wait()
    cut_the_index_short(portal)
    assert "Base de datos" not in printed and "Demostración…" not in printed and "Estilos" not in printed
    assert portal.end(signal.SIGINT) == 0
    assert portal.log.read_text().rstrip().endswith("El portal se detuvo.")
    assert "Traceback" not in portal.log.read_text()

    portal.start()
    portal.wait()
    assert portal.end(signal.SIGTERM) == 0
    with pytest.raises(urllib.error.URLError):
        portal.get("/healthz")
