"""A session of a course, and who has a chair in it.

A place is a chair in a room, or a line on a screen: one enrols in a session and not in a course, so that a
centre takes the session of its city, and a course of three parts is three chairs.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directorio.models import City
from guias.enums import Place
from guias.models.courses import Course
from guias.models.guides import is_editor

LIST_OPENS = dt.timedelta(hours=1)
"""How long before it starts the list of who came may be taken: people sit down before it begins. Earlier
nobody is there, and a tick would be a guess that a certificate rests on."""


LATE = dt.timedelta(days=7)
"""How long after it ended whoever came may still be written on its list. A course in a village without a
signal is written up back in the city, days later; after a week nobody remembers who sat there, and a
certificate rests on it."""


CARRIED = dt.timedelta(days=3)
"""How long after it ended its list may stay in the browser of who took it along: the way back to a signal."""


NEAR = dt.timedelta(hours=36)
"""How long before it begins people are reminded of it, once a day (``actions.reminders``)."""


class SessionQuerySet(models.QuerySet["Session"]):
    """Which sessions."""

    def visible_to(self, user: Any) -> Self:
        """Of the courses that she sees."""
        return self if is_editor(user) else self.filter(course__live=True)

    def upcoming(self, now: dt.datetime | None = None) -> Self:
        """Those that have not ended, the nearest first."""
        return self.filter(ends_at__gte=now or timezone.now()).order_by("starts_at", "pk")

    def past(self, now: dt.datetime | None = None) -> Self:
        """Those that ended, the last one first."""
        return self.filter(ends_at__lt=now or timezone.now()).order_by("-starts_at", "-pk")

    def held(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def started(self, now: dt.datetime | None = None) -> Self:
        """Those that have begun, whether or not they ended."""
        return self.filter(starts_at__lte=now or timezone.now())

    def listed(self) -> Self:
        """With what a list of sessions of many courses shows; chapters and questions of each are large."""
        return self.select_related("course", "city").defer("course__lessons", "course__questions")

    def with_counts(self) -> Self:
        """Add ``taken``: how many have a chair. The nearest first: what counts forgets ``ordering``."""
        counted = self.annotate(taken=Count("enrolments", filter=Q(enrolments__place=Place.TAKEN)))
        return counted.order_by("starts_at", "pk")


class Session(models.Model):
    """One session: when, where, for how many."""

    course = models.ForeignKey(
        Course, verbose_name=_("curso"), on_delete=models.PROTECT, related_name="sessions"
    )
    starts_at = models.DateTimeField(_("empieza"))
    ends_at = models.DateTimeField(_("termina"))
    city = models.ForeignKey(
        City, verbose_name=_("ciudad"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(_("lugar"), max_length=200, blank=True)
    link = models.URLField(_("enlace"), blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("cupos"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    cancelled_at = models.DateTimeField(_("cancelada el"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("por qué se canceló"), max_length=240, blank=True, editable=False)
    created_at = models.DateTimeField(_("creada"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Session]] = models.Manager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = _("sesión de un curso")
        verbose_name_plural = _("sesiones de cursos")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="guias_session_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="guias_session_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {timezone.localtime(self.starts_at):%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The session's page."""
        return self.course.address("session", self.pk)

    def address(self, name: str) -> str:
        """Return the address ``guias:<name>`` below the session."""
        return self.course.address(name, self.pk)

    @property
    def is_over(self) -> bool:
        """Whether it ended."""
        return self.ends_at < timezone.now()

    @property
    def has_started(self) -> bool:
        """Whether it is late to enrol or to withdraw."""
        return self.starts_at <= timezone.now()

    @property
    def is_near(self) -> bool:
        """Whether it begins so soon that a reminder may not come any more."""
        return self.starts_at <= timezone.now() + NEAR

    @property
    def list_opens_at(self) -> dt.datetime:
        """From when on who came is marked."""
        return self.starts_at - LIST_OPENS

    @property
    def is_list_open(self) -> bool:
        """Whether it is time to mark who came; it stays so."""
        return self.list_opens_at <= timezone.now()

    @property
    def is_closed(self) -> bool:
        """Whether nobody is written on its list any more."""
        return self.ends_at + LATE < timezone.now()

    @property
    def carried_until(self) -> dt.datetime:
        """Until when its list may be in the browser of who teaches."""
        return self.ends_at + CARRIED

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be held."""
        return self.cancelled_at is not None

    @property
    def where(self) -> str:
        """Its place and city in words, never the link: that is for who has a chair."""
        return ", ".join(part for part in (self.place, self.city.name if self.city else "") if part)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Which enrolments."""

    def visible_to(self, user: Any) -> Self:
        """Her own; the list of a session is asked for through the session."""
        return self.filter(user_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()

    def with_place(self) -> Self:
        """Those that have a chair."""
        return self.filter(place=Place.TAKEN)

    def in_line(self) -> Self:
        """Those that wait for one, who came first in front."""
        return self.filter(place=Place.WAITING).order_by("enrolled_at", "pk")


class Enrolment(models.Model):
    """One person's chair in a session, or her place in the line for one."""

    session = models.ForeignKey(
        Session, verbose_name=_("sesión"), on_delete=models.PROTECT, related_name="enrolments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("persona"),
        on_delete=models.CASCADE,
        related_name="enrolments",
    )
    place = models.CharField(_("cupo"), max_length=10, choices=Place.choices)
    enrolled_at = models.DateTimeField(_("cuándo"), default=timezone.now)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién la inscribió"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    present = models.BooleanField(_("vino"), null=True, editable=False)
    """What was marked last (``guias.models.attendance``); nothing while nobody marked it."""

    objects: ClassVar[models.Manager[Enrolment]] = models.Manager.from_queryset(EnrolmentQuerySet)()

    class Meta:
        verbose_name = _("inscripción")
        verbose_name_plural = _("inscripciones")
        ordering = ["enrolled_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="guias_enrolment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.session_id}"

    @property
    def from_where(self) -> str:
        """Her body, or her city, and whether nobody stands behind the account: to tell two of one name."""
        place = self.user.institution or self.user.city
        return " · ".join(part for part in (place.name if place else "", self.user.mark) if part)

    @property
    def has_place(self) -> bool:
        """Whether there is a chair for her."""
        return self.place == Place.TAKEN
