"""What only the engine inside the process has to get right: directories, one writer, other processes."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from search.backends.base import EngineDown, Request
from search.backends.embedded import EmbeddedBackend
from search.backends.embedded_store import SCHEMA_HASH
from search.backends.plan import parse
from tests.factories.search import make_document


def total(engine: EmbeddedBackend) -> int:
    return engine.search(Request(plan=parse("acta"), audience=["public"])).total


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "index")


def test_opens_nothing_before_it_is_asked(place: str) -> None:
    EmbeddedBackend(place)
    assert not Path(place).exists()


def test_two_writers_take_turns(place: str) -> None:
    engines = [EmbeddedBackend(place) for _ in range(4)]
    total(engines[0])

    def write(engine: EmbeddedBackend, number: int) -> None:
        for n in range(3):
            engine.index({f"t:{number}-{n}": [make_document(title="Acta")]})

    threads = [threading.Thread(target=write, args=pair) for pair in zip(engines, range(4), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(engines[0]) == 12


def test_a_writer_that_never_lets_go_is_an_engine_that_is_down(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.backends.embedded_store.LOCK_SECONDS", 0.1)
    one, other = EmbeddedBackend(place), EmbeddedBackend(place)
    with one._store.writing(one._store.open()):
        with pytest.raises(EngineDown, match="LockBusy"):
            other.index({"t:1": [make_document(title="Acta")]})
        assert total(other) == 0, "readers are never held up"
    other.index({"t:1": [make_document(title="Acta")]})
    assert total(one) == 1


def test_another_process_notices_the_swap(place: str) -> None:
    web, command = EmbeddedBackend(place), EmbeddedBackend(place)
    web.index({"t:1": [make_document(title="Acta")]})
    with command.rebuild() as build:
        build.index({f"t:{n}": [make_document(title="Acta")] for n in range(3)})
        assert total(web) == 1
        build.swap()
    assert total(web) == 3
    web.index({"t:9": [make_document(title="Acta")]})
    assert total(command) == 4


def test_what_a_killed_rebuild_left_is_removed_by_the_next(place: str) -> None:
    engine = EmbeddedBackend(place)
    total(engine)
    left = Path(place) / f"{SCHEMA_HASH}-1"
    left.mkdir()
    other_release = Path(place) / "otro-1"
    other_release.mkdir()
    with engine.rebuild() as build:
        build.swap()
    assert not left.exists()
    assert other_release.exists()
    assert len(list(Path(place).glob(f"{SCHEMA_HASH}-*"))) == 2, "the one before stays for who reads it"


def test_two_rebuilds_at_once_are_refused(place: str) -> None:
    one, other = EmbeddedBackend(place), EmbeddedBackend(place)
    with one.rebuild(), pytest.raises(EngineDown), other.rebuild():
        pass


def test_a_directory_that_vanished_is_said_and_rebuilt(place: str) -> None:
    engine = EmbeddedBackend(place)
    engine.index({"t:1": [make_document(title="Acta")]})
    for path in Path(place).glob(f"{SCHEMA_HASH}-*"):
        shutil.rmtree(path)
    fresh = EmbeddedBackend(place)
    with pytest.raises(EngineDown):
        total(fresh)
    assert not fresh.health().ok
    with fresh.rebuild() as build:
        build.index({"t:1": [make_document(title="Acta")]})
        build.swap()
    assert total(fresh) == 1


def test_searching_while_others_write(place: str) -> None:
    engine = EmbeddedBackend(place)
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                total(engine)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    until = time.monotonic() + 1
    number = 0
    while time.monotonic() < until:
        number += 1
        engine.index({f"t:{number}": [make_document(title="Acta")]})
        if number % 5 == 0:
            with engine.rebuild() as build:
                build.index({f"t:{n}": [make_document(title="Acta")] for n in range(number)})
                build.swap()
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
