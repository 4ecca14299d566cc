"""A meeting of a mesa: when, where, about what, and who says she will come."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redip.enums import Answer
from redip.models.mesas import Mesa, MesaMember, inside


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Which meetings."""

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see."""
        return self.filter(inside(user, "mesa"))

    def of_member(self, user: Any) -> Self:
        """Of the mesas where ``user`` sits."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(mesa__in=MesaMember.objects.active().filter(user=user).values("mesa"))

    def awaiting(self, user: Any) -> Self:
        """Of the mesas where ``user`` sits, and which she has not answered."""
        answered = Attendance.objects.filter(member__user=user, member__left_on__isnull=True)
        return self.of_member(user).exclude(pk__in=answered.values("meeting"))

    def upcoming(self, now: dt.datetime | None = None) -> Self:
        """Those that have not ended, the next one first."""
        return self.filter(ends_at__gte=now or timezone.now()).order_by("starts_at", "pk")

    def past(self, now: dt.datetime | None = None) -> Self:
        """Those that ended, the last one first."""
        return self.filter(ends_at__lt=now or timezone.now()).order_by("-starts_at", "-pk")


class Meeting(models.Model):
    """One meeting."""

    mesa = models.ForeignKey(Mesa, models.PROTECT, verbose_name=_("mesa"), related_name="meetings")
    starts_at = models.DateTimeField(_("empieza"))
    ends_at = models.DateTimeField(_("termina"))
    place = models.CharField(_("lugar"), max_length=200, blank=True)
    link = models.URLField(_("enlace"), blank=True, help_text=_("Si se puede entrar desde lejos."))
    created_at = models.DateTimeField(_("convocada"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Meeting]] = models.Manager.from_queryset(MeetingQuerySet)()

    class Meta:
        verbose_name = _("reunión")
        verbose_name_plural = _("reuniones")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="redip_meeting_ends_after_it_starts",
                violation_error_message=_("La reunión debe terminar después de empezar."),
            ),
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""),
                name="redip_meeting_has_a_place",
                violation_error_message=_("Diga dónde es: un lugar, un enlace o los dos."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mesa.name}, {timezone.localtime(self.starts_at):%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The meeting's page."""
        return self.mesa.address("meeting", self.pk)

    @property
    def has_started(self) -> bool:
        """Whether it is time to write its acta."""
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to answer."""
        return self.ends_at < timezone.now()


class AgendaItem(models.Model):
    """A point of the agenda."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("reunión"), related_name="agenda")
    order = models.PositiveSmallIntegerField(_("orden"))
    text = models.CharField(_("punto"), max_length=200)

    class Meta:
        verbose_name = _("punto de la agenda")
        verbose_name_plural = _("puntos de la agenda")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="redip_agenda_order_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class Attendance(models.Model):
    """What one member answered to the call."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("reunión"), related_name="answers")
    member = models.ForeignKey(MesaMember, models.CASCADE, verbose_name=_("miembro"), related_name="answers")
    answer = models.CharField(_("respuesta"), max_length=2, choices=Answer.choices)
    answered_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    class Meta:
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="redip_attendance_one_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_answer_display()}"
