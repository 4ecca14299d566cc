"""What changed between two versions, chapter by chapter. Pure; no database; words are nucleo's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from guias.models.chapters import Chapter
from nucleo.words import Paragraph, compare_paragraphs

Kind = Literal["added", "removed", "changed", "moved", "same"]


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """What happened to one chapter; ``paragraphs`` holds only those that changed.

    ``first`` is the first sentence of a new chapter's summary.
    """

    kind: Kind
    title: str
    slug: str
    old_title: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    first: str = ""


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


def changed(old: Sequence[Chapter], new: Sequence[Chapter]) -> list[ChapterChange]:
    """Return what :func:`compare` does, without the chapters that are the same."""
    return [change for change in compare(old, new) if change.kind != "same"]


def _one(chapter: Chapter, before: Chapter | None, in_place: bool) -> ChapterChange:
    if before is None:
        return ChapterChange("added", chapter.title, chapter.slug, first=next(iter(chapter.summary), ""))
    paragraphs = compare_paragraphs(before.paragraphs, chapter.paragraphs)
    renamed = before.title if before.title != chapter.title else ""
    if paragraphs or renamed:
        return ChapterChange("changed", chapter.title, chapter.slug, renamed, paragraphs)
    return ChapterChange("same" if in_place else "moved", chapter.title, chapter.slug)
