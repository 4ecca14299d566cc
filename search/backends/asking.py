"""What a plan asks an engine for, word by word, in the few things that every engine can say.

Each match scores a constant (:mod:`search.backends.scoring`). An engine brings its language and nothing else,
so that both ask for the same. Knows no engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from typing import Generic, TypeVar

from search.backends import analysis, scoring
from search.backends.plan import Plan, Term, Word
from search.documents import LISTED_FIRST

Q = TypeVar("Q")
"""A query of an engine."""
QUOTED = ("title_words", "words")
"""Fields that hold words as they are written."""


class Asking(ABC, Generic[Q]):
    """A plan in the language of an engine: what must be, what gains, what must not be."""

    def __init__(self, plan: Plan, rarity: scoring.Rarity, *, fuzzy: bool) -> None:
        self._plan, self._rarity, self._fuzzy = plan, rarity, fuzzy
        self._boosts = scoring.boosts(plan)
        self._stems = scoring.stems(self._boosts)

    # --- What an engine says ---------------------------------------------------------------------------
    @abstractmethod
    def everything(self) -> Q:
        """All documents, each for the same."""

    @abstractmethod
    def has(self, field: str, word: str) -> Q:
        """What has the word in ``field``."""

    @abstractmethod
    def any_of(self, field: str, values: Collection[str]) -> Q:
        """What has one of ``values``."""

    @abstractmethod
    def phrase(self, field: str, words: Sequence[str]) -> Q:
        """What has these words, two or more, one after the other."""

    @abstractmethod
    def near(self, field: str, word: str, letters: int) -> Q:
        """What has a word so many letters away, in any number of ways."""

    @abstractmethod
    def best(self, ways: Sequence[Q], tie: float) -> Q:
        """What one of ``ways`` finds, for the best score, and ``tie`` of the others."""

    @abstractmethod
    def some(self, ways: Sequence[Q], least: int) -> Q:
        """What so many of ``ways`` find, for their sum."""

    @abstractmethod
    def constant(self, query: Q, score: float) -> Q:
        """What ``query`` finds, for one score."""

    @abstractmethod
    def times(self, query: Q, factor: float) -> Q:
        """What ``query`` finds, for so many times its score."""

    # --- What is asked -----------------------------------------------------------------------------------
    def must(self) -> list[Q]:
        """Return what all results are: what the reader's words ask for, or anything when she typed none."""
        return self._wanted([self._term(term) for term in self._plan.terms])

    def only(self) -> list[Q]:
        """Return what finds the same as :meth:`must` in fewer ways, to count it: no score is meant."""
        return self._wanted([self._having(term, fuzzy=self._fuzzy) for term in self._plan.terms])

    def _wanted(self, terms: Sequence[Q]) -> list[Q]:
        plan = self._plan
        if plan.is_empty:
            return [self.everything()]
        rare = {phrase: self._rare(map(analysis.normal, phrase)) for phrase in plan.phrases}
        found = [self._says(phrase, QUOTED, rare[phrase]) for phrase in plan.phrases]
        return [*found, self.some(terms, plan.minimum)] if terms else found

    def should(self) -> list[Q]:
        """Return what a result gains by: many of the words, the city itself, words that stand together."""
        plan = self._plan
        found = [
            self._said(field, words, boost * self._rare(words))
            for words in plan.neighbours
            for field, boost in (("title", scoring.TOGETHER_TITLE), ("body", scoring.TOGETHER))
        ]
        if not plan.terms:
            return found
        # A slip gains nothing: to look for it once more is what costs most.
        said = [self._having(term, fuzzy=False) for term in plan.terms]
        found += [
            self.constant(self.some(said, least), gain) for least, gain in scoring.covered(plan).items()
        ]
        of_city = [self.any_of("city", [scoring.place(plan)]), self.any_of("kind", LISTED_FIRST)]
        found.append(self.constant(self.some(of_city, 2), scoring.PLACE))
        if len(plan.terms) == 1:
            found.append(self.constant(self._definition(plan.terms[0]), scoring.DEFINED))
            if self._fuzzy:
                # The word itself, or with its ñ, before any that is a slip away.
                found.append(self.constant(said[0], scoring.COVERED))
        return found

    def must_not(self) -> list[Q]:
        """Return what no result is."""
        excluded = [self.has("any", word.normal) for word in self._plan.excluded]
        return excluded + [self._says(phrase, QUOTED, 1.0) for phrase in self._plan.unwanted]

    def _term(self, term: Term) -> Q:
        """Return what says it in any way."""
        own = [self._word(word, fuzzy=self._fuzzy) for word in term.words]
        others = [self.times(self._synonym(other), scoring.SYNONYM) for other in term.synonyms]
        return self.best([self._all(own), *others], scoring.TIE)

    def _having(self, term: Term, *, fuzzy: bool) -> Q:
        """Return what :meth:`_term` finds, whatever it scores."""
        own = self._all([self._has(word, fuzzy=fuzzy) for word in term.words])
        others = [
            self._has(way[0], fuzzy=False) if len(way) == 1 else self._synonym(way) for way in term.synonyms
        ]
        return self.some([own, *others], 1)

    def _definition(self, term: Term) -> Q:
        """Return what is about nothing else than what it is."""
        own = [
            self.has("title_words", w.typed) if w.exact else self.has("title", w.normal) for w in term.words
        ]
        others = [self._said("title", [word.normal for word in way], 1.0) for way in term.synonyms]
        says = [self.phrase("title_words", words) for words in scoring.SAYING]
        kind = self.any_of("kind", scoring.DEFINING)
        return self._all([self.some([self._all(own), *others], 1), self.some(says, 1), kind])

    def _synonym(self, words: Sequence[Word]) -> Q:
        if len(words) == 1:
            return self._word(words[0], fuzzy=False)
        forms = [word.normal for word in words]
        return self._says(forms, self._stems, self._rare(forms))

    def _word(self, word: Word, *, fuzzy: bool) -> Q:
        rare = self._rarity[word.normal]
        steps = [self._scored(f, said, rare * gain) for f, said, gain in scoring.worth(word, self._boosts)]
        ways = [self.best(steps, 0.0)]
        if word.exact:
            ways.append(self._scored("title_words", word.typed, self._boosts["title_words"] * rare))
            return self.best(ways, scoring.TIE)
        ways += [self._scored(f, word.typed, self._boosts[f] * rare) for f in QUOTED]
        ways += [self._scored(f, word.normal, self._boosts[f] * rare) for f in self._stems if f != "body"]
        for field, score in (("alias_title", scoring.ALIAS_TITLE), ("alias", scoring.ALIAS)):
            ways.append(self._scored(field, word.normal, score))
        if fuzzy and word.edits:
            for field, score in (("sound_title", scoring.FUZZY_TITLE), ("sound", scoring.FUZZY)):
                ways.append(self.constant(self._sounds(field, word), score))
        return self.best(ways, scoring.TIE)

    def _has(self, word: Word, *, fuzzy: bool) -> Q:
        if word.exact:
            return self.some([self.has(field, word.typed) for field in QUOTED], 1)
        fields = ("any", "alias_title", "alias", *(("asked",) if "asked" in self._boosts else ()))
        ways = [self.has(field, word.normal) for field in fields]
        if fuzzy and word.edits:
            ways += [self._sounds(field, word) for field in ("sound_title", "sound")]
        return self.some(ways, 1)

    def _sounds(self, field: str, word: Word) -> Q:
        sound = analysis.sound(word.typed)
        return self.some([self.near(field, sound, word.edits), self.has(field, scoring.SMALL + sound)], 1)

    def _says(self, words: Sequence[str], fields: Sequence[str], rare: float) -> Q:
        return self.best(
            [self._said(field, words, self._boosts[field] * rare) for field in fields], scoring.TIE
        )

    def _said(self, field: str, words: Sequence[str], score: float) -> Q:
        if len(words) == 1:
            return self._scored(field, words[0], score)
        return self.constant(self.phrase(field, words), score)

    def _scored(self, field: str, word: str, score: float) -> Q:
        return self.constant(self.has(field, word), score)

    def _all(self, ways: Sequence[Q]) -> Q:
        return ways[0] if len(ways) == 1 else self.some(ways, len(ways))

    def _rare(self, forms: Iterable[str]) -> float:
        return sum(self._rarity[form] for form in forms)
