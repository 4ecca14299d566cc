"""A plan in the language of Elasticsearch and OpenSearch: the twin of ``embedded_query``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from elasticsearch.dsl import Q

from search.backends import analysis, base
from search.backends.plan import Plan, Term, Word
from search.documents import LISTED_FIRST

ALL_TEXT = ("title", "meta", "body")
QUOTED = ("title_words", "words")
SPELT = 50
"""Words that are looked at for one that is spelt nearly so, in each field."""


def text_query(plan: Plan, *, fuzzy: bool) -> Any:
    """Return what the reader's words ask for; everything when she typed none."""
    boosts = base.boosts(plan)
    must: list[Any] = [_phrase(phrase, QUOTED, boosts) for phrase in plan.phrases]
    should: list[Any] = []
    if plan.is_empty:
        must.append(Q("match_all"))
    if plan.terms:
        near = _near(plan) if fuzzy else 0
        terms = [_term(term, near, boosts) for term in plan.terms]
        must.append(Q("bool", should=terms, minimum_should_match=plan.minimum))
        for least, gain in base.covered(plan).items():
            covered = Q("bool", should=terms, minimum_should_match=least)
            should.append(_constant(covered, gain))
        of_city = Q("bool", filter=[any_of("city", [base.place(plan)]), any_of("kind", LISTED_FIRST)])
        should.append(_constant(of_city, base.PLACE))
        if fuzzy and len(plan.terms) == 1:  # the word itself, or with its ñ, before any that is a slip away
            should.append(_constant(_term(plan.terms[0], 0, boosts), base.COVERED))
    for words in plan.neighbours:
        for field, boost in (("title", base.TOGETHER_TITLE), ("body", base.TOGETHER)):
            should.append(Q("match_phrase", **{field: {"query": " ".join(words), "boost": boost}}))
    must_not = [_is(field, word.normal) for word in plan.excluded for field in ALL_TEXT]
    must_not += [_phrase(phrase, QUOTED, boosts) for phrase in plan.unwanted]
    return Q("bool", must=must, should=should, must_not=must_not)


def _near(plan: Plan) -> int:
    """Return how many near words each word may unfold into, in each of two fields, each time it is asked."""
    slips = sum(word.edits > 0 for word in plan.words)
    return max(1, min(100, base.NEAR // max(1, 2 * slips * (1 + len(base.covered(plan))))))


def fresher(query: Any, request: base.Request) -> Any:
    """Return ``query`` where the old of AGEING kinds loses: others gain, since no score can be lost."""
    gains = [
        _constant(
            Q("bool", must_not=[Q("bool", filter=[any_of("kind", base.AGEING), *dates(None, since)])]), loss
        )
        for since, loss in base.aged(request)
    ]
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
        "dis_max", queries=[Q("prefix", title_words={"value": words[-1]}), _is("title_words", words[-1])]
    )
    whole = [_is("title_words", word) for word in words[:-1]]
    only = [*allowed(audience, hidden), *([any_of("kind", kinds)] if kinds else [])]
    return Q("bool", must=[last, *whole], filter=only)


def spelt(word: str, slips: int, audience: Collection[str], hidden: Collection[str]) -> Any:
    """Return documents that have a word up to ``slips`` letters from ``word``: of two ways, the better."""
    ways = [
        _constant(
            Q("fuzzy", **{field: {"value": word, "fuzziness": letters, "max_expansions": SPELT}}),
            base.spelt(field, letters),
        )
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


def _is(field: str, value: str, boost: float = 1.0) -> Any:
    return Q("term", **{field: {"value": value, "boost": boost}})


def _constant(query: Any, score: float) -> Any:
    return Q("constant_score", filter=query, boost=score)


def _term(term: Term, near: int, boosts: base.Boosts) -> Any:
    own = [_word(word, near, boosts) for word in term.words]
    ways = [own[0] if len(own) == 1 else Q("bool", must=own)]
    ways += [Q("bool", must=[_synonym(other, boosts)], boost=base.SYNONYM) for other in term.synonyms]
    return Q("dis_max", queries=ways, tie_breaker=base.TIE)


def _synonym(words: Sequence[Word], boosts: base.Boosts) -> Any:
    if len(words) == 1:
        return _word(words[0], 0, boosts)
    return _phrase([word.normal for word in words], base.stems(boosts), boosts)


def _word(word: Word, near: int, boosts: base.Boosts) -> Any:
    ways = [_is(field, word.typed, boosts[field]) for field in ("title_words", "words")]
    if not word.exact:
        ways += [_is(field, word.normal, boosts[field]) for field in base.stems(boosts)]
        for field, score in (("alias_title", base.ALIAS_TITLE), ("alias", base.ALIAS)):
            ways.append(_constant(_is(field, word.normal), score))
        if near and word.edits:
            sound = analysis.sound(word.typed)
            for field, score in (("sound_title", base.FUZZY_TITLE), ("sound", base.FUZZY)):
                slip = {"value": sound, "fuzziness": word.edits, "max_expansions": near}
                small = _is(field, base.SMALL + sound)
                ways.append(_constant(Q("dis_max", queries=[Q("fuzzy", **{field: slip}), small]), score))
    return Q("dis_max", queries=ways, tie_breaker=base.TIE)


def _phrase(words: Sequence[str], fields: Sequence[str], boosts: base.Boosts) -> Any:
    text = " ".join(words)
    ways = [Q("match_phrase", **{field: {"query": text, "boost": boosts[field]}}) for field in fields]
    return Q("dis_max", queries=ways, tie_breaker=base.TIE)
