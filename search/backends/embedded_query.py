"""A plan in the language of the embedded engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from search.backends import analysis, base
from search.backends.plan import Plan, Term, Word
from search.documents import LISTED_FIRST

ALL_TEXT = ("title", "meta", "body")
QUOTED = ("title_words", "words")


def text_query(schema: tantivy.Schema, plan: Plan, *, fuzzy: bool) -> Q:
    """Return what the reader's words ask for; everything when she typed none."""
    boosts = base.boosts(plan)
    if plan.is_empty:
        wanted: list[tuple[Occur, Q]] = [(Occur.Must, Q.const_score_query(Q.all_query(), 1.0))]
    else:
        wanted = [(Occur.Must, _phrase(schema, phrase, QUOTED, boosts)) for phrase in plan.phrases]
    if plan.terms:
        terms = [(Occur.Should, _term(schema, term, boosts, fuzzy=fuzzy)) for term in plan.terms]
        wanted.append((Occur.Must, Q.boolean_query(terms, minimum_number_should_match=plan.minimum)))
        for least, gain in base.covered(plan).items():
            covered = Q.boolean_query(terms, minimum_number_should_match=least)
            wanted.append((Occur.Should, Q.const_score_query(covered, gain)))
        of_city = [
            _only(any_of(schema, "city", [base.place(plan)])),
            _only(any_of(schema, "kind", LISTED_FIRST)),
        ]
        wanted.append((Occur.Should, Q.const_score_query(Q.boolean_query(of_city), base.PLACE)))
        if fuzzy and len(plan.terms) == 1:  # the word itself, or with its ñ, before any that is a slip away
            as_typed = _term(schema, plan.terms[0], boosts, fuzzy=False)
            wanted.append((Occur.Should, Q.const_score_query(as_typed, base.COVERED)))
    wanted += [(Occur.Should, query) for query in _together(schema, plan)]
    for word in plan.excluded:
        wanted.extend((Occur.MustNot, Q.term_query(schema, field, word.normal)) for field in ALL_TEXT)
    wanted += [(Occur.MustNot, _phrase(schema, phrase, QUOTED, boosts)) for phrase in plan.unwanted]
    return Q.boolean_query(wanted)


def _together(schema: tantivy.Schema, plan: Plan) -> list[Q]:
    """Return what prefers documents in which neighbours of the query are neighbours too."""
    return [
        Q.boost_query(Q.phrase_query(schema, field, list(words)), boost)
        for words in plan.neighbours
        for field, boost in (("title", base.TOGETHER_TITLE), ("body", base.TOGETHER))
    ]


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
    losses = []
    for since, loss in base.aged(request):
        old = Q.range_query(schema, "updated", tantivy.FieldType.Integer, None, since, include_upper=False)
        both = [(Occur.Must, any_of(schema, "kind", base.AGEING)), (Occur.Must, old)]
        losses.append((Occur.Should, Q.const_score_query(Q.boolean_query(both), -loss)))
    return Q.boolean_query([(Occur.Must, query), *losses]) if losses else query


def any_of(schema: tantivy.Schema, field: str, values: Collection[str]) -> Q:
    """Return documents with one of ``values``; none when there are none."""
    return Q.term_set_query(schema, field, sorted(values)) if values else Q.empty_query()


def title_query(
    schema: tantivy.Schema,
    words: Sequence[str],
    audience: Collection[str],
    kinds: Collection[str],
    hidden: Collection[str],
) -> Q:
    """Return titles with all ``words``, the last one as a beginning."""
    clauses = [(Occur.Must, _starting(schema, words[-1]))]
    clauses += [(Occur.Must, Q.term_query(schema, "title_words", word)) for word in words[:-1]]
    clauses += [_only(any_of(schema, "kind", kinds))] if kinds else []
    return Q.boolean_query([*clauses, *_allowed(schema, audience, hidden)])


def spelt(
    schema: tantivy.Schema, word: str, slips: int, audience: Collection[str], hidden: Collection[str]
) -> Q:
    """Return documents that have a word up to ``slips`` letters from ``word``: of two ways, the better."""
    ways = [
        Q.const_score_query(Q.fuzzy_term_query(schema, field, word, letters), base.spelt(field, letters))
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
    whole = Q.term_query(schema, "title_words", word)
    return Q.disjunction_max_query([beginning, whole])


def _only(query: Q) -> tuple[Occur, Q]:
    return Occur.Must, Q.const_score_query(query, 0.0)


def _term(schema: tantivy.Schema, term: Term, boosts: base.Boosts, *, fuzzy: bool) -> Q:
    own = [_word(schema, word, boosts, fuzzy=fuzzy) for word in term.words]
    ways = [own[0] if len(own) == 1 else Q.boolean_query([(Occur.Must, query) for query in own])]
    ways += [Q.boost_query(_synonym(schema, other, boosts), base.SYNONYM) for other in term.synonyms]
    return Q.disjunction_max_query(ways, base.TIE)


def _synonym(schema: tantivy.Schema, words: Sequence[Word], boosts: base.Boosts) -> Q:
    if len(words) == 1:
        return _word(schema, words[0], boosts, fuzzy=False)
    return _phrase(schema, [word.normal for word in words], base.stems(boosts), boosts)


def _word(schema: tantivy.Schema, word: Word, boosts: base.Boosts, *, fuzzy: bool) -> Q:
    ways = [Q.boost_query(Q.term_query(schema, f, word.typed), boosts[f]) for f in ("title_words", "words")]
    if word.exact:
        return Q.disjunction_max_query(ways, base.TIE)
    ways += [Q.boost_query(Q.term_query(schema, f, word.normal), boosts[f]) for f in base.stems(boosts)]
    for field, score in (("alias_title", base.ALIAS_TITLE), ("alias", base.ALIAS)):
        ways.append(Q.const_score_query(Q.term_query(schema, field, word.normal), score))
    if fuzzy and word.edits:
        for field, score in (("sound_title", base.FUZZY_TITLE), ("sound", base.FUZZY)):
            sound = analysis.sound(word.typed)
            small = Q.term_query(schema, field, base.SMALL + sound)
            near = Q.disjunction_max_query([Q.fuzzy_term_query(schema, field, sound, word.edits), small])
            ways.append(Q.const_score_query(near, score))
    return Q.disjunction_max_query(ways, base.TIE)


def _phrase(schema: tantivy.Schema, words: Sequence[str], fields: Sequence[str], boosts: base.Boosts) -> Q:
    ways = [
        Q.term_query(schema, field, words[0])
        if len(words) == 1
        else Q.phrase_query(schema, field, list(words))
        for field in fields
    ]
    boosted = [Q.boost_query(query, boosts[field]) for query, field in zip(ways, fields, strict=True)]
    return Q.disjunction_max_query(boosted, base.TIE)
