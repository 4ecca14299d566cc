"""What one reader did: chapters opened, items ticked. Hers alone; it follows her across devices."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models.guides import Guide


class Tick(models.Model):
    """An item of a checklist that she ticked; the item's id outlives the version."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    guide = models.ForeignKey(Guide, verbose_name=_("guía"), on_delete=models.CASCADE, related_name="ticks")
    item = models.UUIDField(_("elemento"))
    ticked_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Tick]] = models.Manager()

    class Meta:
        verbose_name = _("marca")
        verbose_name_plural = _("marcas")
        constraints = [models.UniqueConstraint(fields=["user", "guide", "item"], name="guias_tick_unique")]

    def __str__(self) -> str:
        return str(self.item)


class Reading(models.Model):
    """A chapter that she opened, and in which version she last did."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    guide = models.ForeignKey(
        Guide, verbose_name=_("guía"), on_delete=models.CASCADE, related_name="readings"
    )
    chapter = models.CharField(_("capítulo"), max_length=80)
    version_number = models.PositiveSmallIntegerField(_("versión"))
    read_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Reading]] = models.Manager()

    class Meta:
        verbose_name = _("lectura")
        verbose_name_plural = _("lecturas")
        constraints = [
            models.UniqueConstraint(fields=["user", "guide", "chapter"], name="guias_reading_unique")
        ]

    def __str__(self) -> str:
        return self.chapter
