"""A plan in the language of the embedded engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from search.backends import base, scoring
from search.backends.asking import QUOTED, Asking
from search.backends.plan import Plan

FEW = 40
"""Values that are looked up one by one."""


def text_query(schema: tantivy.Schema, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> Q:
    """Return what the reader's words ask for; everything when she typed none."""
    asked = _Asking(schema, plan, rarity, fuzzy=fuzzy)
    return _both(asked.must(), asked.should(), asked.must_not())


def unscored(schema: tantivy.Schema, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> Q:
    """Return what finds the same as :func:`text_query`, to count it."""
    asked = _Asking(schema, plan, rarity, fuzzy=fuzzy)
    return _both(asked.only(), [], asked.must_not())


def _both(must: Sequence[Q], should: Sequence[Q], must_not: Sequence[Q]) -> Q:
    return Q.boolean_query(
        [
            *((Occur.Must, query) for query in must),
            *((Occur.Should, query) for query in should),
            *((Occur.MustNot, query) for query in must_not),
        ]
    )


def counted(schema: tantivy.Schema, late: Collection[str], word: str = "") -> Q:
    """Return the documents over which words are counted, or those of them that have this comparable form."""
    has = [_only(Q.term_query(schema, "any", word))] if word else []
    return Q.boolean_query([*has, *_allowed(schema, scoring.COUNTED, late)])


def narrowed(schema: tantivy.Schema, text: Q, request: base.Request, *, without: str = "") -> Q:
    """Return ``text`` with audience, dates and the chosen facets (but ``without``) as filters apart."""
    clauses = [(Occur.Must, text), *_allowed(schema, request.audience, request.hidden)]
    clauses += [
        _only(any_of(schema, field, values))
        for field, values in request.filters.items()
        if values and field != without
    ]
    if request.since is not None or request.until is not None:
        dates = Q.range_query(
            schema,
            "updated",
            tantivy.FieldType.Integer,
            request.since,
            request.until,
            include_upper=request.until is None,
        )
        clauses.append(_only(dates))
    return Q.boolean_query(clauses)


def fresher(schema: tantivy.Schema, query: Q, request: base.Request) -> Q:
    """Return ``query`` where the old of AGEING kinds loses a little; it finds the same."""
    for since, loss in scoring.aged(request):
        old = Q.range_query(schema, "updated", tantivy.FieldType.Integer, None, since, include_upper=False)
        both = [(Occur.Must, any_of(schema, "kind", scoring.AGEING)), (Occur.Must, old)]
        lost = Q.const_score_query(Q.boolean_query(both), -loss)
        # One within the other: of two beside one another the engine works out both for all documents first.
        query = Q.boolean_query([(Occur.Must, query), (Occur.Should, lost)])
    return query


def any_of(schema: tantivy.Schema, field: str, values: Collection[str]) -> Q:
    """Return documents with one of ``values``; none when there are none.

    A few are looked up as they come: a set is first gone through for all documents.
    """
    if not values:
        return Q.empty_query()
    if len(values) > FEW:
        return Q.term_set_query(schema, field, sorted(values))
    ways = [Q.const_score_query(Q.term_query(schema, field, value), 1.0) for value in sorted(set(values))]
    return ways[0] if len(ways) == 1 else Q.boolean_query([(Occur.Should, way) for way in ways])


def title_query(
    schema: tantivy.Schema,
    words: Sequence[str],
    audience: Collection[str],
    kinds: Collection[str],
    hidden: Collection[str],
) -> Q:
    """Return titles with all ``words``, the last one as a beginning."""
    clauses = [(Occur.Must, _starting(schema, words[-1]))]
    clauses += [_only(Q.term_query(schema, "title_words", word)) for word in words[:-1]]
    clauses += [_only(any_of(schema, "kind", kinds))] if kinds else []
    return Q.boolean_query([*clauses, *_allowed(schema, audience, hidden)])


def spelt(
    schema: tantivy.Schema, word: str, slips: int, audience: Collection[str], hidden: Collection[str]
) -> Q:
    """Return documents that have a word up to ``slips`` letters from ``word``: of two ways, the better."""
    ways = [
        Q.const_score_query(Q.fuzzy_term_query(schema, field, word, letters), scoring.spelt(field, letters))
        for field in QUOTED
        for letters in range(1, slips + 1)
    ]
    return Q.boolean_query([(Occur.Must, Q.disjunction_max_query(ways)), *_allowed(schema, audience, hidden)])


def _allowed(
    schema: tantivy.Schema, audience: Collection[str], hidden: Collection[str]
) -> list[tuple[Occur, Q]]:
    """Return the filter by who asks."""
    allowed = [_only(any_of(schema, "audience", audience))]
    return [*allowed, (Occur.MustNot, any_of(schema, "key", hidden))] if hidden else allowed


def _starting(schema: tantivy.Schema, word: str) -> Q:
    beginning = Q.fuzzy_term_query(schema, "title_words", word, 0, prefix=True)
    whole = Q.const_score_query(Q.term_query(schema, "title_words", word), scoring.WHOLE)
    return Q.disjunction_max_query([beginning, whole])


def _only(query: Q) -> tuple[Occur, Q]:
    return Occur.Must, Q.const_score_query(query, 0.0)


class _Asking(Asking[Q]):
    """The language of the engine."""

    def __init__(self, schema: tantivy.Schema, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> None:
        super().__init__(plan, rarity, fuzzy=fuzzy)
        self._schema = schema

    def everything(self) -> Q:
        return Q.const_score_query(Q.all_query(), 1.0)

    def has(self, field: str, word: str) -> Q:
        return Q.term_query(self._schema, field, word)

    def any_of(self, field: str, values: Collection[str]) -> Q:
        return any_of(self._schema, field, values)

    def phrase(self, field: str, words: Sequence[str]) -> Q:
        return Q.phrase_query(self._schema, field, list(words))

    def near(self, field: str, word: str, letters: int) -> Q:
        return Q.fuzzy_term_query(self._schema, field, word, letters)

    def best(self, ways: Sequence[Q], tie: float) -> Q:
        return Q.disjunction_max_query(list(ways), tie)

    def some(self, ways: Sequence[Q], least: int) -> Q:
        return Q.boolean_query([(Occur.Should, way) for way in ways], minimum_number_should_match=least)

    def constant(self, query: Q, score: float) -> Q:
        return Q.const_score_query(query, score)

    def times(self, query: Q, factor: float) -> Q:
        return Q.boost_query(query, factor)
