"""Errata: what a published version says wrongly, and what it should say. The text itself stays frozen."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models.guides import is_editor
from guias.models.versions import PUBLISHED, Version


class ErratumQuerySet(models.QuerySet["Erratum"]):
    """Which errata."""

    def visible_to(self, user: Any) -> Self:
        """Those of versions that the reader sees."""
        if is_editor(user):
            return self
        return self.filter(version__state__in=PUBLISHED, version__guide__is_public=True)


class Erratum(models.Model):
    """One mistake of a chapter: where it says ``said`` it should say ``meant``."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="errata"
    )
    chapter = models.CharField(_("capítulo"), max_length=80)
    said = models.CharField(_("donde dice"), max_length=300)
    meant = models.CharField(_("debe decir"), max_length=300)
    noted_at = models.DateTimeField(_("desde"), default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién la anotó"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager[Erratum]] = models.Manager.from_queryset(ErratumQuerySet)()

    class Meta:
        verbose_name = _("errata")
        verbose_name_plural = _("fe de erratas")
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "chapter", "said"], name="guias_erratum_unique"),
        ]

    def __str__(self) -> str:
        return f"«{self.said}» → «{self.meant}»"
