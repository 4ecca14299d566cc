"""Letters that gather: what comes while a person rests from the last letter goes in the next one, together.

A line is what waits to be said; a letter is what it left in. The lines are the outbox: a worker that is
killed leaves a line without a letter or a letter that has not left; ``portal.gathering`` finds both again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEFT_BEHIND = timedelta(minutes=15)
"""When a letter that somebody took and that has not left is thought to have lost its worker."""


class GatheredLetterQuerySet(models.QuerySet["GatheredLetter"]):
    """Which letters."""

    def waiting(self) -> Self:
        """Those that have not left and that nobody is sending."""
        free = models.Q(taken_at=None) | models.Q(taken_at__lte=timezone.now() - LEFT_BEHIND)
        return self.filter(free, sent_at=None)

    def since(self, moment: datetime) -> Self:
        """Those after which a person still rests, when that began at ``moment``."""
        return self.filter(models.Q(made_at__gt=moment) | models.Q(sent_at__gt=moment))


class GatheredLetter(models.Model):
    """One letter to one person, with what had gathered when it was closed."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    purpose = models.CharField(_("para qué"), max_length=20)
    made_at = models.DateTimeField(_("cerrada"), default=timezone.now)
    taken_at = models.DateTimeField(_("se está enviando desde"), null=True, blank=True)
    sent_at = models.DateTimeField(_("enviada"), null=True, blank=True)

    objects: ClassVar[models.Manager[GatheredLetter]] = models.Manager.from_queryset(GatheredLetterQuerySet)()

    class Meta:
        verbose_name = _("carta que reúne")
        verbose_name_plural = _("cartas que reúnen")
        indexes = [
            models.Index(fields=["person", "purpose", "-made_at"], name="portal_letter_last"),
            models.Index(
                fields=["made_at"], name="portal_letter_waiting", condition=models.Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def message_id(self) -> str:
        """Its name among mails: sent twice, by a worker that died before it said so, it is one still."""
        return f"<carta.{self.pk}.{self.made_at.timestamp():.0f}@{urlsplit(settings.ORIGIN).hostname}>"


class GatheredLine(models.Model):
    """One thing that a person is told in a letter, once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    purpose = models.CharField(_("para qué"), max_length=20)
    object_id = models.PositiveBigIntegerField(_("sobre qué"))
    since = models.DateTimeField(_("desde"), default=timezone.now)
    letter = models.ForeignKey(
        GatheredLetter,
        verbose_name=_("salió en"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="lines",
    )

    class Meta:
        verbose_name = _("renglón de carta")
        verbose_name_plural = _("renglones de cartas")
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose", "object_id"], name="portal_line_said_once")
        ]
        indexes = [
            models.Index(
                fields=["person", "purpose"],
                name="portal_line_waiting",
                condition=models.Q(letter__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id}"
