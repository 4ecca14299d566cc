"""What every entry of the directory shares: when it changed, and when its owner last said it is true."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FRESH_FOR = dt.timedelta(days=365)
"""How long a confirmation holds before the entry is shown as grown old."""


class Freshness(StrEnum):
    """How far an entry may be trusted to be of today."""

    CONFIRMED = "confirmed"
    STALE = "stale"
    NEVER = "never"


class Entry(models.Model):
    """A row of the directory that someone answers for."""

    confirmed_at = models.DateField(
        _("datos confirmados el"),
        null=True,
        blank=True,
        help_text=_(
            "Día en que su dueño confirmó que los datos son correctos. Vacío si nadie los ha confirmado."
        ),
    )
    updated_at = models.DateTimeField(_("última modificación"), auto_now=True)

    class Meta:
        abstract = True

    @property
    def freshness(self) -> Freshness:
        """Whether its owner confirmed it within a year, before that, or never."""
        if self.confirmed_at is None:
            return Freshness.NEVER
        fresh = self.confirmed_at >= timezone.localdate() - FRESH_FOR
        return Freshness.CONFIRMED if fresh else Freshness.STALE
