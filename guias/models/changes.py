"""What changed between two versions: chapter by chapter, words inside sentences. Pure; no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from guias.models.chapters import Chapter

Operation = Literal["same", "ins", "del"]
Kind = Literal["added", "removed", "changed", "moved", "same"]
_WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = 0.4
"""Two paragraphs less alike than this are one taken out and one put in, not one changed."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A changed paragraph as runs of words."""

    words: list[tuple[Operation, str]]


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """What happened to one chapter; ``paragraphs`` holds only those that changed."""

    kind: Kind
    title: str
    slug: str
    old_title: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)


def compare_words(old: str, new: str) -> Paragraph:
    """Return the words of both, each once where they agree."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    words: list[tuple[Operation, str]] = []
    for code, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if code == "equal":
            words.append(("same", "".join(before[i:j])))
            continue
        if j > i:
            words.append(("del", "".join(before[i:j])))
        if m > k:
            words.append(("ins", "".join(after[k:m])))
    return Paragraph(words)


def compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs that are not the same in both, in the order of ``new``."""
    found: list[Paragraph] = []
    for code, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code == "equal":
            continue
        gone, come = list(old[i:j]), list(new[k:m])
        while gone and come and SequenceMatcher(None, gone[0], come[0]).ratio() >= ALIKE:
            found.append(compare_words(gone.pop(0), come.pop(0)))
        found += [Paragraph([("del", text)]) for text in gone]
        found += [Paragraph([("ins", text)]) for text in come]
    return found


def compare(old: Sequence[Chapter], new: Sequence[Chapter]) -> list[ChapterChange]:
    """Return what happened to each chapter, in the order of ``new``, those taken out at the end.

    Chapters are the same when their address is. One is *moved* when its words are the same and its
    place among those that stayed is not.
    """
    before = {chapter.slug: chapter for chapter in old}
    after = {chapter.slug for chapter in new}
    stayed_old = [chapter.slug for chapter in old if chapter.slug in after]
    stayed_new = [chapter.slug for chapter in new if chapter.slug in before]
    blocks = SequenceMatcher(None, stayed_old, stayed_new, autojunk=False).get_matching_blocks()
    in_place = {slug for match in blocks for slug in stayed_new[match.b : match.b + match.size]}
    changes = [_one(chapter, before.get(chapter.slug), chapter.slug in in_place) for chapter in new]
    changes += [
        ChapterChange("removed", chapter.title, chapter.slug) for chapter in old if chapter.slug not in after
    ]
    return changes


def _one(chapter: Chapter, before: Chapter | None, in_place: bool) -> ChapterChange:
    if before is None:
        return ChapterChange("added", chapter.title, chapter.slug)
    paragraphs = compare_paragraphs(before.paragraphs, chapter.paragraphs)
    renamed = before.title if before.title != chapter.title else ""
    if paragraphs or renamed:
        return ChapterChange("changed", chapter.title, chapter.slug, renamed, paragraphs)
    return ChapterChange("same" if in_place else "moved", chapter.title, chapter.slug)
