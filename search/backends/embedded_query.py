"""A plan in the language of the embedded engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from search.backends import analysis, base, scoring
from search.backends.plan import Plan, Term, Word
from search.documents import LISTED_FIRST

QUOTED = ("title_words", "words")


def text_query(schema: tantivy.Schema, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> Q:
    """Return what the reader's words ask for; everything when she typed none."""
    asked = _Asked(schema, plan, rarity, fuzzy=fuzzy)
    if plan.is_empty:
        wanted: list[tuple[Occur, Q]] = [(Occur.Must, Q.const_score_query(Q.all_query(), 1.0))]
    else:
        wanted = [(Occur.Must, asked.quoted(phrase)) for phrase in plan.phrases]
    if plan.terms:
        terms = [(Occur.Should, asked.term(term)) for term in plan.terms]
        wanted.append((Occur.Must, Q.boolean_query(terms, minimum_number_should_match=plan.minimum)))
        having = [(Occur.Should, asked.having(term, fuzzy=fuzzy)) for term in plan.terms]
        for least, gain in scoring.covered(plan).items():
            covered = Q.boolean_query(having, minimum_number_should_match=least)
            wanted.append((Occur.Should, Q.const_score_query(covered, gain)))
        of_city = [
            _only(any_of(schema, "city", [scoring.place(plan)])),
            _only(any_of(schema, "kind", LISTED_FIRST)),
        ]
        wanted.append((Occur.Should, Q.const_score_query(Q.boolean_query(of_city), scoring.PLACE)))
        if fuzzy and len(plan.terms) == 1:  # the word itself, or with its ñ, before any that is a slip away
            as_typed = asked.having(plan.terms[0], fuzzy=False)
            wanted.append((Occur.Should, Q.const_score_query(as_typed, scoring.COVERED)))
    wanted += [(Occur.Should, query) for query in asked.together()]
    wanted += [(Occur.MustNot, Q.term_query(schema, "any", word.normal)) for word in plan.excluded]
    wanted += [(Occur.MustNot, asked.unwanted(phrase)) for phrase in plan.unwanted]
    return Q.boolean_query(wanted)


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
    losses = []
    for since, loss in scoring.aged(request):
        old = Q.range_query(schema, "updated", tantivy.FieldType.Integer, None, since, include_upper=False)
        both = [(Occur.Must, any_of(schema, "kind", scoring.AGEING)), (Occur.Must, old)]
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


class _Asked:
    """What a plan asks for, word by word.

    Each match scores a constant: where the word stands times how rare it is. The engine's own likeness would
    count words over hidden documents too.
    """

    def __init__(self, schema: tantivy.Schema, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> None:
        self._schema, self._plan, self._rarity, self._fuzzy = schema, plan, rarity, fuzzy
        self._boosts = scoring.boosts(plan)
        self._stems = scoring.stems(self._boosts)

    def term(self, term: Term) -> Q:
        """Return what says it in any way."""
        own = [self._word(word, fuzzy=self._fuzzy) for word in term.words]
        ways = [own[0] if len(own) == 1 else Q.boolean_query([(Occur.Must, query) for query in own])]
        ways += [Q.boost_query(self._synonym(other), scoring.SYNONYM) for other in term.synonyms]
        return Q.disjunction_max_query(ways, scoring.TIE)

    def having(self, term: Term, *, fuzzy: bool) -> Q:
        """Return what :meth:`term` finds, whatever it scores."""
        own = [(Occur.Must, self._has(word, fuzzy=fuzzy)) for word in term.words]
        ways = [Q.boolean_query(own), *map(self._synonym, term.synonyms)]
        return Q.boolean_query([(Occur.Should, way) for way in ways])

    def together(self) -> list[Q]:
        """Return what prefers documents in which neighbours of the query are neighbours too."""
        return [
            self._phrase(field, words, boost * self._rare(words))
            for words in self._plan.neighbours
            for field, boost in (("title", scoring.TOGETHER_TITLE), ("body", scoring.TOGETHER))
        ]

    def unwanted(self, words: Sequence[str]) -> Q:
        """Return what says exactly this, for no score."""
        return self._phrases(words, QUOTED, 1.0)

    def quoted(self, words: Sequence[str]) -> Q:
        """Return what says exactly this."""
        return self._phrases(words, QUOTED, self._rare(map(analysis.normal, words)))

    def _synonym(self, words: Sequence[Word]) -> Q:
        if len(words) == 1:
            return self._word(words[0], fuzzy=False)
        forms = [word.normal for word in words]
        return self._phrases(forms, self._stems, self._rare(forms))

    def _rare(self, forms: Iterable[str]) -> float:
        return sum(self._rarity[form] for form in forms)

    def _word(self, word: Word, *, fuzzy: bool) -> Q:
        rare = self._rarity[word.normal]
        steps = [self._scored(f, said, rare * gain) for f, said, gain in scoring.worth(word, self._boosts)]
        ways = [Q.disjunction_max_query(steps, 0.0)]
        if word.exact:
            ways.append(self._scored("title_words", word.typed, self._boosts["title_words"] * rare))
            return Q.disjunction_max_query(ways, scoring.TIE)
        ways += [self._scored(f, word.typed, self._boosts[f] * rare) for f in QUOTED]
        ways += [self._scored(f, word.normal, self._boosts[f] * rare) for f in self._stems if f != "body"]
        for field, score in (("alias_title", scoring.ALIAS_TITLE), ("alias", scoring.ALIAS)):
            ways.append(self._scored(field, word.normal, score))
        if fuzzy and word.edits:
            for field, score in (("sound_title", scoring.FUZZY_TITLE), ("sound", scoring.FUZZY)):
                ways.append(Q.const_score_query(self._near(field, word), score))
        return Q.disjunction_max_query(ways, scoring.TIE)

    def _has(self, word: Word, *, fuzzy: bool) -> Q:
        if word.exact:
            ways = [Q.term_query(self._schema, field, word.typed) for field in QUOTED]
        else:
            fields = ("any", "alias_title", "alias", *(("asked",) if "asked" in self._boosts else ()))
            ways = [Q.term_query(self._schema, field, word.normal) for field in fields]
            if fuzzy and word.edits:
                ways += [self._near(field, word) for field in ("sound_title", "sound")]
        return Q.boolean_query([(Occur.Should, way) for way in ways])

    def _near(self, field: str, word: Word) -> Q:
        sound = analysis.sound(word.typed)
        small = Q.term_query(self._schema, field, scoring.SMALL + sound)
        return Q.disjunction_max_query([Q.fuzzy_term_query(self._schema, field, sound, word.edits), small])

    def _scored(self, field: str, word: str, score: float) -> Q:
        return Q.const_score_query(Q.term_query(self._schema, field, word), score)

    def _phrase(self, field: str, words: Sequence[str], score: float) -> Q:
        if len(words) == 1:
            return self._scored(field, words[0], score)
        return Q.const_score_query(Q.phrase_query(self._schema, field, list(words)), score)

    def _phrases(self, words: Sequence[str], fields: Sequence[str], rare: float) -> Q:
        ways = [self._phrase(field, words, self._boosts[field] * rare) for field in fields]
        return Q.disjunction_max_query(ways, scoring.TIE)
