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

    ``changed`` in its words or its title, ``moved`` when it says the same elsewhere: at another place of
    the guide (``out_of_place``, which one that changed may be too) or at another address (``old_slug``,
    empty when it kept its own). ``first`` is the first sentence of a new chapter's summary.
    """

    kind: Kind
    title: str
    slug: str
    old_title: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    first: str = ""
    out_of_place: bool = False
    old_slug: str = ""


def became(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[str, Chapter]:
    """Return what became of each chapter of ``old`` that is still in ``new``, by its address in ``old``.

    It is the one whose block is the same, however it is called and wherever it stands; else the one at its
    address, which an editor may have written anew.
    """
    blocks = {chapter.id: chapter for chapter in new if chapter.id}
    found = {chapter.slug: blocks[chapter.id] for chapter in old if chapter.id in blocks}
    taken = {chapter.slug for chapter in found.values()}
    free = {chapter.slug: chapter for chapter in new if chapter.slug not in taken}
    return {chapter.slug: free[chapter.slug] for chapter in old if chapter.slug in free} | found


def was(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[str, Chapter]:
    """Return what each chapter of ``new`` was in ``old``, if it was there, by its address in ``new``."""
    later = became(old, new)
    return {later[chapter.slug].slug: chapter for chapter in old if chapter.slug in later}


def compare(old: Sequence[Chapter], new: Sequence[Chapter]) -> list[ChapterChange]:
    """Return what happened to each chapter, in the order of ``new``, those taken out at the end."""
    stayed = _stayed(old, new)
    changes = [_one(chapter, *stayed.get(chapter.slug, (None, True))) for chapter in new]
    kept = {before.slug for before, _in_place in stayed.values()}
    return changes + [_removed(chapter) for chapter in old if chapter.slug not in kept]


def changed(old: Sequence[Chapter], new: Sequence[Chapter]) -> list[ChapterChange]:
    """Return what :func:`compare` does, without the chapters that are the same."""
    return [change for change in compare(old, new) if change.kind != "same"]


def compare_chapter(before: Chapter, old: Sequence[Chapter], new: Sequence[Chapter]) -> ChapterChange:
    """Return what happened to one chapter of ``old``; the words of the others are not compared."""
    chapter = became(old, new).get(before.slug)
    return _one(chapter, *_stayed(old, new)[chapter.slug]) if chapter else _removed(before)


def _stayed(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[str, tuple[Chapter, bool]]:
    """Return, by the new address of each chapter that stayed, what it was and whether it is in its place."""
    before = was(old, new)
    order = [chapter.slug for chapter in new if chapter.slug in before]
    matcher = SequenceMatcher(None, list(before), order, autojunk=False)
    in_place = {slug for match in matcher.get_matching_blocks() for slug in order[match.b :][: match.size]}
    return {slug: (chapter, slug in in_place) for slug, chapter in before.items()}


def _removed(chapter: Chapter) -> ChapterChange:
    return ChapterChange("removed", chapter.title, chapter.slug)


def _one(chapter: Chapter, before: Chapter | None, in_place: bool) -> ChapterChange:
    if before is None:
        return ChapterChange("added", chapter.title, chapter.slug, first=next(iter(chapter.summary), ""))
    paragraphs = compare_paragraphs(before.paragraphs, chapter.paragraphs)
    old_title = before.title if before.title != chapter.title else ""
    old_slug = before.slug if before.slug != chapter.slug else ""
    kind: Kind = "changed" if paragraphs or old_title else "same" if in_place and not old_slug else "moved"
    return ChapterChange(
        kind,
        chapter.title,
        chapter.slug,
        old_title,
        paragraphs,
        out_of_place=not in_place,
        old_slug=old_slug,
    )
