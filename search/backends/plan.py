"""What a person typed, as a plan that both engines follow: words, phrases, what must not be there.

The parser never fails: whatever is not a quote, a minus or a word is a space. Knows no engine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from search.backends import analysis

MAX_TEXT = 200
"""Characters of a query that are read."""
MAX_TERMS = 12
MAX_PHRASES = 4
"""Phrases that are looked for, and as many that are not wanted."""
MAX_SYNONYMS = 16
"""Other ways to say it that a query may have in all, the first words' before the last ones'."""
MOST = 0.5
"""Share of a sentence's words that must match."""

_PART = re.compile(r"""(?P<minus>(?<!\S)-)?(?:["«“](?P<phrase>[^"»”]*)["»”]?|(?P<word>[^\s"«“]+))""")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as typed (folded), its comparable form, and how many slips it is forgiven."""

    typed: str
    normal: str
    edits: int = 0
    exact: bool = False
    """An acronym: compared as typed, so that SENA is neither *seno* nor *sana*."""
    loud: bool = False
    """All that was typed, in capitals: compared as any word (*ACTAS*), forgiven no slip, as an acronym."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for: its words (all of them), or any of the phrases that mean the same."""

    words: tuple[Word, ...]
    synonyms: tuple[tuple[Word, ...], ...] = ()
    """Small words included, in order."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query understood. ``minimum`` of the ``terms`` must match, and all ``phrases``."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    """Folded words in order, as quoted."""
    excluded: tuple[Word, ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()
    """Excluded phrases, folded words in order: what has one of them is not wanted."""
    sequence: tuple[str, ...] = ()
    """All folded words outside quotes: found together they count for more."""
    loose: bool = False
    """Any one of the terms is enough: for when all together find too little."""

    @property
    def minimum(self) -> int:
        """How many terms must match: all of one or two, most of a sentence, any one of a loose plan."""
        return min(len(self.terms), 1) if self.loose else self.most

    @property
    def most(self) -> int:
        """How many terms are most of them: all of one or two, half of a sentence."""
        count = len(self.terms)
        return count if count <= 2 else math.ceil(count * MOST)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for (what is excluded alone asks for nothing)."""
        return not self.terms and not self.phrases

    @property
    def neighbours(self) -> list[tuple[str, ...]]:
        """Comparable forms of each two words that follow one another, with the small words between them."""
        small = stopwords()
        places = [at for at, word in enumerate(self.sequence) if word not in small]
        return [tuple(map(analysis.normal, self.sequence[at : to + 1])) for at, to in pairwise(places)]

    @property
    def words(self) -> list[Word]:
        """The words of all terms."""
        return [word for term in self.terms for word in term.words]

    @property
    def forms(self) -> frozenset[str]:
        """Comparable forms of all words that results may be scored by."""
        said = {word.normal for term in self.terms for way in (term.words, *term.synonyms) for word in way}
        quoted = {analysis.normal(word) for phrase in self.phrases for word in phrase}
        return frozenset(said | quoted | {form for pair in self.neighbours for form in pair})

    def forgiving(self, words: Collection[str]) -> Plan:
        """Return the same with slips forgiven in these words, as typed, and in no other."""
        terms = (
            replace(term, words=tuple(w if w.typed in words else replace(w, edits=0) for w in term.words))
            for term in self.terms
        )
        return replace(self, terms=tuple(terms))


