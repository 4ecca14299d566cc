"""The bench of many documents, with few: it runs, it repeats itself, and its searches find something."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from bench import end
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
    searches, pages = answers.get(), answers.get()
    asked = searches + pages
    assert [one.name for one in searches][:3] == ["one word", "three words", "a slip"]
    assert [one.name for one in pages] == list(scale.PAGES)
    assert all(one.hits for one in pages if one.name != "offered, acronym")
    assert all(0 < one.engine95 <= one.p95 and 0 < one.ours95 <= one.p95 for one in asked)
    assert all(0 < one.ours_cpu95 <= one.cpu95 for one in asked)


def asked(name: str, p95: float, ours: float = 1.0) -> scale.Asked:
    return scale.Asked(name, 1.0, p95, 1.0, ours, p95, ours, 1)


def test_what_is_over_its_limit_is_told() -> None:
    def over(count: int, *some: scale.Asked, own: float = 100, server: bool = False) -> list[str]:
        return [one.split(":")[0] for one in scale.over_limit(count, list(some), own, server=server)]

    slow = asked("one word", 31)
    assert over(100_000, slow, asked("a slip", 29)) == ["one word"]
    assert over(100_000, slow, server=True) == over(10_000, slow) == []
    assert over(100_000, asked("one word", 81), asked("offered", 31), server=True) == ["one word", "offered"]
    assert over(100_000, asked("one word", 20, ours=11)) == ["one word"]
    assert len(over(1_000_000, slow, own=601)) == 1
    assert len(list(scale.grown([slow], [asked("one word", 249)]))) == 1
    assert not list(scale.grown([slow], [asked("one word", 247)]))


def test_who_calls_a_bench_notices_what_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    end([])
    with pytest.raises(SystemExit) as ended:
        end(["one word: p95 31 ms"])
    assert ended.value.code == 1 and "one word" in capsys.readouterr().out
