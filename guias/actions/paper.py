"""Give each chapter of a published version the code that its pages carry."""

from __future__ import annotations

from itertools import count

from django.db import transaction

from guias.models import PaperCode, Version
from guias.models.paper import drawn


@transaction.atomic
def give_codes(*, version: Version) -> dict[str, PaperCode]:
    """Return the codes of ``version`` by chapter, that of its cover under ""; missing ones are made.

    May be called twice, and twice at once: the same codes come out.
    """
    found = {code.chapter: code for code in PaperCode.objects.filter(version=version)}
    wanted = {"": ""} | {chapter.slug: f"{chapter.number}. {chapter.title}" for chapter in version.chapters}
    for chapter, title in wanted.items():
        if chapter not in found:
            found[chapter] = _one(version, chapter, title)
    return found


def _one(version: Version, chapter: str, title: str) -> PaperCode:
    for attempt in count():
        code, _new = PaperCode.objects.get_or_create(
            code=drawn(version.guide.slug, version.number, chapter, attempt),
            defaults={"version": version, "chapter": chapter, "title": title},
        )
        if (code.version_id, code.chapter) == (version.pk, chapter):
            return code
    raise AssertionError  # count() has no end
