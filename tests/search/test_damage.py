"""An index that is damaged, or a full disk: nothing is lost, pages keep working, the worker mends it."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django_tasks_db.backend import DatabaseBackend

from portal import worker as portal_worker
from portal.tasks import send_mail
from portal.worker import Chore, Worker
from search import backends, indexing, rebuilding, registry
from search.backends import embedded_store
from search.backends.base import EngineDown
from search.backends.embedded_store import SCHEMA_HASH
from search.comparing import differences
from search.documents import PUBLIC
from search.models import PendingChange, RebuildProgress
from tests.search.conftest import assert_all_is_found_again, assert_the_engine_rests

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(settings: Any) -> Callable[[], Path]:
    """Where the index lies that serves now."""

    def serving() -> Path:
        place = Path(settings.SEARCH_PLACE)
        return place / (place / f"current-{SCHEMA_HASH}").read_text()

    return serving


def garble(path: Path) -> None:
    """Turn bytes in the middle around; the length and the end stay."""
    with path.open("r+b") as file:
        at = file.seek(path.stat().st_size // 3)
        some = file.read(40)
        file.seek(at)
        file.write(bytes(byte ^ 0x5A for byte in some))


def put_in_place(path: Path, content: bytes) -> None:
    """Let a file of this content stand there. To cut one short that this process has mapped would kill it."""
    aside = path.with_name("aside")
    aside.write_bytes(content)
    aside.replace(path)


def biggest(folder: Path, end: str) -> Path:
    return max(folder.glob(f"*.{end}"), key=lambda path: path.stat().st_size)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the list of segments is gone": lambda folder: (folder / "meta.json").unlink(),
    "the list of segments is nonsense": lambda folder: (folder / "meta.json").write_text("{"),
    "the list of segments is empty": lambda folder: (folder / "meta.json").write_text(""),
    "texts are garbled": lambda folder: garble(biggest(folder, "store")),
    "words are garbled": lambda folder: garble(biggest(folder, "term")),
    "postings are garbled": lambda folder: garble(biggest(folder, "idx")),
    "columns are garbled": lambda folder: garble(biggest(folder, "fast")),
    "a file is cut short": lambda folder: put_in_place(biggest(folder, "store"), b"x" * 50),
    "a file is empty": lambda folder: put_in_place(biggest(folder, "term"), b""),
    "a file is gone": lambda folder: biggest(folder, "idx").unlink(),
    "the folder is gone": shutil.rmtree,
    "everything is gone": lambda folder: shutil.rmtree(folder.parent),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_said_and_mended_without_a_hand(
    damage: str, client: Any, shelf: Any, stock: Any, serving: Any, worker: Any
) -> None:
    stock(*(f"Acta número {n}" for n in range(30)), body="palabras " * 300)
    rebuilding.rebuild()
    assert client.get("/readyz").json()["search"] is True
    backends._made.cache_clear()  # lets go of the files
    DAMAGES[damage](serving())
    shelf.add("Acta escrita entretanto", audience=frozenset({PUBLIC}))
    backends.current().examine()
    assert client.get("/readyz").json()["search"] is False
    assert_the_engine_rests(client)
    worker()
    assert_all_is_found_again(client)


def test_a_strange_answer_has_the_index_examined(stock: Any, serving: Any, worker: Any, client: Any) -> None:
    stock(*(f"Acta número {n}" for n in range(30)), body="palabras " * 300)
    rebuilding.rebuild()
    backends.current().examine()  # the one of this day is done
    garble(biggest(serving(), "store"))
    was = serving()
    for n in range(30):  # one of these documents lies where the garbled bytes are
        client.get(f"/buscar/?q=acta+numero+{n}")
    rebuilding.mend()
    assert serving() != was
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 30


def test_a_whole_index_is_left_alone(stock: Any, serving: Any) -> None:
    stock("Acta")
    rebuilding.rebuild()
    stock("Otra", "Más", "Y más")
    was = serving()
    backends.current()._store.suspect()  # type: ignore[attr-defined]
    assert rebuilding.mend() is False
    assert serving() == was


def test_a_rebuild_elsewhere_is_waited_for(shelf: Any, settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_PLACE = str(tmp_path / "another")
    with backends.current().rebuild():
        assert rebuilding.mend() is True
    assert not RebuildProgress.objects.exists()


# --- The disk is full ----------------------------------------------------------------------------
@contextmanager
def full_disk(size: int = 4_000) -> Iterator[None]:
    """Let no file of this process grow beyond ``size``: writes fail as they do on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_loses_nothing(client: Any, shelf: Any, stock: Any, worker: Any) -> None:
    stock("Acta de antes")
    new = [shelf.add(f"Acta nueva {n}", audience=frozenset({PUBLIC}), body=f"{n} " * 9000) for n in range(9)]
    with full_disk():
        assert indexing.drain() == 0
        assert PendingChange.objects.count() == len(new)
        assert PendingChange.objects.exclude(last_error="").count() == len(new)
        assert client.get("/api/v1/buscar?q=acta").json()["count"] == 1, "what there was is still found"
        with pytest.raises(EngineDown):
            rebuilding.rebuild()
        assert client.get("/api/v1/buscar?q=acta").json()["count"] == 1
    PendingChange.objects.update(due_at="2026-01-01T00:00Z")
    worker()
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 10
    assert list(differences()) == []
    rebuilding.rebuild()
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 10


