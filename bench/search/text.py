"""Documents and queries made up from a fixed seed, shaped like those of a portal in use.

Words follow Zipf's law over 200,000 made-up ones (the constant added to the rank is Mandelbrot's), lengths a
log-normal with a median of 180 words, a mean near 250. Seven documents of ten are for everybody, the others
for one mesa of a thousand. Three of ten are chapters, of a guide for each twenty documents, and one of five
answers a question. A query is drawn from the same law without the hundred commonest words, which a plan would
leave out.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from search.backends.plan import synonyms
from search.documents import KINDS, PUBLIC, SearchDocument, name_of

WORDS = 200_000
COMMON = 100
MESAS = 1_000
READER = frozenset({PUBLIC, *(f"mesa:{number}" for number in range(50))})
"""The tokens of somebody who sits in fifty mesas."""
CITIES = tuple(f"ciudad-{number}" for number in range(20))
THEMES = tuple(f"tema-{number}" for number in range(8))
ROUTES = ("empleabilidad", "emprendimiento", "inclusion-financiera", "red")
BEGUN = datetime(2018, 1, 1, tzinfo=UTC)
YEARS = 8
CHAPTERS = 0.3
"""Share of documents that are chapters of a guide."""
GUIDE_EACH = 20
"""Documents for which there is one guide more."""
ANSWERS_EACH = 5
"""Documents of which one answers a question of QUESTION words."""
QUESTION = 6


@cache
def vocabulary() -> list[str]:
    """Return the made-up words, the commonest first: made once, by who asks first."""
    chance = random.Random(1)
    syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
    ends = ("", "", "s", "r", "ción", "dad", "ndo")
    words: dict[str, None] = {}
    while len(words) < WORDS:
        count = 2 + (len(words) > 300) + (len(words) > 20_000)
        words["".join(chance.choices(syllables, k=count)) + chance.choice(ends)] = None
    return list(words)


@cache
def _weights(first: int = 0) -> list[float]:
    """Return how often each word is drawn, added up, from the ``first`` on."""
    return list(itertools.accumulate(1 / (rank + 2.7) for rank in range(first + 1, WORDS + 1)))


@cache
def _asked() -> list[str]:
    """Return the words that questions are made of: copied once, or each question would pay for it."""
    return vocabulary()[COMMON:]


def question(number: int) -> str:
    """Return what the document of this number answers."""
    chance = random.Random(number)
    return " ".join(chance.choices(_asked(), cum_weights=_weights(COMMON), k=QUESTION))


def documents(count: int) -> Iterator[SearchDocument]:
    """Return ``count`` documents; the first ones are the same whatever the count."""
    chance, family = random.Random(2), random.Random(4)
    kinds = list(KINDS)
    for number in range(count):
        length = min(max(int(chance.lognormvariate(5.19, 0.8)), 10), 4_000)
        words = chance.choices(vocabulary(), cum_weights=_weights(), k=length)
        kind = chance.choice(kinds)
        everybody = chance.random() < 0.7
        guide = family.randrange(1 + number // GUIDE_EACH)
        is_chapter = family.random() < CHAPTERS
        yield SearchDocument(
            kind=kind,
            id=str(number),
            title=" ".join(words[: chance.randint(3, 9)]).capitalize(),
            url=f"/{kind}/{number}/",
            audience=frozenset({PUBLIC if everybody else f"mesa:{chance.randrange(MESAS)}"}),
            updated=BEGUN + timedelta(minutes=chance.randrange(YEARS * 365 * 24 * 60)),
            summary=" ".join(words[:25]),
            body=" ".join(words),
            city=chance.choice(CITIES),
            theme=chance.choice(THEMES),
            route=chance.choice(ROUTES),
            parent=f"Guía {guide}" if is_chapter else "",
            parent_id=name_of("guia", guide) if is_chapter else "",
            parent_url=f"/guia/{guide}/" if is_chapter else "",
            asked=() if number % ANSWERS_EACH else (question(number),),
        )


class Queries:
    """What is typed: the same sequence for each kind of query, whatever was asked before."""

    def __init__(self) -> None:
        self._chance = random.Random(3)
        self._words, self._weights = _asked(), _weights(COMMON)

    def words(self, count: int) -> list[str]:
        """Return ``count`` words as likely as readers type them."""
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)

    def slip(self) -> str:
        """Return a word of six letters or more with two neighbours swapped: hardly any document has it."""
        word = next(word for word in iter(lambda: self.words(1)[0], "") if len(word) > 5)
        at = self._chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def question(self) -> str:
        """Return a question that one of the first thousand documents answers."""
        return question(self._chance.randrange(0, 1_000, ANSWERS_EACH))

    def acronym(self) -> str:
        """Return the first letters of an acronym: titles are looked for by other ways to say it too."""
        return self._chance.choice(sorted(synonyms().acronyms))[:3]

    def beginning(self) -> str:
        """Return the first letters of a word, as typed so far."""
        return self.words(1)[0][: self._chance.randint(2, 5)]

    def one_of(self, values: Sequence[str]) -> str:
        """Return one of ``values``."""
        return self._chance.choice(values)
