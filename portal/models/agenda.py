"""What the network has on its calendar: assistance, training and meetings, as editors write them down."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models import Course, Session


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

    def listed(self) -> Self:
        """With what lists show: the cities, and the course that it is a day of."""
        found = self.with_cities().select_related("course")
        return found.defer("course__lessons", "course__questions", "course__goals")

    def without_session(self, city: str = "") -> Self:
        """All but those whose place sessions of their course took, in each of their cities or in ``city``."""
        sessions = Session.objects.held().filter(course__live=True)
        own = sessions.filter(
            course=OuterRef("course"),
            starts_at__date__gte=OuterRef("starts_on"),
            starts_at__date__lte=OuterRef("ends_on"),
        )
        there = sessions.filter(
            Q(city=None) | Q(city=OuterRef("city")),
            course=OuterRef("agendaevent__course"),
            starts_at__date__gte=OuterRef("agendaevent__starts_on"),
            starts_at__date__lte=OuterRef("agendaevent__ends_on"),
        )
        places = AgendaEvent.cities.through._default_manager.filter(agendaevent=OuterRef("pk"))
        if city:
            places = places.filter(city__slug=city)
        return self.exclude(Exists(own) & ~Exists(places.exclude(Exists(there))))


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
    course = models.ForeignKey(
        Course,
        verbose_name=_("de qué curso es"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Solo de una capacitación. La agenda lleva al curso, y el curso anuncia este día. Cuando se "
            "programe la sesión de ese día en esa ciudad, la agenda muestra la sesión, con su hora y su "
            "inscripción."
        ),
    )
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
            ),
            models.CheckConstraint(
                condition=Q(course=None) | Q(kind=EventKind.TRAINING),
                name="portal_event_of_a_course_is_training",
                violation_error_message=_("Solo una capacitación es de un curso."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its place in the agenda, on whatever page that is by then."""
        return f"{reverse('agenda')}?actividad={self.pk}#actividad-{self.pk}"

    @property
    def shown_course(self) -> Course | None:
        """The course that readers are led to."""
        return self.course if self.course and self.course.live else None

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.ends_on < timezone.localdate()

    @property
    def where(self) -> str:
        """Its cities and place, in words."""
        names = [city.name for city in self.cities.all()]
        return ", ".join([*names, *([self.place] if self.place else [])])
