"""What changed between two texts: paragraph by paragraph, words inside sentences. Pure; knows no app."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, TypeVar

Operation = Literal["same", "ins", "del"]
_WORDS = re.compile(r"(\s*)(\w+|[^\w\s]|$)")
_LETTERS = re.compile(r"\w+")
SHORT = 3
"""Letters that are not worth keeping between two changes."""
LEAST = 40
"""Letters of a change that say something of it."""
ALIKE = 0.25
"""Two paragraphs that share fewer of their words are one taken out and one put in, not one changed.

Two of nothing to do with each other share a seventh or so: *de*, *la*, *que*, in that order.
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A changed paragraph as runs of words."""

    words: list[tuple[Operation, str]]

    @property
    def whole(self) -> Operation | Literal[""]:
        """``ins`` or ``del`` when all of it came or went, nothing when only some words did."""
        return self.words[0][0] if len(self.words) == 1 and self.words[0][0] != "same" else ""

    @property
    def before(self) -> list[tuple[Operation, str]]:
        """The paragraph as it was: what stayed and what was taken out."""
        return [piece for piece in self.words if piece[0] != "ins"]

    @property
    def after(self) -> list[tuple[Operation, str]]:
        """The paragraph as it is: what stayed and what was put in."""
        return [piece for piece in self.words if piece[0] != "del"]


def as_sentence(line: str) -> str:
    """Return ``line`` with a stop at its end, so that another sentence may follow it."""
    return line if line.endswith((".", "!", "?", "…", ":")) else f"{line.rstrip(',;')}."


def compare_words(old: str, new: str) -> Paragraph:
    """Return the words of both, each once where they agree.

    A space or a short word that happens to be in both between two changes is part of the change: whole
    phrases are read, not words that take turns.
    """
    runs = _runs(_WORDS.findall(old), _WORDS.findall(new))
    words: list[tuple[Operation, str]] = []
    gone = come = ""
    for number, (left, right) in enumerate(runs):
        if left == right and (number in (0, len(runs) - 1) or len(left.strip()) > SHORT):
            words += _changed(gone, come)
            words.append(("same", left))
            gone = come = ""
        else:
            gone, come = gone + left, come + right
    return Paragraph(words + _changed(gone, come))


def _runs(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what both say, taking turns with what each of them says there.

    Words alone are compared: spaces are in every sentence, and would part what stayed word by word.
    """
    runs: list[tuple[str, str]] = []

    def add(left: str, right: str) -> None:
        if runs and (left == right) == (runs[-1][0] == runs[-1][1]):
            runs[-1] = (runs[-1][0] + left, runs[-1][1] + right)
        elif left or right:
            runs.append((left, right))

    matcher = SequenceMatcher(None, [word for _, word in old], [word for _, word in new], autojunk=False)
    for code, i, j, k, m in matcher.get_opcodes():
        if code == "equal":
            for (before, word), (after, _same) in zip(old[i:j], new[k:m], strict=True):
                add(before, after)
                add(word, word)
        else:
            add("".join(chain.from_iterable(old[i:j])), "".join(chain.from_iterable(new[k:m])))
    return _spaced(runs)


