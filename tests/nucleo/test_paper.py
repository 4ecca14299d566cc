"""The font of paper: cut once for all processes, and the same as if each had cut it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nucleo import paper
from portal.management.commands.tick import CHORES


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, and a process that has not drawn yet."""
    settings.VAR_DIR = tmp_path
    paper.static_fonts.cache_clear()
    yield tmp_path / "fonts"
    paper.static_fonts.cache_clear()


def test_the_next_process_reads_what_the_first_cut(folder: Path) -> None:
    cut = paper.static_fonts()
    first = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert len(first) == len(paper.WEIGHTS)
    paper.static_fonts.cache_clear()
    assert paper.static_fonts() == cut
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == first


def test_a_folder_that_cannot_be_written_only_costs_time(folder: Path) -> None:
    folder.write_text("no folder")
    assert [weight for weight, _address in paper.static_fonts()] == ["400", "700"]


def test_the_worker_has_it_cut_before_anybody_asks(folder: Path) -> None:
    next(chore for chore in CHORES if chore.name == "fonts").run()
    assert len(list(folder.iterdir())) == len(paper.WEIGHTS)
