"""What the portal tells a person: one row a notice, read or not. It knows no app: others say the words."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What a notice is about; each has its icon."""

    COMMITMENT = "compromiso", _("Compromisos")
    ANSWER = "respuesta", _("Respuestas y comentarios")
    VERSION = "version", _("Versiones nuevas de guías")
    MEETING = "reunion", _("Reuniones")
    ACTA = "acta", _("Actas")
    MODERATION = "moderacion", _("Revisión de mensajes")
    FOLLOWED = "seguido", _("Temas y preguntas que sigue")
    QUEUE = "tutoria", _("Lo que espera a la tutoría")
    GROUP = "grupo", _("Grupos")
    REVIEW = "vigencia", _("Capítulos por revisar")
    SEARCH = "busqueda", _("Búsquedas que esperaba")
    TRAINING = "formacion", _("Formación")
    ACCOUNT = "cuenta", _("Su cuenta")


ICONS = {
    NoticeKind.COMMITMENT: "clock",
    NoticeKind.ANSWER: "circle-check",
    NoticeKind.VERSION: "history",
    NoticeKind.MEETING: "calendar-days",
    NoticeKind.ACTA: "file-text",
    NoticeKind.MODERATION: "flag",
    NoticeKind.FOLLOWED: "bell",
    NoticeKind.QUEUE: "message-circle-question",
    NoticeKind.GROUP: "users",
    NoticeKind.REVIEW: "calendar-days",
    NoticeKind.SEARCH: "search",
    NoticeKind.TRAINING: "users",
    NoticeKind.ACCOUNT: "user",
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices."""

    def visible_to(self, user: Any) -> Self:
        """Those of ``user`` alone."""
        return self.filter(recipient_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()

    def unread(self) -> Self:
        """Not read yet."""
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """Mark the unread ones as read now; return how many."""
        return self.unread().update(read_at=timezone.now())


class Notice(models.Model):
    """One thing told to one person."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("para"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.CharField(_("clase"), max_length=12, choices=NoticeKind.choices)
    text = models.CharField(_("qué pasó"), max_length=200)
    detail = models.CharField(_("sobre qué"), max_length=300, blank=True)
    url = models.CharField(_("adónde lleva"), max_length=300)
    key = models.CharField(_("hecho"), max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("cuándo"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("leído"), null=True, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("aviso")
        verbose_name_plural = _("avisos")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="avisos_of_person"),
            models.Index(
                fields=["recipient"], name="avisos_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], condition=~models.Q(key=""), name="avisos_said_once"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return ICONS.get(NoticeKind(self.kind), "bell")
