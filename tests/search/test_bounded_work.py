"""The worst that can be typed costs a bounded amount of work: so many questions to the engine, of such size.

Work is counted and not timed: a clock says as much of the machine as of the query. Both engines get each
query over HTTP, by the page, the interface and the suggestions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from search import backends, rebuilding
from search.backends.base import Backend, Request
from search.backends.plan import MAX_PHRASES, MAX_SYNONYMS, MAX_TERMS, MAX_TEXT
from search.correcting import SPELT
from search.documents import PUBLIC
from tests.search.test_wrong_input import QUESTIONS

pytestmark = pytest.mark.django_db
CHANCE = random.Random(5)
LETTERS = "abcdefghijlmnopqrstuvyz"
WORDS = ["".join(CHANCE.choices(LETTERS, k=CHANCE.randint(3, 12))) for _ in range(5000)]
WORST = {
    "a megabyte": "compromizo " * 100_000,
    "a megabyte without a space": "a" * 1_000_000,
    "5,000 words": " ".join(WORDS),
    "words that nothing has": " ".join(word + "xq" for word in WORDS[:200]),
    "200 phrases": " ".join(
        f'"{one} de {other}"' for one, other in zip(WORDS[:200], WORDS[200:400], strict=True)
    ),
    "200 phrases that are not wanted": "acta " + " ".join(f'-"{one} {one}"' for one in WORDS[:200]),
    "phrases that never end": '"' * 5000,
    "one phrase of 5,000 words": f'"{" ".join(WORDS)}"',
    "wildcards": "* " * 2000 + "a* *a ?? a?* c*m*p*r*o*m*i*s*o",
    "a regular expression": "(a+)+$ /(.*)*/ (x+x+)+y [a-z]{1,1000000}" * 50,
    "letters": " ".join(LETTERS * 100),
    "one letter": "a " * 5000,
    "minus signs": "-" * 5000 + " -a" * 2000,
    "synonyms of synonyms": "mesa comité capital semilla hoja de vida sena dps icbf " * 300,
    "no letters": "¿?¡!.,;:" * 5000,
    "accents upon accents": "e" + "\u0301" * 20_000,
}
TITLES = (
    "Acta de compromiso",
    "El capital semilla",
    "La mesa de empleo",
    "Hoja de vida",
    "A",
    "Ruta de la a",
)


class Counted:
    """An engine that counts what it is asked, and looks at how much each question asks for."""

    def __init__(self, engine: Backend) -> None:
        self._engine, self.questions, self.words = engine, 0, 0

    def search(self, request: Request) -> Any:
        self.questions += 1
        plan = request.plan
        assert len(plan.terms) <= MAX_TERMS and len(plan.words) <= MAX_TERMS
        assert sum(len(term.synonyms) for term in plan.terms) <= MAX_SYNONYMS
        assert len(plan.phrases) <= MAX_PHRASES and len(plan.unwanted) <= MAX_PHRASES
        assert all(len(phrase) <= MAX_TERMS for phrase in (*plan.phrases, *plan.unwanted))
        assert len(plan.excluded) <= MAX_TERMS and len(plan.sequence) <= MAX_TERMS
        self.words = max(self.words, sum(word.edits > 0 for word in plan.words))
        return self._engine.search(request)

    def suggest(self, words: Sequence[str], audience: Any, limit: int, *others: Any) -> Any:
        self.questions += 1
        assert len(words) <= MAX_TERMS and sum(map(len, words)) <= MAX_TEXT and limit <= 100
        return self._engine.suggest(words, audience, limit, *others)

    def spelt(self, word: str, slips: int, audience: Any, limit: int, *others: Any) -> Any:
        self.questions += 1
        assert slips <= SPELT and limit <= 20
        return self._engine.spelt(word, slips, audience, limit, *others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@pytest.mark.parametrize("name", WORST)
def test_the_worst_that_is_typed_asks_a_bounded_number_of_bounded_questions(
    name: str, live: Backend, shelf: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in TITLES:
        shelf.add(title, audience=frozenset({PUBLIC}), body=" ".join(WORDS[:300]))
    rebuilding.rebuild()
    address = quote(WORST[name].encode("utf-8"))
    for path, most in (("/buscar/", 2), ("/api/v1/buscar", 2), ("/buscar/sugerencias/", 1)):
        counted = Counted(live)
        monkeypatch.setattr(backends, "current", lambda name="", engine=counted: engine)
        answer = client.get(path, QUERY_STRING=f"q={address}&ciudad=cali")
        assert answer.status_code in {200, 400}, answer.status_code
        assert counted.questions <= most * (QUESTIONS + counted.words), (path, counted.questions)
        assert len(answer.content) < 100_000
