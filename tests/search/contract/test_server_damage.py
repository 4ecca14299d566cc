"""A server whose index is lost, closed, away or write-protected: said, nothing lost, mended without a hand.

The twin of ``test_damage.py`` for the engine that is not ours: what can go wrong there is brought about
through the server's own interface, as an operator, a full disk or a lost machine brings it about.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.doctor import _search as doctor_on_search
from search import backends, indexing, outbox, rebuilding
from search.backends import elastic
from search.backends.base import EngineDown
from search.backends.elastic import ElasticBackend
from search.comparing import differences
from search.documents import PUBLIC
from search.models import PendingChange
from tests.factories.search import make_document
from tests.search.conftest import SCRIPT, assert_all_is_found_again, assert_the_engine_rests

pytestmark = [pytest.mark.django_db, pytest.mark.server_engine]


@pytest.fixture
def server(on_server: Callable[[], ElasticBackend], monkeypatch: pytest.MonkeyPatch) -> ElasticBackend:
    """The engine on a real server behind the whole portal; a red index is given no time to come back."""
    engine = on_server()
    monkeypatch.setattr(backends, "current", lambda name="": engine)
    monkeypatch.setattr(elastic, "RED_SECONDS", 0.0)
    return engine


def serving(engine: ElasticBackend) -> str:
    return next(name for name, aliases in engine.aliases().items() if aliases)


def close(engine: ElasticBackend) -> None:
    engine._client.indices.close(index=serving(engine))


def lose_its_only_copy(engine: ElasticBackend) -> None:
    """Let the index be known and its one shard be on no machine, as after a disk was lost: it is red."""
    name = serving(engine)
    mapping = engine._client.indices.get_mapping(index=name)[name]["mappings"]
    engine._client.indices.delete(index=name)
    engine._client.indices.create(
        index=name,
        mappings=mapping,
        settings={"number_of_shards": 1, "index.routing.allocation.include._name": "nobody"},
        aliases={engine.read: {}, engine.write: {"is_write_index": True}},
        wait_for_active_shards="0",
    )


DAMAGES: dict[str, Callable[[ElasticBackend], object]] = {
    "the index is deleted under its aliases": lambda e: e._client.indices.delete(index=serving(e)),
    "the index is closed": close,
    "the index is red": lose_its_only_copy,
    "the read alias is gone": lambda e: e._client.indices.delete_alias(index=serving(e), name=e.read),
    "both aliases are gone": lambda e: e._client.indices.delete_alias(
        index=serving(e), name=f"{e.read},{e.write}"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_said_and_mended_without_a_hand(
    damage: str, client: Client, shelf: Any, stock: Any, server: ElasticBackend, worker: Callable[[], None]
) -> None:
    stock(*(f"Acta número {n}" for n in range(30)))
    rebuilding.rebuild()
    assert client.get("/readyz").json()["search"] is True
    DAMAGES[damage](server)
    shelf.add("Acta escrita entretanto", audience=frozenset({PUBLIC}))
    assert client.get("/readyz").json()["search"] is False
    indexing.drain()
    assert_the_engine_rests(client)
    worker()
    assert_all_is_found_again(client)
    assert len(server.aliases()) == 1, "the damaged one is removed"


def test_without_the_alias_for_writing_what_there_was_is_found_until_it_is_mended(
    client: Client, shelf: Any, stock: Any, server: ElasticBackend, worker: Callable[[], None]
) -> None:
    stock("Acta de antes")
    rebuilding.rebuild()
    server._client.indices.delete_alias(index=serving(server), name=server.write)
    shelf.add("Acta escrita entretanto", audience=frozenset({PUBLIC}))
    assert indexing.drain() == 0 and PendingChange.objects.count() == 1
    assert client.get("/readyz").json()["search"] is False
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 1
    worker()
    assert client.get("/readyz").json()["search"] is True
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 2


def test_an_index_that_another_process_had_to_make_anew_is_not_believed(
    shelf: Any, stock: Any, server: ElasticBackend, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty is not the same as nothing found, also where the loss was noticed by somebody else."""
    stock("Acta")
    rebuilding.rebuild()
    assert server.is_ready()
    server._client.indices.delete(index=serving(server))
    other = ElasticBackend(server_url, prefix=server._prefix.rpartition("-")[0])
    assert not other.is_ready(), "it has made an empty one"
    later = elastic.time.monotonic() + elastic.BELIEVED_SECONDS
    monkeypatch.setattr(elastic.time, "monotonic", lambda: later)
    assert not server.is_ready()


def test_a_server_that_restarts_is_given_time(
    stock: Any, server: ElasticBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic, "RED_SECONDS", 300.0)
    stock("Acta")
    rebuilding.rebuild()
    was = serving(server)
    lose_its_only_copy(server)
    health = server.health()
    assert (health.ok, health.damaged) == (False, False)
    assert rebuilding.mend() is False
    assert serving(server) == was
    monkeypatch.setattr(elastic, "RED_SECONDS", 0.0)
    assert rebuilding.mend() is True
    assert serving(server) != was and server.health().ready


# --- The disk is full ----------------------------------------------------------------------------
def protect(engine: ElasticBackend, *, on: bool) -> None:
    """Take writes away or give them back, as the server does when its disk passes the last watermark."""
    engine._client.indices.put_settings(
        index=f"{engine._prefix}-*",
        settings={"index.blocks.read_only_allow_delete": on or None},
        expand_wildcards="all",
    )


