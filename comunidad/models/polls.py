"""The options of a poll, and who chose which: one vote a person, which she may change."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comunidad.models.resources import Resource

OPTION_MAX = 120
MIN_OPTIONS = 2
MAX_OPTIONS = 8


class PollOption(models.Model):
    """One thing to choose; options do not change once people may have chosen them."""

    resource = models.ForeignKey(Resource, models.CASCADE, verbose_name=_("encuesta"), related_name="options")
    order = models.PositiveSmallIntegerField(_("orden"))
    text = models.CharField(_("opción"), max_length=OPTION_MAX)

    objects: ClassVar[models.Manager[PollOption]] = models.Manager()

    class Meta:
        verbose_name = _("opción de encuesta")
        verbose_name_plural = _("opciones de encuestas")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "order"], name="comunidad_option_order_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """One choice of one person. Others see how many, never who."""

    resource = models.ForeignKey(Resource, models.CASCADE, verbose_name=_("encuesta"), related_name="votes")
    option = models.ForeignKey(PollOption, models.CASCADE, verbose_name=_("opción"), related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("persona"), related_name="+"
    )
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Vote]] = models.Manager()

    class Meta:
        verbose_name = _("voto")
        verbose_name_plural = _("votos")
        constraints = [
            models.UniqueConstraint(fields=["resource", "user"], name="comunidad_one_vote_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.option}"
