"""Who does what until when: together they are the mesa's plan de acción."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directorio.models import Institution
from redip.enums import CommitmentState
from redip.models.actas import Acta
from redip.models.files import private_storage
from redip.models.mesas import Mesa, MesaMember, inside

OPEN = (CommitmentState.PENDING, CommitmentState.ON_ITS_WAY)
SOON = dt.timedelta(days=7)
"""How near its date a commitment is shown as about to fall due."""


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Which commitments."""

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see."""
        return self.filter(inside(user, "mesa"))

    def open(self) -> Self:
        """Those that someone still owes."""
        return self.filter(state__in=OPEN)

    def closed(self) -> Self:
        """Those done or dropped."""
        return self.exclude(state__in=OPEN)

    def late(self, today: dt.date | None = None) -> Self:
        """Open ones whose date has passed."""
        return self.open().filter(until__lt=today or timezone.localdate())

    def owed_by(self, user: Any) -> Self:
        """Open ones that name ``user`` at a mesa she has not left."""
        return self.open().filter(member__user=user, member__left_on__isnull=True)

    def in_order(self) -> Self:
        """What is owed first by its date, then what is closed, the last closed first."""
        closed = Case(When(state__in=OPEN, then=Value(0)), default=Value(1))
        due = Case(When(state__in=OPEN, then="until"))
        return self.alias(is_closed=closed, due=due).order_by("is_closed", "due", "-closed_on", "pk")

    def with_people(self) -> Self:
        """Bring along whom each names."""
        return self.select_related("member__user", "member__institution", "institution", "mesa__red__city")


class Commitment(models.Model):
    """One promise made at a mesa. What was promised does not change; how it goes does."""

    mesa = models.ForeignKey(Mesa, models.CASCADE, verbose_name=_("mesa"), related_name="commitments")
    what = models.CharField(_("qué"), max_length=240)
    member = models.ForeignKey(
        MesaMember,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("quién"),
        related_name="commitments",
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("entidad"),
        related_name="commitments",
    )
    until = models.DateField(_("hasta cuándo"))
    state = models.CharField(
        _("estado"), max_length=10, choices=CommitmentState.choices, default=CommitmentState.PENDING
    )
    progress = models.PositiveSmallIntegerField(_("avance"), default=0)
    acta = models.ForeignKey(
        Acta, models.SET_NULL, null=True, blank=True, verbose_name=_("acta"), related_name="commitments"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("desde"), default=timezone.now, editable=False)
    closed_on = models.DateField(_("cerrado"), null=True, blank=True)
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Commitment]] = models.Manager.from_queryset(CommitmentQuerySet)()

    class Meta:
        verbose_name = _("compromiso")
        verbose_name_plural = _("compromisos")
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) | Q(institution__isnull=False),
                name="redip_commitment_has_someone",
                violation_error_message=_("Diga quién responde: una persona, una entidad o las dos."),
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="redip_commitment_progress_to_100"),
            models.CheckConstraint(
                condition=~Q(state=CommitmentState.DONE) | Q(progress=100),
                name="redip_commitment_done_is_100",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, closed_on__isnull=True)
                | (~Q(state__in=OPEN) & Q(closed_on__isnull=False)),
                name="redip_commitment_closed_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """The commitment's page: its history and the form to report."""
        return self.mesa.address("commitment", self.pk)

    def answerable(self) -> list[Any]:
        """Return who answers for it now: the person, or those who sit there for the institution."""
        seats = self.mesa.members.active().exclude(user=None).select_related("user")
        if self.member_id is not None:
            return [seat.user for seat in seats.filter(pk=self.member_id)]
        return [seat.user for seat in seats.filter(institution=self.institution_id)]

    @property
    def is_open(self) -> bool:
        """Whether someone still owes it."""
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """Whether its date passed and it is still owed."""
        return self.is_open and self.until < timezone.localdate()

    @property
    def is_due_soon(self) -> bool:
        """Whether it falls due within a week."""
        return self.is_open and not self.is_late and self.until <= timezone.localdate() + SOON

    @property
    def who(self) -> str:
        """Whom it names: the person, or else the institution."""
        return self.member.name if self.member else str(self.institution or "")


class ProgressReport(models.Model):
    """What was told about a commitment, once; reports are never changed."""

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, verbose_name=_("compromiso"), related_name="reports"
    )
    text = models.TextField(_("cómo va"), max_length=2000)
    percent = models.PositiveSmallIntegerField(_("avance"))
    state = models.CharField(_("estado"), max_length=10, choices=CommitmentState.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("quién"), related_name="+"
    )
    at = models.DateTimeField(_("cuándo"), default=timezone.now)
    evidence = models.FileField(
        _("soporte"), upload_to="redip/soportes/%Y/", storage=private_storage, blank=True
    )
    evidence_name = models.CharField(_("nombre del soporte"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("reporte de avance")
        verbose_name_plural = _("reportes de avance")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="redip_report_percent_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %: {self.text[:60]}"
