"""Killed at any moment (``kill -9``): a rebuild goes on where it was, and no write is lost."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import database

ROOT = Path(__file__).resolve().parents[3]
ROWS = 300

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Children:
    """Processes over one database file and one engine."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}", "VAR_DIR": str(folder),
            "ENGINE": engine, "PREFIX": f"test-{uuid.uuid4().hex[:8]}",
        }  # fmt: skip

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tests.search.child", *words]

    def run(self, *words: str) -> list[str]:
        """Run to the end; return the lines it said."""
        done = subprocess.run(
            self._command(*words), cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def killed_after(self, word: str, times: int, *words: str) -> list[str]:
        """Run, and kill it a moment after it said ``word`` so many times."""
        child = subprocess.Popen(
            self._command(*words), cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        said: list[str] = []
        assert child.stdout is not None
        for line in child.stdout:
            said.append(line)
            if sum(one.startswith(word) for one in said) == times:
                time.sleep(random.Random(times).random() * 0.05)
                child.kill()
        child.wait()
        child.stdout.close()
        assert child.returncode == -9, "it ended before it was killed"
        return said


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.server_engine)])
def children(request: Any, tmp_path: Path, db: Any) -> Iterator[Children]:
    """Children over each engine in turn, with a copy of the empty test database."""
    if not (database.in_memory() and database.kept().exists()):
        pytest.skip("the children use a copy of the SQLite database that the tests keep")
    shutil.copy(database.kept(), tmp_path / "portal.sqlite3")
    if request.param == "embedded":
        yield Children(tmp_path, str(tmp_path / "index"))
        return
    from search.backends.elastic import ElasticBackend

    url = request.getfixturevalue("server_url")
    children = Children(tmp_path, url)
    yield children
    ElasticBackend(url, prefix=children.env["PREFIX"]).remove_everything()


def rows_of(said: list[str]) -> list[int]:
    return [int(line.split()[1]) for line in said if line.startswith("rows ")]


def test_a_rebuild_killed_twice_goes_on_and_misses_no_write(children: Children) -> None:
    children.run("clear+fill+forget+rebuild+forget", str(ROWS))
    first = rows_of(children.killed_after("rows", 8, "rebuild"))
    assert first[0] == 10, "the one before was finished, this is another"
    children.run("write")
    assert children.run("find") == [f"found {2 * ROWS}"], "the old one serves, and takes what is written"
    second = rows_of(children.killed_after("rows", 8, "rebuild"))
    assert second[0] > first[-1] - 10, "it goes on where it was"
    children.run("write")
    third = children.run("rebuild+forget+check+find")
    assert rows_of(third)[0] > second[-1] - 10
    assert third[-2:] == [f"database {ROWS} waiting 0", f"found {2 * ROWS}"]


def test_killed_in_the_middle_of_a_bulk_nothing_is_lost_and_nothing_twice(children: Children) -> None:
    children.run("clear+rebuild+fill", str(ROWS))
    for times in (2, 4, 3):
        children.killed_after("drained", times, "drain")
        time.sleep(0.1)
    said = children.run("drain+check+find")
    assert said[-2:] == [f"database {ROWS} waiting 0", f"found {2 * ROWS}"]


def test_killed_between_swap_and_the_last_catching_up(children: Children) -> None:
    """What was written just before the swap went to the old index; the worker puts it into the new one."""
    children.run("clear+fill+forget+rebuild+forget", "20")
    assert "swapped" in children.killed_after("swapped", 1, "hang")[-1]
    assert "different stale" in "".join(children.run("check")), "the case is real"
    assert children.run("mend") == ["mended True"]
    said = children.run("check+mend")
    assert said == ["database 20 waiting 0", "mended False"]
