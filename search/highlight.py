"""Where the words of a query stand in a text, as safe HTML with ``<mark>``; the same for every engine.

Computed from the texts of a page's hits, after the database has authorised them: nothing is ever
marked, cut out or counted here that the reader may not read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from django.utils.html import escape
from django.utils.translation import gettext as _

from search.backends import analysis
from search.backends.plan import Plan, stopwords
from search.documents import Part, SearchDocument

SNIPPET = 240
"""Characters of a snippet, about."""
READ = 20_000
"""Characters of each text of a document that are read for words that may have been meant."""
SCANNED = 60_000
"""Characters of a text that are looked through for the best sentence."""
_HELD_APART = " · "
_UNFINISHED = re.compile(r"\n(?<=[\w)\]»”\"%]\n)\s*(?=\S)")
"""Where a heading or a cell ends and the next paragraph begins. Lines of a PDF, which are no paragraphs, end
in ``\\r\\n``."""
_REST = re.compile(r"[^\W_]*")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Met:
    """What a document has of the words that were typed."""

    seen: set[str] = field(default_factory=set)
    """Those that it has as such, not by a slip."""
    near: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    """Typed word → words one or two slips away → how the document writes them, and how often."""


class Highlighter:
    """Marks the words of one plan; made once a page."""

    def __init__(self, plan: Plan, *, fuzzy: bool = False) -> None:
        small = stopwords()
        synonyms = [
            w for term in plan.terms for other in term.synonyms for w in other if w.typed not in small
        ]
        self._exact_words = {word.typed: "" for word in synonyms if word.exact}
        self._exact_words |= {word.typed: word.typed for word in plan.words if word.exact}
        self._normals = {word.normal: "" for word in synonyms if not word.exact}
        self._normals |= {word.normal: word.typed for word in plan.words if not word.exact}
        for phrase in plan.phrases:
            self._normals |= {analysis.normal(word): word for word in phrase if word not in small}
        self._fuzzy = [word for word in plan.words if word.edits] if fuzzy else []
        self._shortest = min((len(analysis.sound(w.typed)) - w.edits for w in self._fuzzy), default=0)
        """Letters of the shortest sound near to a typed one; only a *w* sounds as more than one letter."""
        self._meant: dict[str, list[str]] = {}
        """Word of a text → what it may be a slip of."""
        self._compared: set[str] = set()
        """Words of texts that were looked at; texts say the same words over and over."""
        self._bridges = {word for word in plan.sequence if word in small}
        self._bridges |= {word for phrase in plan.phrases for word in phrase if word in small}
        starts = {n[: max(2, len(n) - 1)] for n in self._normals} | set(self._exact_words)
        self._starts = sorted({analysis.without_enye(start) for start in starts})
        """What a word begins with that may be one to mark: most texts have none, and are not gone through."""
        self._joining = " " + "".join(self._bridges)
        """All that may stand between two marks that are made one."""
        self._asked = len({word.normal for word in plan.words} | set(sum(plan.phrases, ())) - small)

    def _candidates(self, plain: str) -> list[tuple[int, int]]:
        """Return where words of a text without ñ stand that begin so; other words are passed over."""
        found: set[int] = set()
        for start in self._starts:
            at = plain.find(start)
            while at >= 0:
                if not plain[at - 1 : at].isalnum():
                    found.add(at)
                at = plain.find(start, at + 1)
        return [rest.span() for at in sorted(found) if (rest := _REST.match(plain, at))]

    def met(self, documents: Sequence[SearchDocument]) -> list[Met]:
        """Return which of the words looked for each document has, and in which others they may be meant.

        All texts are gone through as one: twenty documents say the same words over and over.
        """
        texts = [
            analysis.clean("\n".join(text[:READ] for text in (one.title, one.summary, one.body)))
            for one in documents
        ]
        ends = list(accumulate(len(text) + 1 for text in texts))
        text = "\n".join(texts)
        folded = analysis.fold(text)
        met = [Met() for _ in documents]
        for (start, _end), typed in self._exact(folded):
            met[bisect_right(ends, start)].seen.add(typed)
        for (start, end), word in self._slips(folded):
            for typed in self._meant[word]:
                near = met[bisect_right(ends, start)].near.setdefault(typed, {})
                near.setdefault(word, Counter())[text[start:end]] += 1
        return met

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Return where to mark ``text`` (composed already), neighbours joined."""
        folded = analysis.fold(text)
        found = {place for place, _typed in self._exact(folded)}
        if self._fuzzy:
            found |= {place for place, _word in self._slips(folded[:SCANNED])}
        return self._joined(folded, sorted(found))

    def _exact(self, folded: str) -> list[tuple[tuple[int, int], str]]:
        """Return where a word stands that was looked for, and how it was typed."""
        found = []
        for start, end in self._candidates(analysis.without_enye(folded)):
            word = folded[start:end]
            typed = self._exact_words.get(word, self._normals.get(analysis.normal(word)))
            if typed is None and "ñ" in word:
                typed = self._normals.get(analysis.normal(analysis.without_enye(word)))
            if typed is not None:
                found.append(((start, end), typed))
        return found

    def _slips(self, folded: str) -> list[tuple[tuple[int, int], str]]:
        """Return where a word stands that may be a slip of one looked for, and which."""
        words = analysis.different(folded)
        self._compare(words - self._compared)
        near = words & self._meant.keys()
        return [(place, word) for word in near for place in analysis.places(word, folded)]

    def _compare(self, words: set[str]) -> None:
        """Find out which of ``words`` are some slips away from a typed one; a small word must sound as it."""
        self._compared |= words
        small = stopwords()
        others = [word for word in words if len(word) >= self._shortest or "w" in word]
        heard = analysis.sounds(others)
        for wanted in self._fuzzy:
            for word in analysis.near(wanted.typed, others, heard, wanted.edits):
                if word not in small or analysis.sound(word) == analysis.sound(wanted.typed):
                    self._meant.setdefault(word, []).append(wanted.typed)

    def _joined(self, folded: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join marks with only small words of the query between them: «acta de compromiso» is one."""
        joined: list[tuple[int, int]] = []
        for start, end in found:
            if joined:
                between = folded[joined[-1][1] : start]
                # Mostly a sentence is between, which is not gone through for its words.
                words = [] if between.strip(self._joining) else analysis.tokens(between)
                if (
                    between
                    and len(words) <= 2
                    and not set(words) - self._bridges
                    and not between.strip(" " + "".join(words))
                ):
                    joined[-1] = (joined[-1][0], end)
                    continue
                if start < joined[-1][1]:
                    continue
            joined.append((start, end))
        return joined

    def whole(self, text: str) -> str:
        """Return all of ``text``, escaped and marked."""
        text = analysis.clean(text)
        return _html(text, self.marks(text))

    def passage(self, document: SearchDocument) -> tuple[str, Part | None]:
        """Return the snippet of a document, and the part of it that the snippet was taken from, if any.

        A question that the document answers, when it says at least as much of what was asked as the best
        passage of the text: who asked it sees that she is understood.
        """
        snippet, part = self._passage(document)
        if part is not None or not document.asked:
            return snippet, part
        question = max(document.asked, key=self._words_in)
        if self._words_in(question) >= max(2, self._words_in(_TAG.sub("", snippet))):
            return f"{escape(_('Responde:'))} {self.whole(question)}", None
        return snippet, part

    def _passage(self, document: SearchDocument) -> tuple[str, Part | None]:
        """Return the part with most of the words asked for; among equals the first, the summary before all.

        Between equals a word that the title says decides nothing: all of «Reglas.pdf» is of *reglas*, and
        *quorum reglas* wants the page of the quorum.
        """
        if not document.parts:
            return self.snippet(document.summary, document.body), None
        body = document.body
        ends = [part.at for part in document.parts[1:]] + [len(body)]
        stretches: list[tuple[str, Part | None]] = [
            (document.summary, None),
            (body[: document.parts[0].at], None),
            *((body[part.at : end], part) for part, end in zip(document.parts, ends, strict=True)),
        ]
        titled = self._met_in(document.title)
        best, best_words = stretches[0], (0, 0)
        for text, part in stretches:
            met = self._met_in(text)
            words = len(met), len(met - titled)
            if words > best_words:
                best, best_words = (text, part), words
                if words[0] >= self._asked:
                    break
        text, part = best
        return self.snippet(text, "" if best_words[0] else body), part

    def _words_in(self, text: str) -> int:
        """Return how many of the different words asked for stand in ``text``."""
        return len(self._met_in(text))

    def _met_in(self, text: str) -> set[str]:
        """Return which of the words asked for stand in ``text``, in their comparable form."""
        folded = analysis.fold(analysis.clean(text))
        words = {folded[start:end] for start, end in self._candidates(analysis.without_enye(folded))}
        return words & self._exact_words.keys() | set(map(analysis.normal, words)) & self._normals.keys()

    def snippet(self, summary: str, body: str) -> str:
        """Return the part of the text that says most about the query; its beginning when nothing matches."""
        for text in (summary, body):
            cleaned = _line(text[:SCANNED])
            marks = self.marks(cleaned)
            if marks:
                return _cut(cleaned, marks)
        return escape(_shortened(_line((summary or body)[:1000])))


def _line(text: str) -> str:
    """Return ``text`` in one line, its paragraphs told apart: a heading does not run into what it heads."""
    return " ".join(analysis.clean(_UNFINISHED.sub(_HELD_APART, text)).split())


def _shortened(text: str) -> str:
    if len(text) <= SNIPPET:
        return text
    return text[:SNIPPET].rsplit(" ", 1)[0].rstrip(" ,;:·") + "…"


def _cut(text: str, marks: list[tuple[int, int]]) -> str:
    """Return the window with most different marked words, begun at a sentence when one is near."""
    if len(text) <= SNIPPET:
        return _html(text, marks)
    best, best_score = marks[0][0], 0.0
    for index, (start, _end) in enumerate(marks[:200]):
        words = [text[a:b].lower() for a, b in marks[index : index + 12] if b <= start + SNIPPET * 3 // 4]
        score = len(set(words)) + sum(map(len, words)) / 1000
        if score > best_score:
            best, best_score = start, score
    begin = max(0, best - SNIPPET // 3)
    sentence = max((text.rfind(end, begin, best) for end in (". ", "? ", "! ", "· ")), default=-1)
    if sentence >= 0:
        begin = sentence + 2
    elif begin:
        begin = text.find(" ", begin, best) + 1 or best
    end = begin + SNIPPET
    if end < len(text):
        end = max(text.rfind(" ", begin, end), next((b for a, b in marks if a == best), end))
    inside = [(a - begin, b - begin) for a, b in marks if a >= begin and b <= end]
    head = "…" if begin and sentence < 0 else ""
    return head + _html(text[begin:end].rstrip(" ,;:·"), inside) + ("…" if end < len(text) else "")


def _html(text: str, marks: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in marks:
        end = min(end, len(text))
        if start >= end:
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return "".join(parts)
