"""A plan in the language of Elasticsearch and OpenSearch: the twin of ``embedded_query``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from elasticsearch.dsl import Q

from search.backends import base, scoring
from search.backends.asking import QUOTED, Asking
from search.backends.plan import Plan


def text_query(plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> Any:
    """Return what the reader's words ask for; everything when she typed none."""
    asked = _Asking(plan, rarity, fuzzy=fuzzy)
    return Q("bool", must=asked.must(), should=asked.should(), must_not=asked.must_not())


def having(word: str) -> Any:
    """Return what has a comparable form anywhere."""
    return _is("any", word)


def fresher(query: Any, request: base.Request) -> Any:
    """Return ``query`` where the old of AGEING kinds loses: others gain, since no score can be lost."""
    gains = []
    for since, loss in scoring.aged(request):
        old = Q("bool", filter=[any_of("kind", scoring.AGEING), *dates(None, since)])
        gains.append(_constant(Q("bool", must_not=[old]), loss))
    return Q("bool", must=[query], should=gains) if gains else query


def weighted(query: Any) -> Any:
    """Return ``query`` with each score multiplied by the document's weight."""
    return Q(
        "function_score",
        query=query,
        field_value_factor={"field": "weight", "missing": 1.0},
        boost_mode="multiply",
    )


def title_query(
    words: Sequence[str], audience: Collection[str], kinds: Collection[str], hidden: Collection[str]
) -> Any:
    """Return titles with all ``words``, the last one as a beginning."""
    last = Q(
        "dis_max",
        queries=[
            _constant(Q("prefix", title_words={"value": words[-1]}), 1.0),
            _constant(_is("title_words", words[-1]), scoring.WHOLE),
        ],
    )
    whole = [_is("title_words", word) for word in words[:-1]]
    only = [*allowed(audience, hidden), *([any_of("kind", kinds)] if kinds else [])]
    return Q("bool", must=[last], filter=[*whole, *only])


def spelt(word: str, slips: int, audience: Collection[str], hidden: Collection[str]) -> Any:
    """Return documents that have a word up to ``slips`` letters from ``word``: of two ways, the better."""
    ways = [
        _constant(_near(field, word, letters), scoring.spelt(field, letters))
        for field in QUOTED
        for letters in range(1, slips + 1)
    ]
    return Q("bool", must=[Q("dis_max", queries=ways)], filter=allowed(audience, hidden))


def allowed(audience: Collection[str], hidden: Collection[str]) -> list[Any]:
    """Return the filter by who asks."""
    found = [any_of("audience", audience)]
    return [*found, Q("bool", must_not=[any_of("key", hidden)])] if hidden else found


def any_of(field: str, values: Collection[str]) -> Any:
    """Return documents with one of ``values``; none when there are none."""
    return Q("terms", **{field: sorted(values)})


def dates(since: int | None, until: int | None) -> list[Any]:
    """Return the filter of the dates, or nothing."""
    limits = {name: value for name, value in (("gte", since), ("lt", until)) if value is not None}
    return [Q("range", updated=limits)] if limits else []


def _is(field: str, value: str) -> Any:
    return Q("term", **{field: value})


def _near(field: str, value: str, letters: int) -> Any:
    """Return what has a word that near, in any number of ways: of the best few, hidden ones would be some."""
    return Q("fuzzy", **{field: {"value": value, "fuzziness": letters, "rewrite": "constant_score"}})


def _constant(query: Any, score: float) -> Any:
    return Q("constant_score", filter=query, boost=score)


class _Asking(Asking[Any]):
    """The language of the server."""

    def everything(self) -> Any:
        return Q("match_all")

    def has(self, field: str, word: str) -> Any:
        return _is(field, word)

    def any_of(self, field: str, values: Collection[str]) -> Any:
        return any_of(field, values)

    def phrase(self, field: str, words: Sequence[str]) -> Any:
        return Q("match_phrase", **{field: " ".join(words)})

    def near(self, field: str, word: str, letters: int) -> Any:
        return _near(field, word, letters)

    def best(self, ways: Sequence[Any], tie: float) -> Any:
        return Q("dis_max", queries=list(ways), tie_breaker=tie)

    def some(self, ways: Sequence[Any], least: int) -> Any:
        return Q("bool", should=list(ways), minimum_should_match=least)

    def constant(self, query: Any, score: float) -> Any:
        return _constant(query, score)

    def times(self, query: Any, factor: float) -> Any:
        return Q("bool", must=[query], boost=factor)
