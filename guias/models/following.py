"""Who is to hear of a new version: who holds an older one, or asked to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models.downloads import Download
from guias.models.guides import Guide
from guias.models.reading import Reading, Tick
from guias.models.versions import Version


class Following(models.Model):
    """One person asked to be told when a guide changes, or comes out."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    guide = models.ForeignKey(
        Guide, verbose_name=_("guía"), on_delete=models.CASCADE, related_name="followings"
    )
    since = models.DateTimeField(_("desde"), default=timezone.now)

    objects: ClassVar[models.Manager[Following]] = models.Manager()

    class Meta:
        verbose_name = _("seguimiento de una guía")
        verbose_name_plural = _("seguimientos de guías")
        constraints = [models.UniqueConstraint(fields=["user", "guide"], name="guias_following_unique")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.guide_id}"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who is to hear of a version.

    ``number`` is the version she holds, None when there was none before; ``chapters`` those she opened, none
    where she asked to be told and opened nothing here; None when she took the whole.
    """

    user: Any
    number: int | None
    chapters: frozenset[str] | None


def holders(version: Version) -> list[Holder]:
    """Return who holds a version older than ``version``, or follows its guide; in five queries.

    Holds it: who downloaded one, alone or in the package, or ticked something in it. The version held is
    the newest that she downloaded or opened; of who did neither, the one before. Who only opened a chapter
    holds nothing, and who already took ``version`` knows of it.
    """
    older = Version.objects.published().filter(guide=version.guide_id, number__lt=version.number)
    last = older.aggregate(last=Max("number"))["last"]
    taken = Download.objects.filter(version__guide=version.guide_id, user__isnull=False)
    held = dict(taken.order_by().values_list("user").annotate(Max("version__number")))
    following = Following.objects.filter(guide=version.guide_id).values_list("user", flat=True)
    ticking = Tick.objects.filter(guide=version.guide_id).values_list("user", flat=True)
    wanted = {user for user in {*held, *following, *ticking} if held.get(user, 0) < version.number}
    opened: dict[int, dict[str, int]] = {}
    readings = Reading.objects.filter(guide=version.guide_id, user__in=wanted)
    for user, chapter, number in readings.values_list("user", "chapter", "version_number"):
        opened.setdefault(user, {})[chapter] = number
    people = get_user_model()._default_manager.filter(pk__in=wanted, is_active=True).order_by("pk")
    return [_holder(person, held, opened.get(person.pk, {}), last, version.number) for person in people]


def _holder(person: Any, held: dict[Any, int], opened: dict[str, int], last: int | None, new: int) -> Holder:
    numbers = [number for number in (held.get(person.pk), *opened.values()) if number and number < new]
    chapters = None if person.pk in held else frozenset(opened)
    return Holder(person, max(numbers, default=last) if last else None, chapters)


def ticked_chapters(user: int, version: Version) -> set[str]:
    """Return the chapters of ``version`` in which ``user`` ticked something: she had them open."""
    ticks = Tick.objects.filter(user=user, guide=version.guide_id)
    ticked = {str(item) for item in ticks.values_list("item", flat=True)}
    chapters = version.chapters if ticked else []
    return {chapter.slug for chapter in chapters if any(item.id in ticked for item in chapter.items)}
