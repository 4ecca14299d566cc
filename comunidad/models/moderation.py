"""Calls for a tutor, and the log of what tutors did: who, what, why, and whether it was undone."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comunidad.enums import REASON_MAX, FlagReason, ModerationVerb, PostState
from comunidad.models.posts import AboutPost, exactly_one
from comunidad.models.themes import is_operator, tutored_by

UNDOABLE = (ModerationVerb.HIDE, ModerationVerb.APPROVE, ModerationVerb.DISMISS)


def moderated_by(user: Any) -> Q:
    """Return the filter of rows about messages of themes that ``user`` moderates."""
    if not getattr(user, "is_active", False):
        return Q(pk__in=[])
    if is_operator(user):
        return Q(pk__isnull=False)
    themes = tutored_by(user)
    return Q(resource__theme__in=themes) | Q(reply__resource__theme__in=themes)


class FlagQuerySet(models.QuerySet["Flag"]):
    """Which flags."""

    def visible_to(self, user: Any) -> Self:
        """Of the themes she moderates; who flagged is for nobody else."""
        return self.filter(moderated_by(user))

    def open(self) -> Self:
        """Not dealt with yet."""
        return self.filter(closed_by_entry__isnull=True)


class Flag(AboutPost):
    """One person asks a tutor to look at one message."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("quién avisa"), related_name="+"
    )
    reason = models.CharField(_("por qué"), max_length=20, choices=FlagReason.choices)
    note = models.CharField(_("detalle"), max_length=REASON_MAX, blank=True)
    at = models.DateTimeField(_("cuándo"), default=timezone.now)
    closed_by_entry = models.ForeignKey(
        "comunidad.ModerationEntry",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("qué se hizo"),
        related_name="closed_flags",
    )

    objects: ClassVar[models.Manager[Flag]] = models.Manager.from_queryset(FlagQuerySet)()

    class Meta:
        verbose_name = _("aviso a la tutoría")
        verbose_name_plural = _("avisos a la tutoría")
        ordering = ["at", "pk"]
        constraints = [
            exactly_one("comunidad_flag_of_one_post"),
            models.UniqueConstraint(
                fields=["user", "resource"],
                condition=Q(resource__isnull=False, closed_by_entry__isnull=True),
                name="comunidad_one_open_flag_of_resource",
            ),
            models.UniqueConstraint(
                fields=["user", "reply"],
                condition=Q(reply__isnull=False, closed_by_entry__isnull=True),
                name="comunidad_one_open_flag_of_reply",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class ModerationEntryQuerySet(models.QuerySet["ModerationEntry"]):
    """Which entries of the log."""

    def visible_to(self, user: Any) -> Self:
        """Of the themes she moderates."""
        return self.filter(moderated_by(user))

    def in_force(self) -> Self:
        """Not undone."""
        return self.filter(undone_at__isnull=True)

    def with_reviews_asked(self) -> Self:
        """Those whose author asks for another look, the oldest first."""
        return self.in_force().filter(review_asked_at__isnull=False, reviewed_at__isnull=True)

    def with_later(self) -> Self:
        """Add ``has_later``: whether another act that can be undone was done to the same message since."""
        later = self.model.objects.in_force().filter(verb__in=UNDOABLE, pk__gt=OuterRef("pk"))
        about_resource = Exists(later.filter(resource=OuterRef("resource")))
        about_reply = Exists(later.filter(reply=OuterRef("reply")))
        return self.annotate(has_later=about_resource | about_reply)

    def with_posts(self) -> Self:
        """Bring the messages, their themes and the people along in the same query."""
        return self.select_related(
            "by",
            "undone_by",
            "resource__theme",
            "resource__author",
            "reply__resource__theme",
            "reply__author",
        )


class ModerationEntry(AboutPost):
    """One act of moderation. ``before`` and ``after`` are the states that it went between."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("quién"), related_name="+"
    )
    verb = models.CharField(_("qué hizo"), max_length=16, choices=ModerationVerb.choices)
    reason = models.CharField(_("motivo"), max_length=REASON_MAX, blank=True)
    before = models.CharField(_("antes"), max_length=12, choices=PostState.choices)
    after = models.CharField(_("después"), max_length=12, choices=PostState.choices)
    was_accepted = models.BooleanField(_("era la respuesta aceptada"), default=False)
    at = models.DateTimeField(_("cuándo"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("quién lo deshizo"),
        related_name="+",
    )
    undone_at = models.DateTimeField(_("deshecho"), null=True, blank=True)
    review_text = models.CharField(_("qué pide el autor"), max_length=REASON_MAX, blank=True)
    review_asked_at = models.DateTimeField(_("pidió revisión"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("revisado"), null=True, blank=True)

    objects: ClassVar[models.Manager[ModerationEntry]] = models.Manager.from_queryset(
        ModerationEntryQuerySet
    )()

    class Meta:
        verbose_name = _("acto de moderación")
        verbose_name_plural = _("actos de moderación")
        ordering = ["-at", "-pk"]
        constraints = [
            exactly_one("comunidad_moderation_of_one_post"),
            models.CheckConstraint(
                condition=~Q(verb=ModerationVerb.HIDE) | ~Q(reason=""),
                name="comunidad_hidden_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d}"
