"""The bench of many documents, with few: it runs, it repeats itself, and its searches find something."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from bench.search import scale, text


def test_documents_and_queries_are_the_same_each_time() -> None:
    assert list(text.documents(20)) == list(islice(text.documents(50), 20))
    assert text.Queries().words(5) == text.Queries().words(5)
    assert set(text.Queries().words(50)).isdisjoint(text.vocabulary()[: text.COMMON])
    slip = text.Queries().slip()
    assert len(slip) > 5


@pytest.mark.django_db
def test_each_kind_of_query_is_timed_apart_from_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "TIMES", 40)
    answers: SimpleQueue[Any] = SimpleQueue()
    engine = scale.engine_at(str(tmp_path), "")
    scale.fill(engine, 600, str(tmp_path), answers)
    filled = answers.get()
    assert filled.megabytes > 0 and engine.health().documents == 600
    scale.ask(engine, answers)
    asked = [answers.get() for _ in range(answers.qsize())][:-1]
    assert [one.name for one in asked][:3] == ["one word", "three words", "a slip"]
    assert [one.name for one in asked][-3:] == list(scale.PAGES) and all(one.hits for one in asked[-3:-1])
    assert all(0 < one.engine95 <= one.p95 and 0 < one.ours95 <= one.p95 for one in asked)
    assert any(one.hits for one in asked)
