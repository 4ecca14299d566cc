"""Questions that a document answers, beside its text: for who asks in her own words, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from search.backends.base import load
from search.documents import MEMBER, PUBLIC

ASKED = ("¿Qué hago si la persona ya no quiere seguir?", "¿Quién firma cuando alguien se retira?")


@pytest.fixture(autouse=True)
def two(put: Any) -> None:
    """One document that answers in other words, and one that has a word or two of the question."""
    put(title="Desistimiento", body="Se deja constancia en el acta.", asked=ASKED)
    put(title="Citas", body="La persona llega a la cita de seguimiento.")


def test_a_sentence_finds_what_answers_it_in_other_words(titles: Any) -> None:
    assert titles("la persona no quiere seguir con esto")[0] == "Desistimiento"
    assert titles("una señora se retira quién firma") == ["Desistimiento"]


@pytest.mark.parametrize("text", ["retira", "persona quiere", "quién firma"])
def test_few_words_name_a_thing_and_are_not_looked_for_in_questions(titles: Any, text: str) -> None:
    assert "Desistimiento" not in titles(text)


def test_a_word_of_its_own_is_worth_as_much_with_questions(put: Any, titles: Any) -> None:
    put(title="Acta de cierre del proceso", body="constancia de la persona")
    assert titles("acta de cierre del proceso")[0] == "Acta de cierre del proceso"


def test_a_question_has_the_audience_of_its_document(put: Any, ask: Any) -> None:
    put(title="Reservado", asked=("¿Cuánto debe el señor de la panadería?",), audience=frozenset({MEMBER}))
    text = "cuánto debe el señor de la panadería"
    assert ask(text, audience=frozenset({PUBLIC})).total == 0
    assert ask(text, audience=frozenset({MEMBER})).total == 1


def test_an_index_keeps_the_questions(ask: Any) -> None:
    (found,) = [one for one in ask("seguir").found + ask("desistimiento").found if one.document.asked]
    assert found.document.asked == ASKED


def test_a_document_of_an_older_release_has_none() -> None:
    old = {"kind": "pagina", "id": "1", "title": "x", "url": "/", "audience": [PUBLIC], "keywords": []}
    assert load({**old, "updated": "2026-03-01T12:00:00+00:00"}).asked == ()
