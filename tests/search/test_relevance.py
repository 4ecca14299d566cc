"""Search finds what people want as often as it did: the judged queries of bench/search, on both engines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from bench.search import relevance
from bench.search.judged import EXACT, FILES, Judged, Score, load, mean, name_of, page_of
from search.backends.elastic import ElasticBackend

BASELINE = json.loads(relevance.BASELINE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The small demonstration, for all tests of this file, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def embedded(demonstration: None, tmp_path_factory: pytest.TempPathFactory) -> relevance.Summary:
    """What the engine in the process gets."""
    from search.backends.embedded import EmbeddedBackend

    with relevance.filled(EmbeddedBackend(str(tmp_path_factory.mktemp("judged") / "index"))):
        return relevance.summary(relevance.ask(load()))


@pytest.mark.slow
@pytest.mark.django_db
def test_every_judgement_names_a_document_of_the_demonstration(demonstration: None) -> None:
    judged = {name for query in load() for name in query.grades}
    assert judged - set(relevance.names().values()) == set()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_embedded_engine_is_as_good_as_it_was(embedded: relevance.Summary) -> None:
    assert relevance.losses(embedded, BASELINE["embedded"]) == []


@pytest.mark.django_db
@pytest.mark.server_engine
def test_the_server_is_as_good_as_it_was_and_as_the_embedded_engine(
    embedded: relevance.Summary, on_server: Callable[[], ElasticBackend]
) -> None:
    with relevance.filled(on_server()):
        found = relevance.summary(relevance.ask(load()))
    assert relevance.losses(found, BASELINE["elastic"]) == []
    assert relevance.differences(embedded, found) == []


def test_there_are_enough_queries_of_every_kind_in_both_halves() -> None:
    queries = load()
    assert len(queries) >= 500
    halves = {half: {q.kind for q in queries if q.half == half} for half in ("tune", "report")}
    assert halves["tune"] == halves["report"]
    assert len(halves["tune"]) >= 12


def test_the_second_set_asks_as_much_of_each_kind_and_nothing_again() -> None:
    first, second = ([q for q in load() if q.set == name] for name in ("first", "second"))
    assert Counter(q.kind for q in second) == Counter(q.kind for q in first)
    assert {q.text.casefold() for q in first}.isdisjoint(q.text.casefold() for q in second)


def test_the_page_of_the_kinds_was_saved_with_the_baseline() -> None:
    rows = [
        line.strip("| ").split(" | ") for line in relevance.KINDS.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if len(row) == 3 + 2 * len(relevance.MEASURES) and row[1].isdecimal()]
    count = Counter(query.kind for query in load())
    for engine, groups in BASELINE.items():
        own = [row for row in rows if row[2] == engine]
        assert {row[0]: int(row[1]) for row in own} == count
        for at, name in enumerate(relevance.MEASURES):
            for column, group in ((3, "with files"), (4, f"{relevance.UNPOOLED}, with files")):
                whole = sum(int(row[1]) * float(row[column + 2 * at]) for row in own) / count.total()
                assert whole == pytest.approx(groups[group][name], abs=0.001), (engine, name, group)


def test_the_queries_about_files_say_which_page_is_right_and_stand_apart() -> None:
    files = [query for query in load() if query.set == FILES]
    assert {query.kind for query in files} == {"archivo"}
    assert min(Counter(query.half for query in files).values()) >= 12
    assert sum(query.page > 1 for query in files) >= 12
    groups = relevance.groups([Score(query, ()) for query in load()])
    assert [len(groups[name]) for name in ("all", FILES, "with files")] == [518, len(files), 518 + len(files)]


def test_pooling_adds_grades_and_takes_none_away() -> None:
    queries, before = load(), load(pooled=None)
    assert [query.unpooled for query in queries] == before
    added = {(query.text, name): query.grades[name] for query in queries for name in query.added}
    assert len(added) > 200
    assert set(added.values()) <= {1, 2, EXACT}
    scores = [Score(query, tuple(query.added), (0,) * len(query.added)) for query in queries]
    assert relevance.summary(scores)["unpooled, with files"]["MRR"] == 0
    assert relevance.summary(scores)["with files"]["MRR"] > 0


def test_pooling_may_neither_grade_again_nor_what_nobody_asks(tmp_path: Path) -> None:
    asked, pooled = tmp_path / "queries.yaml", tmp_path / "pooled.yaml"
    asked.write_text("kind:\n- {q: acta, 3: guias/acta}\n", encoding="utf-8")
    pooled.write_text("first:\n- {q: acta, 2: [guias/a, guias/b]}\n", encoding="utf-8")
    (query,) = load({"first": asked}, pooled)
    assert query.grades == {"guias/acta": EXACT, "guias/a": 2, "guias/b": 2}
    assert query.unpooled.grades == {"guias/acta": EXACT}
    for wrong, said in (
        ("- {q: acta, 2: guias/acta}", "again"),
        ("- {q: actas, 2: guias/a}", "nobody asks"),
        ("- {q: acta, 2: guias/a}\n- {q: acta, 1: guias/b}", "twice"),
    ):
        pooled.write_text(f"first:\n{wrong}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=said):
            load({"first": asked}, pooled)


def judged(**grades: int) -> Judged:
    return Judged("kind", "text", "", grades)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (("a", "b"), {"success@1": 1, "success@5": 1, "MRR": 1, "NDCG@10": 0.9468, "exact@1": 1}),
        (("b", "a"), {"success@1": 1, "success@5": 1, "MRR": 1, "NDCG@10": 0.7896, "exact@1": 0}),
        (("c", "x", "a"), {"success@1": 0, "success@5": 1, "MRR": 0.3333, "NDCG@10": 0.4791, "exact@1": 0}),
        (tuple("xxxxxa"), {"success@1": 0, "success@5": 0, "MRR": 0.1667, "NDCG@10": 0.2655, "exact@1": 0}),
        ((), {"success@1": 0, "success@5": 0, "MRR": 0, "NDCG@10": 0, "exact@1": 0}),
    ],
)
def test_measures(found: tuple[str, ...], expected: dict[str, float]) -> None:
    values = Score(judged(a=EXACT, b=2, c=1), found).values
    assert values == pytest.approx(expected, abs=0.0002)
    assert mean([Score(judged(a=EXACT, b=2, c=1), found)]) == pytest.approx(expected, abs=0.0002)


@pytest.mark.parametrize(
    ("url", "title", "name"),
    [
        ("/guias/ruta-emprende/", "Ruta", "guias/ruta-emprende"),
        ("/comunidad/orientacion/12-como-se-hace/", "¿Cómo se hace?", "comunidad/orientacion/como-se-hace"),
        ("/redip/pasto/mesa/actas/7/", "Acta 3. Mesa Niñez", "redip/pasto/mesa/actas/acta-3-mesa-ninez"),
        ("/directorio/proveedores/pan-1/", "Pan 1", "directorio/proveedores/pan-1"),
        (
            "/comunidad/alianzas/12-con-que-aliado/?r=9#r-9",
            "Con qué aliado",
            "comunidad/alianzas/con-que-aliado",
        ),
        ("/", "Inicio", ""),
    ],
)
def test_names_hold_no_row_numbers(url: str, title: str, name: str) -> None:
    assert name_of(url, title) == name


def test_a_query_without_an_exact_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queries.yaml"
    path.write_text("kind:\n- {q: acta, 2: guias/acta}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="exactly"):
        load({"first": path}, None)
    path.write_text("kind:\n- {q: acta, 3: a}\n- {q: acta, 3: b}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        load({"first": path}, None)


def test_a_loss_and_a_difference_are_said() -> None:
    before = {"all": {"success@1": 0.9, "MRR": 0.9}}
    assert relevance.losses({"all": {"success@1": 0.895, "MRR": 0.91}}, before) == []
    assert len(relevance.losses({"all": {"success@1": 0.88, "MRR": 0.9}}, before)) == 1
    measures = dict.fromkeys(relevance.MEASURES, 0.9)
    alike = {"all": measures, "report": measures}
    assert relevance.differences(alike, alike) == []
    for group in alike:
        other = {**alike, group: {**measures, "MRR": 0.87}}
        (said,) = relevance.differences(alike, other)
        assert f"MRR of {group}" in said


def test_a_baseline_with_a_loss_is_saved_only_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relevance, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setattr(relevance, "KINDS", tmp_path / "kinds.md")
    scores = [Score(query, (), ()) for query in load()]
    for why in ("", " "):
        with pytest.raises(SystemExit, match="accept-loss"):
            relevance.save({}, {"embedded": scores}, wrong=["embedded, all: MRR fell"], why=why)
    assert not list(tmp_path.iterdir())
    relevance.save({}, {"embedded": scores}, wrong=["embedded, all: MRR fell"], why="the guide is gone")
    assert "the guide is gone" in relevance.KINDS.read_text(encoding="utf-8")
    relevance.save({}, {"embedded": scores}, wrong=[], why="")
    assert "accepted" not in relevance.KINDS.read_text(encoding="utf-8")
    assert json.loads(relevance.BASELINE.read_text())["embedded"]["all"]["MRR"] == 0


def test_the_right_page_is_that_of_the_exact_answer() -> None:
    query = Judged("archivo", "text", "", {"a": EXACT, "b": 2}, FILES, page=2)
    assert Score(query, ("b", "a"), (1, 2)).is_right_page
    assert not Score(query, ("b", "a"), (2, 1)).is_right_page
    assert not Score(query, (), ()).is_right_page
    assert [page_of(url) for url in ("/a/?ver#page=12", "/a/#page", "/a/")] == [12, 0, 0]
