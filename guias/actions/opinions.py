"""Keep whether a chapter helped, and that someone attended to what was said. Nobody is named in it."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import policies
from guias.models import Chapter, Guide, Opinion, Version
from guias.models.former import addresses_now
from nucleo.policies import require
from search import outbox
from search.documents import helpfulness

SAME_DAY = 24 * 3600
"""Seconds in which a second answer from the same place is taken as a change of the first."""


@transaction.atomic
def give_opinion(*, version: Version, chapter: Chapter, helped: bool, giver: str, user: Any) -> Opinion:
    """Write down whether ``chapter`` helped; the same ``giver`` within a day changes what she said.

    ``giver`` tells one reader from another for a day, in the cache alone; the row does not know it. Raises
    Forbidden for a version that is not in force.
    """
    require(
        policies.can_give_opinion(user, version),
        _("Solo se opina de la versión vigente de una guía."),
    )
    key = f"guias:opinion:{version.pk}:{chapter.slug}:{giver}"
    opinion = Opinion.objects.filter(pk=cache.get(key, 0), attended_at=None).first()
    if opinion is None:
        opinion = Opinion(version=version, chapter=chapter.slug)
    before = _step(version, chapter)
    opinion.helped = helped
    if helped:
        opinion.lack = ""
    if opinion.pk:
        opinion.save(update_fields=["helped", "lack"])
    else:
        opinion.save()
    if _step(version, chapter) != before:
        outbox.queue("guia", version.guide_id)
    cache.set(key, opinion.pk, SAME_DAY)
    return opinion


def _step(version: Version, chapter: Chapter) -> int:
    return helpfulness(version.opinions.filter(chapter=chapter.slug).served().get(chapter.slug, 0))


def explain_opinion(*, opinion: Opinion, lack: str, words: str) -> None:
    """Add to an answer what was missing; what was said before in it is replaced."""
    opinion.lack, opinion.words = lack, words
    opinion.save(update_fields=["lack", "words"])


def attend_to_chapter(*, guide: Guide, chapter: str, until: int, by: Any) -> int:
    """Take what was said of a chapter, up to opinion ``until``, as attended to; return how many there were.

    Also what was said of it at an address that it had before. What came in while she read the list stays on
    it. Raises Forbidden for who does not edit guides.
    """
    require(policies.can_write(by, guide), _("Solo quien edita las guías de esa ruta puede hacerlo."))
    said = Opinion.objects.open().filter(version__guide=guide, pk__lte=until)
    addresses = set(said.order_by().values_list("chapter", flat=True))
    now = addresses_now((guide.pk, one) for one in addresses)
    same = [one for one in addresses if now.get((guide.pk, one), one) == chapter]
    return said.filter(chapter__in=same).update(attended_at=timezone.now(), attended_by=by)
