"""What a reader opened of a guide, by its chapters as they are called now, and which changed since then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache

from guias.enums import VersionState
from guias.models import Version
from guias.models.changes import was

KEPT = 24 * 3600
"""Seconds that a comparison is remembered: neither of its versions can change."""


@dataclass(frozen=True, slots=True)
class Since:
    """What became of the chapters of an older version: address then → now, and which say something else."""

    now: dict[str, str]
    changed: frozenset[str]


NOTHING = Since({}, frozenset())


@dataclass(frozen=True, slots=True)
class Opened:
    """The version in which she last opened each chapter, the last one last; ``outdated`` changed since."""

    versions: dict[str, int]
    outdated: frozenset[str]


def opened_as(rows: Sequence[tuple[str, int]], version: Version) -> Opened:
    """Return what was opened of the guide (chapter and version, the last one last) as it is called now.

    Seen from ``version`` when that is the one in force. No query, but for the first time in a day that anyone
    comes back from an older version.
    """
    counts = version.state == VersionState.IN_FORCE  # of another, which may be a draft, nothing is compared
    older = _since({number for _chapter, number in rows if counts and number < version.number}, version)
    versions: dict[str, int] = {}
    for chapter, number in rows:
        slug = older.get(number, NOTHING).now.get(chapter, chapter)
        versions[slug] = max(number, versions.pop(slug, 0))
    outdated = {slug for slug, number in versions.items() if slug in older.get(number, NOTHING).changed}
    return Opened(versions, frozenset(outdated))


def _since(numbers: Iterable[int], version: Version) -> dict[int, Since]:
    keys = {f"guias:since:{version.pk}:{number}": number for number in numbers}
    if not keys:
        return {}
    kept: dict[str, Since] = cache.get_many(keys)
    known = {keys[key]: since for key, since in kept.items()}
    missing = [number for number in keys.values() if number not in known]
    if missing:
        for old in Version.objects.published().filter(guide=version.guide_id, number__in=missing):
            known[old.number] = _compared(old, version)
            cache.set(f"guias:since:{version.pk}:{old.number}", known[old.number], KEPT)
    return known


def _compared(old: Version, new: Version) -> Since:
    before = was(old.chapters, new.chapters)
    changed = {
        chapter.slug
        for chapter in new.chapters
        if (then := before.get(chapter.slug))
        and (then.title, then.paragraphs) != (chapter.title, chapter.paragraphs)
    }
    return Since({then.slug: slug for slug, then in before.items()}, frozenset(changed))
