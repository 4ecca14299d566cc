"""Addresses that outlive their chapter: what was there, and where it is now.

Whatever keeps the address of a chapter asks here (or, version by version, ``guias.models.changes``), so that
a chapter with another address is the same one everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from guias.models.changes import became
from guias.models.chapters import Chapter
from guias.models.guides import Guide
from guias.models.reviews import ChapterReview
from guias.models.versions import Version

Address = tuple[int, str]
"""A guide, by its number, and the address of a chapter in it."""


@dataclass(frozen=True, slots=True)
class Former:
    """An address without a chapter in force: the last version that had one, and what became of it."""

    version: Version
    now: Chapter | None


def versions_with(guide: Guide, slug: str, *, before: int) -> QuerySet[Version]:
    """Return the versions in print before number ``before`` whose text says the address, the newest first."""
    earlier = Version.objects.published().filter(guide=guide, number__lt=before)
    saying = earlier.alias(said=Cast("body", TextField())).filter(said__contains=f'"slug": "{slug}"')
    return saying.order_by("-number")


def former(current: Version, slug: str) -> Former | None:
    """Return what was at the address ``slug`` before ``current``; nothing for what never was in print.

    One query, and the text of one version as a rule: the database looks which ones say the address, since a
    guide may have many, and what never was in print is asked for by every robot.
    """
    for version in versions_with(current.guide, slug, before=current.number).iterator(chunk_size=1):
        if version.chapter(slug):
            return Former(version, became(version.chapters, current.chapters).get(slug))
    return None


def addresses_now(addresses: Iterable[Address]) -> dict[Address, str]:
    """Return, of those ``addresses`` at which a chapter was and that has another one now, that one.

    What is in force is known by its date of review, without a text: one query. Two more for the rest, and one
    for each of them; they are few.
    """
    wanted = set(addresses)
    rows = ChapterReview.objects.filter(guide__in={guide for guide, _slug in wanted})
    lost = wanted - set(rows.values_list("guide", "chapter"))
    if not lost:
        return {}
    guides = {guide for guide, _slug in lost}
    versions = Version.objects.in_force().select_related("guide").filter(guide__in=guides)
    current = {version.guide_id: version for version in versions}
    found = {}
    for guide, slug in lost:
        version = current.get(guide)
        before = former(version, slug) if version and not version.chapter(slug) else None
        if before and before.now:
            found[guide, slug] = before.now.slug
    return found