def test_a_full_disk_loses_nothing(
    client: Client, shelf: Any, stock: Any, server: ElasticBackend, worker: Callable[[], None]
) -> None:
    first = stock("Acta de antes")[0]
    rebuilding.rebuild()
    protect(server, on=True)
    for n in range(5):
        shelf.add(f"Acta nueva {n}", audience=frozenset({PUBLIC}))
    outbox.queue("prueba", first.pk)
    first.delete()
    assert indexing.drain() == 0
    assert PendingChange.objects.filter(attempts=1).count() == PendingChange.objects.count() == 6
    assert client.get("/readyz").json()["search"] is False, "what is written is not found"
    assert any("no recibe cambios" in finding.what for finding in doctor_on_search())
    assert client.get("/buscar/?q=acta").status_code == 200
    was = serving(server)
    assert rebuilding.mend() is False and serving(server) == was, "it is not rebuilt for that"
    protect(server, on=False)
    PendingChange.objects.update(due_at="2026-01-01T00:00Z")
    worker()
    assert client.get("/readyz").json()["search"] is True
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 5
    assert list(differences()) == []


def test_a_disk_that_fills_during_a_rebuild_leaves_the_old_index_serving(
    client: Client, stock: Any, server: ElasticBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "SAVE_SECONDS", 0)
    monkeypatch.setattr(indexing, "ROWS", 5)
    stock(*(f"Acta {n}" for n in range(20)))
    rebuilding.rebuild()
    was = serving(server)

    def fill_the_disk(done: int, total: int) -> None:
        if done == 10:
            protect(server, on=True)

    with pytest.raises(EngineDown):
        rebuilding.rebuild(report=fill_the_disk)
    assert serving(server) == was
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 20
    protect(server, on=False)
    seen: list[int] = []
    assert rebuilding.rebuild(report=lambda done, total: seen.append(done)) == 20
    assert seen[0] > 10, "it goes on where it was"
    assert serving(server) != was
    assert list(differences()) == []


def test_what_is_filled_anew_serves_as_any_other(stock: Any, server: ElasticBackend) -> None:
    """While it was filled nothing was copied or refreshed: that must not stay so."""
    stock("Acta")
    rebuilding.rebuild()
    kept = server._client.indices.get_settings(index=server.read)[serving(server)]["settings"]["index"]
    assert kept["auto_expand_replicas"] == "0-1" and "refresh_interval" not in kept


def test_what_is_put_in_again_keeps_nothing_that_its_row_no_longer_gives(server: ElasticBackend) -> None:
    one, other = make_document(title="Uno"), make_document(title="Otro")
    with server.rebuild() as build:
        build.index({"t:1": [one, other]}, again=False)
        build.index({"t:1": [one]})
        build.swap()
    assert [known.key for known in server.known_versions()] == [one.key]


# --- Killed --------------------------------------------------------------------------------------
class OwnServer:
    """A server of this test alone, which may be killed and started again over the same data."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        kind = os.environ.get("SEARCH_SERVER", "opensearch")
        jars = os.environ.get("SEARCH_SERVER_LIB", str(SCRIPT.parents[1] / "var" / kind / "lib"))
        self._env = os.environ | {
            "SEARCH_SERVER_DIR": str(folder), "SEARCH_SERVER_LIB": jars, "SEARCH_SERVER_PORT": str(port),
            "SEARCH_SERVER_HEAP": "256m", "SEARCH_SERVER_KEEP": "1",
        }  # fmt: skip

    def run(self, command: str) -> None:
        subprocess.run([SCRIPT, command], env=self._env, check=True, capture_output=True)
        if command == "start":  # it answers before it has read its indexes
            waiting = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=60s"
            urllib.request.urlopen(waiting, timeout=70).close()

    def kill_when_it_holds(self, documents: int) -> None:
        """Kill it (``-9``) as soon as it has taken so many, in the middle of whatever it does then."""
        pid = int((self._folder / "pid").read_text())
        until = time.monotonic() + 60
        while time.monotonic() < until and self._taken() < documents:
            pass
        os.kill(pid, signal.SIGKILL)

    def _taken(self) -> int:
        with urllib.request.urlopen(f"{self.url}/_stats/indexing", timeout=5) as answer:
            return int(json.load(answer)["_all"]["total"]["indexing"]["index_total"])


def free_port() -> int:
    """Return a port that nobody has, among those that the runner takes; two tests may ask at once."""
    for port in random.sample(range(9210, 9250), 40):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no port is free")


@pytest.fixture
def own_server(tmp_path: Path, server_url: str) -> Iterator[OwnServer]:
    """A server of its own; ``server_url`` has seen to it that one can be had here."""
    server = OwnServer(tmp_path, free_port())
    server.run("start")
    yield server
    server.run("stop")


@pytest.mark.slow
def test_a_server_killed_in_the_middle_of_a_bulk_loses_nothing(
    client: Client, shelf: Any, stock: Any, own_server: OwnServer, worker: Any, monkeypatch: Any
) -> None:
    engine = ElasticBackend(own_server.url, prefix="test")
    monkeypatch.setattr(backends, "current", lambda name="": engine)
    stock("Acta de antes")
    rebuilding.rebuild()
    for n in range(400):
        shelf.add(f"Acta {n}", audience=frozenset({PUBLIC}), body=f"palabras {n} " * 1000)
    killer = threading.Thread(target=own_server.kill_when_it_holds, args=[20])
    killer.start()
    assert indexing.drain() == 0
    killer.join()
    assert PendingChange.objects.count() == 400
    assert client.get("/readyz").json()["search"] is False
    assert "está descansando" in client.get("/buscar/?q=acta").content.decode()
    assert rebuilding.mend() is False, "a server that is away is waited for"
    own_server.run("start")
    PendingChange.objects.update(due_at="2026-01-01T00:00Z")
    worker()
    assert client.get("/readyz").json()["search"] is True
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 401
    assert list(differences()) == []
