"""A plan in the language of Elasticsearch and OpenSearch: the twin of ``embedded_query``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from elasticsearch.dsl import Q

from search.backends import analysis, base, scoring
from search.backends.plan import Plan, Term, Word
from search.documents import LISTED_FIRST

QUOTED = ("title_words", "words")


def text_query(plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> Any:
    """Return what the reader's words ask for; everything when she typed none."""
    asked = _Asked(plan, rarity, fuzzy=fuzzy)
    must: list[Any] = [asked.quoted(phrase) for phrase in plan.phrases]
    should: list[Any] = []
    if plan.is_empty:
        must.append(Q("match_all"))
    if plan.terms:
        terms = [asked.term(term) for term in plan.terms]
        must.append(Q("bool", should=terms, minimum_should_match=plan.minimum))
        having = [asked.having(term, fuzzy=fuzzy) for term in plan.terms]
        for least, gain in scoring.covered(plan).items():
            should.append(_constant(Q("bool", should=having, minimum_should_match=least), gain))
        of_city = Q("bool", filter=[any_of("city", [scoring.place(plan)]), any_of("kind", LISTED_FIRST)])
        should.append(_constant(of_city, scoring.PLACE))
        if fuzzy and len(plan.terms) == 1:  # the word itself, or with its ñ, before any that is a slip away
            should.append(_constant(asked.having(plan.terms[0], fuzzy=False), scoring.COVERED))
    should += asked.together()
    must_not = [_is("any", word.normal) for word in plan.excluded]
    must_not += [asked.unwanted(phrase) for phrase in plan.unwanted]
    return Q("bool", must=must, should=should, must_not=must_not)


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
            _scored("title_words", words[-1], scoring.WHOLE),
        ],
    )
    whole = [_is("title_words", word) for word in words[:-1]]
    only = [*allowed(audience, hidden), *([any_of("kind", kinds)] if kinds else [])]
    return Q("bool", must=[last], filter=[*whole, *only])


def spelt(word: str, slips: int, audience: Collection[str], hidden: Collection[str]) -> Any:
    """Return documents that have a word up to ``slips`` letters from ``word``: of two ways, the better."""
    ways = [
        _constant(_fuzzy(field, word, letters), scoring.spelt(field, letters))
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


def _fuzzy(field: str, value: str, letters: int) -> Any:
    """Return what has a word that near, in any number of ways: of the best few, hidden ones would be some."""
    return Q("fuzzy", **{field: {"value": value, "fuzziness": letters, "rewrite": "constant_score"}})


def _constant(query: Any, score: float) -> Any:
    return Q("constant_score", filter=query, boost=score)


class _Asked:
    """What a plan asks for, word by word, each match for a constant: twin of that of ``embedded_query``."""

    def __init__(self, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> None:
        self._plan, self._rarity, self._fuzzy = plan, rarity, fuzzy
        self._boosts = scoring.boosts(plan)
        self._stems = scoring.stems(self._boosts)

    def term(self, term: Term) -> Any:
        """Return what says it in any way."""
        own = [self._word(word, fuzzy=self._fuzzy) for word in term.words]
        ways = [own[0] if len(own) == 1 else Q("bool", must=own)]
        ways += [Q("bool", must=[self._synonym(other)], boost=scoring.SYNONYM) for other in term.synonyms]
        return Q("dis_max", queries=ways, tie_breaker=scoring.TIE)

    def having(self, term: Term, *, fuzzy: bool) -> Any:
        """Return what :meth:`term` finds, whatever it scores."""
        own = Q("bool", filter=[self._has(word, fuzzy=fuzzy) for word in term.words])
        return Q("bool", should=[own, *map(self._synonym, term.synonyms)])

    def together(self) -> list[Any]:
        """Return what prefers documents in which neighbours of the query are neighbours too."""
        return [
            self._phrase(field, words, boost * self._rare(words))
            for words in self._plan.neighbours
            for field, boost in (("title", scoring.TOGETHER_TITLE), ("body", scoring.TOGETHER))
        ]

    def unwanted(self, words: Sequence[str]) -> Any:
        """Return what says exactly this, for no score."""
        return self._phrases(words, QUOTED, 1.0)

    def quoted(self, words: Sequence[str]) -> Any:
        """Return what says exactly this."""
        return self._phrases(words, QUOTED, self._rare(map(analysis.normal, words)))

    def _synonym(self, words: Sequence[Word]) -> Any:
        if len(words) == 1:
            return self._word(words[0], fuzzy=False)
        forms = [word.normal for word in words]
        return self._phrases(forms, self._stems, self._rare(forms))

    def _rare(self, forms: Iterable[str]) -> float:
        return sum(self._rarity[form] for form in forms)

    def _word(self, word: Word, *, fuzzy: bool) -> Any:
        rare = self._rarity[word.normal]
        steps = [_scored(f, said, rare * gain) for f, said, gain in scoring.worth(word, self._boosts)]
        ways = [Q("dis_max", queries=steps)]
        if word.exact:
            ways.append(_scored("title_words", word.typed, self._boosts["title_words"] * rare))
            return Q("dis_max", queries=ways, tie_breaker=scoring.TIE)
        ways += [_scored(f, word.typed, self._boosts[f] * rare) for f in QUOTED]
        ways += [_scored(f, word.normal, self._boosts[f] * rare) for f in self._stems if f != "body"]
        for field, score in (("alias_title", scoring.ALIAS_TITLE), ("alias", scoring.ALIAS)):
            ways.append(_scored(field, word.normal, score))
        if fuzzy and word.edits:
            for field, score in (("sound_title", scoring.FUZZY_TITLE), ("sound", scoring.FUZZY)):
                ways.append(_constant(_near(field, word), score))
        return Q("dis_max", queries=ways, tie_breaker=scoring.TIE)

    def _has(self, word: Word, *, fuzzy: bool) -> Any:
        if word.exact:
            return Q("bool", should=[_is(field, word.typed) for field in QUOTED])
        fields = ("any", "alias_title", "alias", *(("asked",) if "asked" in self._boosts else ()))
        ways = [_is(field, word.normal) for field in fields]
        if fuzzy and word.edits:
            ways += [_near(field, word) for field in ("sound_title", "sound")]
        return Q("bool", should=ways)

    def _phrase(self, field: str, words: Sequence[str], score: float) -> Any:
        if len(words) == 1:
            return _scored(field, words[0], score)
        return _constant(Q("match_phrase", **{field: " ".join(words)}), score)

    def _phrases(self, words: Sequence[str], fields: Sequence[str], rare: float) -> Any:
        ways = [self._phrase(field, words, self._boosts[field] * rare) for field in fields]
        return Q("dis_max", queries=ways, tie_breaker=scoring.TIE)


def _scored(field: str, word: str, score: float) -> Any:
    return _constant(_is(field, word), score)


def _near(field: str, word: Word) -> Any:
    sound = analysis.sound(word.typed)
    return Q("bool", should=[_fuzzy(field, sound, word.edits), _is(field, scoring.SMALL + sound)])
