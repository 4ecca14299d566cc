"""How much guides are used, in figures by month: nobody is in them, and no day or hour.

Two tables that cannot be put together again: one knows the version and the chapter and no place, the other
the route and the city and no guide. What a single adviser of a small city read is in neither (ADR 0017).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guias.enums import Route
from guias.models.downloads import Download
from guias.models.versions import Version
from nucleo import dates


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``, which stands for it."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """Return the month after that of ``day``."""
    return month_of(month_of(day) + timedelta(days=31))


def start_of(day: date) -> datetime:
    """Return the moment at which ``day`` begins where the network lives."""
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True, slots=True)
class Period:
    """From one month to another, both included; each is named by its first day."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        """All of them, in order."""
        found = [self.first]
        while found[-1] < self.last:
            found.append(month_after(found[-1]))
        return found

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return start_of(month_after(self.last))

    def __str__(self) -> str:
        last = dates.month_and_year(self.last)
        if self.first == self.last:
            return last
        of_one_year = self.first.year == self.last.year
        first = dates.month(self.first.month) if of_one_year else dates.month_and_year(self.first)
        return gettext("%(first)s a %(last)s") % {"first": first, "last": last}


class GuideUse(models.Model):
    """How often a version was read in a month; with a chapter, how often that chapter was.

    A reading is one person on one day. With three chapters it is one of the version and one of each.
    """

    month = models.DateField(_("mes"))
    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="+"
    )
    chapter = models.CharField(_("capítulo"), max_length=80, blank=True)
    readings = models.PositiveIntegerField(_("lecturas"), default=0)
    kept = models.PositiveIntegerField(_("guardadas sin conexión"), default=0)

    objects: ClassVar[models.Manager[GuideUse]] = models.Manager()

    class Meta:
        verbose_name = _("uso de una guía")
        verbose_name_plural = _("uso de las guías")
        constraints = [
            models.UniqueConstraint(fields=["month", "version", "chapter"], name="guias_guide_use_unique")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.version_id} {self.chapter}"


class PlaceUse(models.Model):
    """How often the guides of a route were read in a month from a city: that of the reader's account.

    Who has no account, or no city in it, counts where ``city`` is none. ``people`` are the different accounts
    that opened a chapter: at least so many, and what decides whether the figure may be shown.
    """

    month = models.DateField(_("mes"))
    route = models.CharField(_("ruta"), max_length=20, choices=Route.choices)
    city = models.ForeignKey(
        "directorio.City",
        verbose_name=_("ciudad"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    readings = models.PositiveIntegerField(_("lecturas"), default=0)
    people = models.PositiveIntegerField(_("personas"), default=0)

    objects: ClassVar[models.Manager[PlaceUse]] = models.Manager()

    class Meta:
        verbose_name = _("uso desde una ciudad")
        verbose_name_plural = _("uso por ciudades")
        constraints = [
            models.UniqueConstraint(fields=["month", "route", "city"], name="guias_place_use_unique"),
            models.UniqueConstraint(
                fields=["month", "route"],
                condition=models.Q(city__isnull=True),
                name="guias_place_use_nowhere_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.route} {self.city_id}"


def first_month() -> date | None:
    """Return the month of the first use that is known, of whichever kind."""
    read = GuideUse.objects.aggregate(first=models.Min("month"))["first"]
    taken = Download.objects.aggregate(first=models.Min("at"))["first"]
    return min((one for one in (read, taken and month_of(timezone.localdate(taken))) if one), default=None)
