"""What a reader may have meant by a word that nothing she reads has: another one, or the whole of it.

Knows no engine and no database: it compares what is handed to it, which the reader may read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from search.backends import analysis
from search.backends.plan import MAX_TERMS, Plan, Synonyms, Word, stopwords
from search.highlight import Met

SHORT = 6
"""With fewer letters one of them makes another word: *Pérez* is no slip of *pares*."""
LONG = 8
"""From here on a word says enough by itself, wherever the slip is."""
BEGUN = 4
"""Letters from which on a beginning stands for a word; beside the other words of a title one fewer."""


def corrections(plan: Plan, met: Sequence[Met], known: Synonyms) -> dict[str, str]:
    """Return what was most likely meant by words of which no result has any, as the documents write it.

    That is a word that ``met``, what the results have, or one that a group of synonyms has.
    """
    seen = {typed for one in met for typed in one.seen}
    missed = [word for word in plan.words if word.edits and word.typed not in seen]
    found = {word.typed: _meant(plan, word, met, known) for word in missed}
    return {typed: meant for typed, meant in found.items() if meant}


def _meant(plan: Plan, word: Word, met: Sequence[Met], known: Synonyms) -> str:
    typed = word.typed
    forms: dict[str, Counter[str]] = {}
    for one in met:
        for near, written in one.near.get(typed, {}).items():
            forms.setdefault(near, Counter()).update(written)
    taught = list(known.words)
    for near in analysis.near(typed, taught, analysis.sounds(taught), word.edits):
        forms.setdefault(near, Counter())
    likely = [near for near in forms if _may_be(near, typed)]
    likely.sort(key=lambda near: (analysis.slips(near, typed), -forms[near].total(), near))
    for near in likely:
        if _is_sure(near, typed) or _has_the_rest(plan, typed, near, met):
            return as_written(forms[near]) or known.words[near]
    return ""


def _may_be(word: str, typed: str) -> bool:
    """Whether ``typed`` may be ``word`` at all: no name is a slip of a common word that looks a bit like it.

    What sounds the same may, and so may long words. One of middle length begins with the same sound and is
    not much longer; a short one differs by a letter alone.
    """
    heard, letters = analysis.slips(word, typed)
    if not heard or len(typed) >= LONG:
        return True
    same_start = analysis.sound(word)[:1] == analysis.sound(typed)[:1]
    return same_start and len(typed) - len(word) <= heard and (len(typed) >= SHORT or letters <= 1)


def _is_sure(word: str, typed: str) -> bool:
    """Whether the word alone says that it was meant."""
    heard, letters = analysis.slips(word, typed)
    return not heard or len(typed) >= LONG or (len(typed) >= SHORT and letters <= 1)


def _has_the_rest(plan: Plan, typed: str, near: str, met: Iterable[Met]) -> bool:
    """Whether a result that has ``near`` has all the other words too."""
    rest = {word.typed for word in plan.words} - {typed}
    return not rest or any(
        near in one.near.get(typed, {}) and all(_has(one, other) for other in rest) for one in met
    )


def _has(one: Met, typed: str) -> bool:
    """Whether a result has a word as typed, or what was surely meant by it."""
    others = one.near.get(typed, {})
    return typed in one.seen or any(_may_be(word, typed) and _is_sure(word, typed) for word in others)


ACRONYM_FROM = 4
"""Letters from which on one of them may differ from an acronym that is offered."""
SPELT = 2
"""Letters that a word which is offered may differ by."""


def swaps(typed: str) -> list[str]:
    """Return what ``typed`` would be with two neighbouring letters swapped, in each place.

    A slip of the finger, and one edit as any (Damerau), but between sounds it may be two or three: *giua* is
    nothing like *guia* there. The first letter stays, as it does in nearly all slips, and in few names.
    """
    ways = (typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(1, len(typed) - 1))
    return [way for way in dict.fromkeys(ways) if way != typed][:MAX_TERMS]


def swapped(ways: Sequence[str], texts: Iterable[str], known: Synonyms) -> str:
    """Return which of ``ways`` the ``texts`` say most often, or a group of synonyms, as it is written."""
    text = analysis.clean("\n".join(texts))
    folded = analysis.fold(text)
    forms = {way: Counter(text[at:to] for at, to in analysis.places(way, folded)) for way in ways}
    likely = [way for way in ways if (forms[way] or way in known.words) and way not in stopwords()]
    best = max(likely, key=lambda way: forms[way].total(), default="")
    return (as_written(forms[best]) or known.words[best]) if best else ""


def spelt(word: Word, texts: Iterable[str], known: Synonyms) -> str:
    """Return the word of ``texts``, or of a group of synonyms, that is spelt most like ``word``, or nothing.

    For what is offered to who found nothing, and not taken for what she meant: *itenda* begins with another
    sound than *tienda*. So names are compared too, and acronyms with what may have been typed as one.
    """
    typed, text = word.typed, analysis.clean("\n".join(texts))
    folded = analysis.fold(text)
    words = list((analysis.different(folded) - stopwords()) | known.words.keys())
    forms: dict[str, Counter[str]] = {}
    for near in analysis.spelt(typed, words, SPELT):
        written = Counter(text[start:end] for start, end in analysis.places(near, folded))
        if _is_spelt(near, written, word):
            forms[near] = written
    if not forms:
        return ""
    best = min(forms, key=lambda one: (*reversed(analysis.slips(one, typed)), -forms[one].total(), one))
    return as_written(forms[best]) or known.words[best]


def _is_spelt(other: str, forms: Mapping[str, int], word: Word) -> bool:
    """Whether only the place of one letter differs, or one letter of five, or two of eight.

    One letter of four in what may be an acronym, of one: *SENO* of *SENA*.
    """
    typed, letters = word.typed, analysis.distance(other, word.typed)
    if letters <= SPELT and sorted(other) == sorted(typed):
        return True
    acronym = word.loud and len(typed) >= ACRONYM_FROM and _is_acronym(forms)
    enough = SHORT - 1 if not acronym else ACRONYM_FROM
    return (letters == 1 and len(typed) >= enough) or (letters == SPELT and len(typed) >= LONG)


def _is_acronym(forms: Mapping[str, int]) -> bool:
    """Whether what is written in these ways is never written but in capitals."""
    return bool(forms) and all(form.isupper() and len(form) <= analysis.ACRONYM for form in forms)


def as_written(forms: Mapping[str, int]) -> str:
    """Return a word as it is written most often, its accents too; with a capital when it always has one.

    What is always written in capitals is an acronym.
    """
    if _is_acronym(forms):
        return min(forms, key=lambda form: (-forms[form], form))
    by_accents: Counter[str] = Counter()
    for form, times in forms.items():
        by_accents[form.lower()] += times
    if not by_accents:
        return ""
    lower = min(by_accents, key=lambda form: (-by_accents[form], form))
    named = lower.capitalize()
    return named if forms.get(named) and not forms.get(lower) else lower


def begun(text: str, plan: Plan) -> Word | None:
    """Return the last word of ``text`` when it may be the beginning of one: people stop typing."""
    last = plan.words[-1] if plan.words else None
    if last is None or last.exact or not last.typed.isalpha():
        return None
    enough = len(last.typed) >= BEGUN - (len(plan.words) > 1)
    return last if enough and analysis.tokens(text)[-1:] == [last.typed] else None


def whole(beginning: str, titles: Iterable[str]) -> str:
    """Return the word that begins so in most of ``titles``, as they write it."""
    text = analysis.clean("\n".join(titles))
    folded = analysis.fold(text)
    forms: dict[str, Counter[str]] = {}
    for start, end in analysis.continued(beginning, folded):
        forms.setdefault(folded[start:end], Counter())[text[start:end]] += 1
    if not forms:
        return ""
    return as_written(forms[min(forms, key=lambda word: (-forms[word].total(), len(word), word))])


def said(text: str, words: Mapping[str, str]) -> str:
    """Return ``text`` as typed with these words exchanged."""
    text = analysis.clean(text)
    folded = analysis.fold(text)
    parts: list[str] = []
    at = 0
    for start, end in analysis.spans(folded):
        if folded[start:end] in words:
            parts += [text[at:start], words[folded[start:end]]]
            at = end
    return "".join([*parts, text[at:]])
