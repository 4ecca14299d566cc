"""An index that is filled by a process of its own: it serves afterwards, and what goes wrong is told."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from search import rebuilding, rebuilding_apart
from search.backends.base import AnotherRebuilds, EngineDown
from search.backends.embedded import EmbeddedBackend
from tests import database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def place(tmp_path: Path, db: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the child puts the index, over a copy of the empty test database."""
    if not (database.in_memory() and database.kept().exists()):
        pytest.skip("the child uses a copy of the SQLite database that the tests keep")
    shutil.copy(database.kept(), tmp_path / "portal.sqlite3")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SEARCH_URL", raising=False)
    return tmp_path / f"test-index-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def test_the_child_fills_the_index_while_the_caller_does_something_else(place: Path) -> None:
    engine = EmbeddedBackend(str(place))
    assert not engine.health().ready
    told: list[int] = []
    rebuilding_apart.rebuild(lambda done, total: told.append(done))
    assert told, "the caller has its turn while the child begins"
    assert EmbeddedBackend(str(place)).health().ready


def test_few_rows_are_no_work_for_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(rebuilding, "rebuild", lambda report: done.append("here"))
    monkeypatch.setattr(rebuilding_apart, "rebuild", lambda report: done.append("apart"))
    rebuilding.refill()
    monkeypatch.setattr(rebuilding, "MANY", 0)
    rebuilding.refill()
    assert done == ["here", "apart"]


def test_told_to_end_it_ends_the_child_and_leaves_nobody_rebuilding(place: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rebuilding_apart.rebuild(stop)
    engine = EmbeddedBackend(str(place))
    assert not engine.health().ready
    with engine.rebuild():
        pass  # the right to rebuild is free


def test_where_another_rebuilds_it_is_no_failure(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EmbeddedBackend(str(place))
    with engine.rebuild():
        with pytest.raises(AnotherRebuilds):
            rebuilding_apart.rebuild()
        monkeypatch.setattr("search.backends.current", lambda name="": engine)
        monkeypatch.setattr(rebuilding, "MANY", 0)
        assert rebuilding.mend(), "there was something to do, and somebody does it"


def test_what_the_child_says_is_the_reason(place: Path) -> None:
    place.write_text("no folder", encoding="ascii")
    with pytest.raises(EngineDown, match="El motor no respondió"):
        rebuilding_apart.rebuild()
