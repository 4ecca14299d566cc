"""What else than words decides which of two results comes first: is it new, whom has it served."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from search.backends import scoring
from search.backends.base import Request
from search.backends.plan import parse
from search.documents import MOST_HELPED, PUBLIC, helpfulness
from tests.factories.search import EPOCH

NOW = int(EPOCH.timestamp() * 1_000_000)
OLD = EPOCH - timedelta(days=900)
LONG = "que no dice nada de lo que se busca y sigue y sigue " * 6
ALIKE = 0.005
"""Draws that keep equals apart (``scoring.DRAWN``) move a score less than this, and age much more."""


def other_way_round(put: Any, *documents: dict[str, Any], way: bool) -> None:
    """Put both, the one or the other first: places decide between equals, and must not decide here."""
    for values in documents if way else reversed(documents):
        put(**values)


@pytest.mark.parametrize("way", [True, False])
@pytest.mark.parametrize("kind", scoring.AGEING)
def test_of_two_equals_the_newer_comes_first(put: Any, titles: Any, kind: str, way: bool) -> None:
    old, new = (
        {"title": f"Convocatoria {name}", "kind": kind, "updated": updated}
        for name, updated in (("vieja", OLD), ("nueva", EPOCH))
    )
    other_way_round(put, old, new, way=way)
    assert titles("convocatoria", now=NOW) == ["Convocatoria nueva", "Convocatoria vieja"]


@pytest.mark.parametrize("days", scoring.AGED)
def test_each_age_counts(put: Any, ask: Any, days: int) -> None:
    for name, age in (("a", days - 1), ("b", days + 1)):
        put(title=f"Convocatoria {name}", kind="demanda", updated=EPOCH - timedelta(days=age))
    first, second = ask("convocatoria", now=NOW).found
    assert first.document.title == "Convocatoria a" and first.score > second.score


@pytest.mark.parametrize("kind", ["guia", "centro", "pagina"])
def test_a_guide_does_not_grow_old(put: Any, ask: Any, kind: str) -> None:
    put(title="Ruta una", kind=kind, updated=OLD)
    put(title="Ruta otra", kind=kind, updated=EPOCH)
    first, second = ask("ruta", now=NOW).found
    assert first.score == pytest.approx(second.score, rel=ALIKE)


@pytest.mark.parametrize("way", [True, False])
def test_of_two_equals_the_one_that_served_comes_first(put: Any, titles: Any, way: bool) -> None:
    used = {"title": "Feria sirvió", "helped": 2}
    other_way_round(put, used, {"title": "Feria nadie"}, way=way)
    assert titles("feria") == ["Feria sirvió", "Feria nadie"]


def test_neither_takes_the_place_of_better_words(put: Any, titles: Any) -> None:
    for number in range(6):
        put(title=f"Relleno {number}", body="Otras cosas.", kind="recurso")
    put(title="El permiso de la feria", kind="recurso", updated=OLD)
    put(
        title="Otra cosa", body=f"{LONG} permiso {LONG} feria {LONG}",
        kind="recurso", updated=EPOCH, helped=MOST_HELPED,
    )  # fmt: skip
    put(title="La feria", kind="recurso", updated=EPOCH, helped=MOST_HELPED)
    assert titles("permiso feria", now=NOW)[0] == "El permiso de la feria"


def test_the_new_is_worth_as_much_as_what_does_not_grow_old(put: Any, ask: Any) -> None:
    put(title="Ruta una", kind="guia", updated=OLD)
    put(title="Ruta otra", kind="recurso", updated=EPOCH)
    first, second = ask("ruta", now=NOW).found
    assert first.score == pytest.approx(second.score, rel=ALIKE)


def test_age_finds_nothing_more_and_nothing_less(put: Any, ask: Any) -> None:
    put(title="Convocatoria", kind="demanda", updated=EPOCH)
    put(title="Convocatoria", kind="guia", updated=OLD)
    put(title="Nueva y otra", kind="demanda", updated=EPOCH)
    answer = ask("convocatoria", now=NOW)
    assert answer.total == 2 and answer.facets["kind"] == {"demanda": 1, "guia": 1}


def test_sixteen_people_are_as_good_as_a_thousand() -> None:
    steps = [helpfulness(people) for people in (-9, 0, 1, 2, 3, 4, 7, 8, 15, 16, 1000)]
    assert steps == [0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_sentence_wants_the_text_that_answers_and_few_words_the_title(put: Any, titles: Any) -> None:
    for number in range(8):
        put(title=f"Otra cosa {number}", body="una persona espera que el centro la llame")
    put(title="El directorio y el teléfono", body="Privado. Contesta de lunes a viernes.")
    put(title="Seguimiento", body="Si no contesta el teléfono, insista: contesta otro día.")
    assert titles("contesta teléfono")[0] == "El directorio y el teléfono"
    assert titles("¿quién contesta siempre este teléfono?")[0] == "Seguimiento"


def test_words_and_fixed_gains_weigh_as_the_table_says(put: Any, engine: Any, monkeypatch: Any) -> None:
    """Scores are no matter of the engine: the words of a title, as typed and by their stems, and a gain."""
    for number in range(9):
        put(title=f"Otra cosa {number}")
    put(title="Permiso de la mascota")
    request = Request(plan=replace(parse("permiso mascota"), loose=True), audience=[PUBLIC])
    word = scoring.BOOSTS["title_words"] + scoring.TIE * scoring.BOOSTS["title"]
    scores = []
    for gain in (0.0, 5.0):
        monkeypatch.setattr(scoring, "COVERED_LOOSE", gain)
        scores.append(engine.search(request).found[0].score)
    words, both = scores
    expected = 2 * word * math.log(1 + (10 - 1 + 0.5) / (1 + 0.5))
    assert both / words == pytest.approx((expected + 5) / expected, rel=0.001)


@pytest.mark.parametrize("word", ["huerta", "SENA"])
def test_a_text_that_says_it_often_comes_first(put: Any, titles: Any, word: str) -> None:
    for number in range(12):
        put(title=f"Dice poco {number}", body=f"{LONG * 3} {word} {LONG * 3}")
    put(title="Dice mucho de", body=f"{LONG} {word} {word} {word} {word} {word}")
    assert titles(word)[0] == "Dice mucho de"


def test_of_two_alike_the_shorter_title_comes_first(put: Any, titles: Any) -> None:
    for number in range(12):
        put(title=f"Huerta de la casa {number}")
    put(title="Huerta")
    assert titles("huerta")[0] == "Huerta"


def test_what_is_no_acronym_is_not_said_often(put: Any, ask: Any) -> None:
    put(title="Otra", body="Casa, casa, casas y más casas.")
    assert ask("la CAS de aquí").total == 0


@pytest.mark.parametrize("typed", ["mesas", "¿Qué es una mesa?", "qué son las mesas", "comité"])
def test_who_types_a_thing_alone_is_told_first_what_it_is(put: Any, ask: Any, typed: str) -> None:
    for number in range(9):
        put(title=f"Mesa {number}", kind="mesa", body="La mesa de la mesa.")
    put(title="¿Qué es lo que piden en la mesa?", kind="recurso", body="La mesa de la mesa.")
    put(title="Qué es una mesa y quién va", kind="guia", body="Se reúnen cada mes.")
    first, second = ask(typed).found[:2]
    assert first.document.title == "Qué es una mesa y quién va" and second.document.kind == "mesa"


def test_who_types_more_than_a_thing_is_not_told_what_it_is(put: Any, titles: Any) -> None:
    put(title="Qué es una mesa y quién va a la feria", kind="guia", body="Se reúnen cada mes.")
    put(title="Mesa de la feria", kind="mesa")
    assert titles("mesa feria")[0] == "Mesa de la feria"
