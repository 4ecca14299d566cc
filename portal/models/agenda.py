"""What the network has on its calendar: assistance, training and meetings, as editors write them down."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What kind of event; the value stands in addresses (``?tema=``)."""

    ASSISTANCE = "asistencia-tecnica", _("Asistencia técnica")
    TRAINING = "capacitacion", _("Capacitación")
    GATHERING = "encuentro", _("Encuentro")
    OTHER = "otro", _("Otra actividad")


class AgendaEventQuerySet(models.QuerySet["AgendaEvent"]):
    """Which events, in what order."""

    def upcoming(self, today: dt.date | None = None) -> Self:
        """Those that are not over, the nearest first."""
        return self.filter(ends_on__gte=today or timezone.localdate()).order_by("starts_on", "pk")

    def past(self, today: dt.date | None = None) -> Self:
        """Those that are over, the latest first."""
        return self.filter(ends_on__lt=today or timezone.localdate()).order_by("-starts_on", "-pk")

    def with_cities(self) -> Self:
        """Bring the cities along in one more query."""
        return self.prefetch_related("cities")


class AgendaEvent(models.Model):
    """One event, on whole days: the sources say no hours."""

    title = models.CharField(_("qué"), max_length=160)
    kind = models.CharField(_("clase"), max_length=20, choices=EventKind.choices, default=EventKind.OTHER)
    starts_on = models.DateField(_("desde el"))
    ends_on = models.DateField(_("hasta el"))
    cities = models.ManyToManyField(
        "directorio.City", verbose_name=_("ciudades"), blank=True, related_name="+"
    )
    place = models.CharField(
        _("lugar"), max_length=160, blank=True, help_text=_("Si no es una ciudad de la red, o para precisar.")
    )
    details = models.TextField(_("detalles"), blank=True, max_length=1000)
    source = models.CharField(
        _("de dónde sale el dato"), max_length=160, blank=True, help_text=_("Se muestra debajo de la lista.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = AgendaEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("actividad de la agenda")
        verbose_name_plural = _("actividades de la agenda")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="portal_event_ends_after_start",
                violation_error_message=_("El último día no puede ser antes del primero."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its place in the agenda, on whatever page that is by then."""
        return f"{reverse('agenda')}?actividad={self.pk}#actividad-{self.pk}"

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.ends_on < timezone.localdate()

    @property
    def where(self) -> str:
        """Its cities and place, in words."""
        names = [city.name for city in self.cities.all()]
        return ", ".join([*names, *([self.place] if self.place else [])])