def test_an_unfinished_index_that_takes_nothing_more_is_given_up(
    shelf: Any, stock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "SAVE_SECONDS", 0)
    monkeypatch.setattr(indexing, "ROWS", 1)
    stock("Uno", "Dos", "Tres")
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        seen.append(done)
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(report=stop)
    assert RebuildProgress.objects.get().rows == 1
    with full_disk(10), pytest.raises(EngineDown):
        rebuilding.rebuild()
    assert not RebuildProgress.objects.exists()
    assert rebuilding.rebuild(report=lambda done, total: seen.append(done)) == 3
    assert seen == [1, 1, 2, 3]


def test_a_rebuild_that_would_fill_the_disk_does_not_begin(stock: Any, monkeypatch: Any) -> None:
    stock("Acta")
    monkeypatch.setattr(embedded_store.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(EngineDown, match="MB left"):
        rebuilding.rebuild()
    assert not RebuildProgress.objects.exists()


# --- What else the worker does meanwhile ----------------------------------------------------------
def damaged_with_witness(shelf: Any, stock: Any, serving: Any, monkeypatch: Any, look: Any) -> None:
    """Let an index be damaged, and ``look`` be called each time a rebuild is about to be finished."""
    monkeypatch.setattr(indexing, "ROWS", 5)
    monkeypatch.setattr(rebuilding, "SAVE_SECONDS", 0)
    stock(*(f"Acta {n}" for n in range(30)))
    rebuilding.rebuild()
    shutil.rmtree(serving())

    def documents(row: Any) -> list[Any]:
        look()
        return []

    source = registry.source("prueba")
    registry.register(
        registry.Source(
            name="testigo",
            kind="testigo",
            queryset=lambda: Group.objects.order_by("pk"),
            documents=documents,
            authorised=source.authorised,
        )
    )


def test_mail_is_sent_and_writes_are_taken_while_an_index_is_filled_anew(
    shelf: Any, stock: Any, serving: Any, worker: Any, queued: Any, monkeypatch: Any, mailoutbox: list[Any]
) -> None:
    sent: list[int] = []
    damaged_with_witness(shelf, stock, serving, monkeypatch, lambda: sent.append(len(mailoutbox)))
    for n in range(3):
        DatabaseBackend("default", {"QUEUES": []}).enqueue(
            send_mail, [f"Uno {n}", "", ["a@demo.example"]], {}
        )
    worker()
    assert sent and sent[0] == 3
    assert backends.current().health().documents == 30


def test_told_to_end_the_worker_leaves_an_unfinished_index_for_the_next(
    shelf: Any, stock: Any, serving: Any, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    seen: list[int] = []
    damaged_with_witness(shelf, stock, serving, monkeypatch, lambda: seen.append(1))
    first = Worker()
    first.chores = (*first.chores, Chore("the end", lambda: first.stop() or False))
    first.indexing = Chore("the search index", lambda: False)  # it would wait for the test's own transaction
    monkeypatch.setattr(portal_worker.connections, "close_all", lambda: None)  # the test's own connection
    backends._made.cache_clear()
    first.run()
    assert seen == [] and RebuildProgress.objects.get().rows >= 5
    backends._made.cache_clear()
    Worker().run_until_idle()
    assert not RebuildProgress.objects.exists()
    assert backends.current().health().documents == 30