def _lines(name: str) -> Iterable[str]:
    for line in (analysis.DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Return the words that carry no subject (data/stopwords_es.txt)."""
    return frozenset(word for line in _lines("stopwords_es.txt") for word in analysis.tokens(line))


@lru_cache(maxsize=1)
def related() -> tuple[str, ...]:
    """Return lines of words that are near one another without meaning the same (data/related_es.txt).

    For :func:`parse` of what nothing was found for.
    """
    return tuple(_lines("related_es.txt"))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of words and phrases that mean the same, and the acronyms among them."""

    groups: dict[tuple[str, ...], tuple[tuple[Word, ...], ...]]
    """Comparable forms without small words → the other members, small words included."""
    acronyms: frozenset[str]
    words: dict[str, str] = field(default_factory=dict)
    """Folded words of all members → as they are written first. Public, so anybody may be told of them."""
    normals: frozenset[str] = frozenset()
    """Their comparable forms."""


def _key(word: Word) -> str:
    return word.typed if word.exact else word.normal


@lru_cache(maxsize=8)
def synonyms(more: tuple[str, ...] = ()) -> Synonyms:
    """Return what data/synonyms_es.txt says, and ``more`` lines of the same form.

    Another way to say it that stands in several lines, or in two forms of a word, counts once; one that is
    the same but for its small words is none.
    """
    groups: dict[tuple[str, ...], dict[tuple[str, ...], tuple[Word, ...]]] = {}
    acronyms: set[str] = set()
    written: dict[str, str] = {}
    for line in [*_lines("synonyms_es.txt"), *more]:
        members = [member.strip() for member in line.split(",") if member.strip()]
        acronyms.update(analysis.fold(m) for m in members if len(m) <= 8 and sum(c.isupper() for c in m) >= 2)
        listed = [
            tuple(Word(w, analysis.normal(w), exact=w in acronyms) for w in analysis.tokens(member))
            for member in members
        ]
        for word in map(analysis.clean, members):
            for start, end in analysis.spans(folded := analysis.fold(word)):
                written.setdefault(folded[start:end], word[start:end].lower())
        for words in listed:
            others = groups.setdefault(_subject(words), {})
            for other in listed:
                if _subject(other) != _subject(words):
                    others.setdefault(tuple(map(_key, other)), other)
    said = {subject: tuple(others.values()) for subject, others in groups.items()}
    told = {word: form for word, form in written.items() if word not in acronyms | stopwords()}
    return Synonyms(said, frozenset(acronyms), told, frozenset(map(analysis.normal, told)))


def _subject(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(_key(word) for word in words if word.typed not in stopwords())


def _word(typed: str, *, acronym: bool = False, known: Synonyms | None = None) -> Word:
    acronym = acronym or typed in (known or synonyms()).acronyms
    return Word(typed, analysis.normal(typed), analysis.edits_allowed(typed, acronym=acronym), acronym)


def _terms(words: list[Word], groups: dict[tuple[str, ...], tuple[tuple[Word, ...], ...]]) -> list[Term]:
    """Group words that together have synonyms, longest first; the others stand alone."""
    longest = max(map(len, groups), default=1)
    terms: list[Term] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            others = groups.get(tuple(_key(w) for w in words[at : at + size]))
            if others or size == 1:
                terms.append(Term(tuple(words[at : at + size]), others or ()))
                at += size
                break
    return terms


def _thrifty(terms: Iterable[Term]) -> Iterable[Term]:
    """Keep to MAX_SYNONYMS."""
    left = MAX_SYNONYMS
    for term in terms:
        yield replace(term, synonyms=term.synonyms[:left])
        left -= min(left, len(term.synonyms))


def other_ways(text: str, more: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the other ways to say all of ``text``, or the acronym that it begins, as folded words.

    ``more`` is as in :func:`parse`. For titles that are offered while one types *sen*.
    """
    known = synonyms(more)
    content = [word for term in parse(text, more).terms for word in term.words]
    subjects = [tuple(map(_key, content))]
    if len(content) == 1:
        begun = content[0].typed
        subjects += [(one,) for one in sorted(known.acronyms) if one.startswith(begun) and one != begun]
    ways = (other for subject in subjects for other in known.groups.get(subject, ()))
    return list(dict.fromkeys(tuple(word.typed for word in way) for way in ways))


def parse(text: str, more: tuple[str, ...] = ()) -> Plan:
    """Understand what was typed. Never raises; only the first MAX_TEXT characters are read.

    ``more`` holds lines of synonyms besides those of the file.
    """
    return _parsed(analysis.clean(text)[:MAX_TEXT], more)


@lru_cache(maxsize=256)
def _parsed(text: str, more: tuple[str, ...]) -> Plan:
    """Understand a clean text: one search asks for the same several times."""
    known = synonyms(more)
    text = analysis.asked(text)
    shouting = text.isupper()  # then capitals tell no acronym from a word
    words: list[Word] = []
    phrases: list[tuple[str, ...]] = []
    excluded: list[Word] = []
    unwanted: list[tuple[str, ...]] = []
    for part in _PART.finditer(text):
        quoted = part["phrase"] is not None
        piece = part["phrase"] if quoted else part["word"]
        found = analysis.tokens(piece)
        acronym = not shouting and len(piece) <= analysis.ACRONYM and piece.isupper() and len(piece) > 1
        if part["minus"] and len(found) > 1:
            unwanted.append(tuple(found[:MAX_TERMS]))
        elif part["minus"]:
            # A small word is in everything: without it there would be nothing left.
            excluded.extend(_word(w, known=known) for w in found if w not in stopwords())
        elif quoted and len(found) > 1:
            phrases.append(tuple(found[:MAX_TERMS]))
        else:
            words.extend(_word(w, acronym=acronym, known=known) for w in found)
    if shouting and len(words) == 1 and len(words[0].typed) <= analysis.ACRONYM and not words[0].exact:
        words = [replace(words[0], edits=0, loud=True)]
    content = [w for w in words if w.typed not in stopwords()] or words
    return Plan(
        terms=tuple(_thrifty(dict.fromkeys(_terms(content[:MAX_TERMS], known.groups)))),
        phrases=tuple(phrases[:MAX_PHRASES]),
        excluded=tuple(excluded[:MAX_TERMS]),
        unwanted=tuple(unwanted[:MAX_PHRASES]),
        sequence=tuple(w.typed for w in words[:MAX_TERMS]),
    )
