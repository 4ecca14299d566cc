"""Who came to a session: what was marked, by whom and when, on a phone that may have had no signal.

Each tick is a row that the phone named (ADR 0020): sent twice it is one. What counts is what was marked last;
what others marked before stays to be seen.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models.sessions import Enrolment


class AttendanceMark(models.Model):
    """One tick: she came, or she did not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("inscripción"), on_delete=models.CASCADE, related_name="marks"
    )
    present = models.BooleanField(_("vino"))
    marked_at = models.DateTimeField(_("marcada"))
    received_at = models.DateTimeField(_("recibida"), default=timezone.now)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién la marcó"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager[AttendanceMark]] = models.Manager()

    class Meta:
        verbose_name = _("marca de asistencia")
        verbose_name_plural = _("marcas de asistencia")
        ordering = ["-marked_at", "-received_at"]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {'sí' if self.present else 'no'}"