def _spaced(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Let the space before what changed belong to what stayed, where another stands in its place."""
    for n in range(1, len(runs)):
        (left, right), (kept, _kept), (rest, _rest) = runs[n], runs[n - 1], [*runs, ("", "")][n + 1]
        space = (left or right)[:1]
        if left == right or not space.isspace():
            continue
        if left and right and left[0] == right[0]:
            runs[n - 1 : n + 1] = [(kept + space,) * 2, (left[1:], right[1:])]
        elif len(rest) > 1 and rest[0] == space and not (left and right):
            moved = (left and left[1:] + space, right and right[1:] + space)
            runs[n - 1 : n + 2] = [(kept + space,) * 2, moved, (rest[1:],) * 2]
    return runs


def _changed(gone: str, come: str) -> list[tuple[Operation, str]]:
    pairs: list[tuple[Operation, str]] = [("del", gone), ("ins", come)]
    return [pair for pair in pairs if pair[1]]


def paired(
    old: Sequence[T], new: Sequence[T], alike: Callable[[T, T], bool]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield (before, after) in the order of ``new``: the same, changed (``alike``), taken out or put in.

    Items are compared by equality first; ``alike`` says of two that differ whether they are one, changed.
    """
    for code, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = list(old[i:j]), list(new[k:m])
        while gone and come and (code == "equal" or alike(gone[0], come[0])):
            yield gone.pop(0), come.pop(0)
        yield from ((item, None) for item in gone)
        yield from ((None, item) for item in come)


def resemble(old: str, new: str) -> bool:
    """Whether ``new`` may be read as ``old`` changed.

    By words: letter by letter, ``SequenceMatcher`` leaves out those that are frequent in a text of more than
    two hundred, which is all of them, and one word changed in a long paragraph made it another one.
    """
    words = SequenceMatcher(None, _LETTERS.findall(old), _LETTERS.findall(new), autojunk=False)
    return words.real_quick_ratio() >= ALIKE and words.quick_ratio() >= ALIKE and words.ratio() >= ALIKE


def compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs that are not the same in both, in the order of ``new``."""
    return [one_paragraph(*pair) for pair in paired(old, new, resemble) if pair[0] != pair[1]]


def one_paragraph(before: str | None, after: str | None) -> Paragraph:
    """Return a paragraph as it went from ``before`` to ``after``; None where it was not there."""
    if before is None:
        return Paragraph([("ins", after or "")])
    if after is None:
        return Paragraph([("del", before)])
    return compare_words(before, after)


def shares(wanted: Sequence[int], room: int) -> list[int]:
    """Return how much of ``room`` each gets: what it wants, or an equal part of what the others leave."""
    given = [0] * len(wanted)
    for rank, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        given[place] = min(wanted[place], room // (len(wanted) - rank))
        room -= given[place]
    return given


def excerpt(paragraph: Paragraph, *, limit: int = 240, around: int = 48) -> Paragraph:
    """Return the changes of a paragraph in at most some ``limit`` letters, for a few lines on a phone.

    Of words that stayed only those ``around`` a change are kept. What went and what came have their part
    each, cut at a word; of more changes than can be read so, the first. What is left out is an ellipsis.
    """
    words = paragraph.words
    stops = [count for count, (operation, _text) in enumerate(words, 1) if operation == "same" and count > 1]
    kept = _near_changes(words, around)
    while not _is_readable(kept, limit) and (stops := [stop for stop in stops if stop < len(kept)]):
        kept = _near_changes(words[: stops[-1]], around)
    given = iter(shares(_lengths(kept), max(limit - _stayed(kept), 0)))
    pieces = [
        (operation, text if operation == "same" else _cut(text, next(given))) for operation, text in kept
    ]
    if len(kept) < len(words) and not kept[-1][1].endswith("…"):
        pieces.append(("same", "…"))
    return Paragraph(pieces)


def _near_changes(words: list[tuple[Operation, str]], around: int) -> list[tuple[Operation, str]]:
    last = len(words) - 1
    return [
        (operation, _beside(text, before=number > 0, after=number < last, around=around))
        if operation == "same"
        else (operation, text)
        for number, (operation, text) in enumerate(words)
    ]


def _lengths(words: list[tuple[Operation, str]]) -> list[int]:
    return [len(text) for operation, text in words if operation != "same"]


def _stayed(words: list[tuple[Operation, str]]) -> int:
    return sum(len(text) for operation, text in words if operation == "same")


def _is_readable(words: list[tuple[Operation, str]], limit: int) -> bool:
    """Whether each change has room for some words of it beside what stayed."""
    return sum(min(length, LEAST) for length in _lengths(words)) <= limit - _stayed(words)


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return f"{text[:room].rsplit(' ', 1)[0].rstrip()}…{text[len(text.rstrip()) :]}"


def _beside(text: str, *, before: bool, after: bool, around: int) -> str:
    """Return the end of ``text`` that is beside a change, or both ends."""
    if len(text) <= around * (before + after):
        return text
    head = text[:around].rsplit(" ", 1)[0] if before else ""
    tail = text[-around:].split(" ", 1)[-1] if after else ""
    return " … ".join([head, tail]) if head and tail else f"{head} …" if head else f"… {tail}"
