"""The acta of a meeting: a draft that several people write, approved by those present, then frozen.

While it is a draft, ``revision`` counts its saves, so that of two people who edit at once the second
learns of the first. At approval ``record`` keeps what the sheet takes from elsewhere (date, place,
leaders, commitments), and the database itself refuses any further change (``redip.models.freeze``).
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from redip.enums import ActaState
from redip.models.meetings import Meeting
from redip.models.mesas import Mesa, MesaMember, inside


class ActaQuerySet(models.QuerySet["Acta"]):
    """Which actas."""

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see."""
        return self.filter(inside(user, "mesa"))

    def awaiting(self, user: Any) -> Self:
        """Those in approval that ``user`` was present at, still sits at the mesa of, and has not approved."""
        if not getattr(user, "is_active", False):
            return self.none()
        unsigned = Attendee.objects.filter(
            member__user=user, member__left_on__isnull=True, approved_at__isnull=True
        )
        return self.filter(state=ActaState.IN_APPROVAL, pk__in=unsigned.values("acta"))

    def without_text(self) -> Self:
        """Leave what was written, and the record of it, in the database: a list shows neither."""
        return self.defer("topics", "topics_html", "decisions", "decisions_html", "wanted_change", "record")


class Acta(models.Model):
    """What a meeting dealt with and decided."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, verbose_name=_("reunión"), related_name="acta")
    mesa = models.ForeignKey(Mesa, models.PROTECT, verbose_name=_("mesa"), related_name="actas")
    number = models.PositiveSmallIntegerField(_("número"))
    state = models.CharField(_("estado"), max_length=14, choices=ActaState.choices, default=ActaState.DRAFT)
    revision = models.PositiveIntegerField(_("revisión"), default=1)
    topics = models.TextField(_("temas tratados"), max_length=12_000, blank=True)
    topics_html = models.TextField(editable=False, blank=True)
    decisions = models.TextField(_("decisiones"), max_length=6000, blank=True)
    decisions_html = models.TextField(editable=False, blank=True)
    wanted_change = models.TextField(_("cambio que se pidió"), max_length=1000, blank=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    record = models.JSONField(_("lo que quedó"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("enviada"), null=True, blank=True)
    approved_at = models.DateTimeField(_("aprobada"), null=True, blank=True)
    updated_at = models.DateTimeField(_("cambió"), default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[Acta]] = models.Manager.from_queryset(ActaQuerySet)()

    class Meta:
        verbose_name = _("acta")
        verbose_name_plural = _("actas")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mesa", "number"], name="redip_acta_number_unique"),
            models.CheckConstraint(
                condition=Q(state=ActaState.APPROVED, approved_at__isnull=False, record__isnull=False)
                | (~Q(state=ActaState.APPROVED) & Q(approved_at__isnull=True)),
                name="redip_acta_approved_has_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}. {self.mesa}"

    def get_absolute_url(self) -> str:
        """The acta's page."""
        return self.mesa.address("acta", self.pk)

    @property
    def title(self) -> str:
        """Its number within the mesa."""
        return _now("Acta %(number)s") % {"number": self.number}

    @property
    def is_draft(self) -> bool:
        """Whether it may still be written."""
        return self.state == ActaState.DRAFT

    @property
    def is_frozen(self) -> bool:
        """Whether nobody can change it any more."""
        return self.state == ActaState.APPROVED


class Attendee(models.Model):
    """Someone who was present, with the name and the institution she had that day, and her approval."""

    acta = models.ForeignKey(Acta, models.CASCADE, verbose_name=_("acta"), related_name="attendees")
    member = models.ForeignKey(
        MesaMember, models.SET_NULL, null=True, verbose_name=_("miembro"), related_name="attended"
    )
    name = models.CharField(_("persona"), max_length=170)
    institution = models.CharField(_("entidad"), max_length=170, blank=True)
    approved_at = models.DateTimeField(_("aprobó"), null=True, blank=True)

    class Meta:
        verbose_name = _("asistente")
        verbose_name_plural = _("asistentes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["acta", "member"],
                condition=Q(member__isnull=False),
                name="redip_attendee_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
