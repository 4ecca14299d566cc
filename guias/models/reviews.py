"""When each chapter of a guide is looked at again, by whom, and what came of it.

Kept by the chapter's address and not inside a version: versions are frozen, and the date outlives them
(docs/guides.md). ``guias.actions.reviews`` keeps the rows in step with the version in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.enums import GuideState, VersionState
from guias.models.guides import Guide, is_editor
from guias.models.ownership import editors_of

READERS_TOLD_AFTER = dt.timedelta(days=60)
"""How long after its date a chapter that nobody reviewed says so to its readers."""
SOON = dt.timedelta(days=30)
"""How long before its date a chapter stands in the editors' list."""
MOST_MONTHS = 60


def still_unseen(today: dt.date | None = None) -> Q:
    """Return the condition of what readers are told: its date passed long ago."""
    return Q(due_on__lte=(today or timezone.localdate()) - READERS_TOLD_AFTER)


class ChapterReviewQuerySet(models.QuerySet["ChapterReview"]):
    """Which dates."""

    def visible_to(self, user: Any) -> Self:
        """All to who edits guides; to readers those that they are told of, of what they can read."""
        if is_editor(user):
            return self
        return self.living().told()

    def living(self) -> Self:
        """Those of guides that are read: public, with a version in force, not retired."""
        in_force = Guide.objects.filter(versions__state=VersionState.IN_FORCE)
        return self.filter(guide__in=in_force, guide__is_public=True).exclude(guide__state=GuideState.RETIRED)

    def overdue(self, today: dt.date | None = None) -> Self:
        """Those whose date has come, answered with "it must change" or not at all."""
        return self.filter(due_on__lte=today or timezone.localdate())

    def told(self) -> Self:
        """Those that readers are told of."""
        return self.filter(still_unseen())

    def unanswered(self) -> Self:
        """Those that nobody has said anything of since their date."""
        return self.filter(wanted="")

    def wanting_change(self) -> Self:
        """Those of which somebody said what must change, and nobody has changed it."""
        return self.exclude(wanted="")

    def with_people(self) -> Self:
        """Bring the guide along, and who answers for it."""
        return self.select_related("guide__reviewer", "owner", "wanted_by", "reviewed_by")


class ChapterReview(models.Model):
    """The date of one chapter."""

    guide = models.ForeignKey(
        Guide, verbose_name=_("guía"), on_delete=models.CASCADE, related_name="chapter_reviews"
    )
    chapter = models.CharField(_("capítulo"), max_length=80)
    title = models.CharField(_("título"), max_length=160, help_text=_("El de la versión vigente."))
    number = models.PositiveSmallIntegerField(_("orden"))
    due_on = models.DateField(_("revisar antes de"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién responde"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    months = models.PositiveSmallIntegerField(
        _("cada cuántos meses"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    reviewed_at = models.DateTimeField(_("revisado"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién lo revisó"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    wanted = models.TextField(_("qué hay que cambiar"), max_length=1000, blank=True)
    wanted_at = models.DateTimeField(_("desde cuándo hay que cambiarlo"), null=True, blank=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién lo dijo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("preguntado"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("recordado"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("avisado a quienes editan"), null=True, blank=True)

    objects: ClassVar[models.Manager[ChapterReview]] = models.Manager.from_queryset(ChapterReviewQuerySet)()

    class Meta:
        verbose_name = _("vigencia de un capítulo")
        verbose_name_plural = _("vigencia de los capítulos")
        ordering = ["due_on", "guide", "number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "chapter"], name="guias_chapter_review_unique")
        ]
        indexes = [models.Index(fields=["due_on"], name="guias_chapter_review_due")]

    def __str__(self) -> str:
        return f"{self.guide}: {self.title}"

    def get_absolute_url(self) -> str:
        """Where the chapter is read."""
        return f"{self.guide.get_absolute_url()}{self.chapter}/"

    @property
    def document(self) -> str:
        """How search names the chapter."""
        return f"{self.guide_id}-{self.chapter}"

    @property
    def every(self) -> int:
        """Months from one review to the next: its own, or those of the guide."""
        return self.months or self.guide.review_months

    @property
    def arranged(self) -> str:
        """What an editor arranges of it, in a word that is another when anything of it is."""
        return arranged(self.due_on, self.owner_id, self.months)

    @property
    def answerable(self) -> Any | None:
        """Who answers for it: its own person, or that of the guide; None when neither has an account now."""
        people = (self.owner, self.guide.reviewer)
        return next((person for person in people if person is not None and person.is_active), None)

    @property
    def is_overdue(self) -> bool:
        """Whether its date has come."""
        return self.due_on <= timezone.localdate()

    @property
    def is_told(self) -> bool:
        """Whether readers are told."""
        return self.due_on <= timezone.localdate() - READERS_TOLD_AFTER


def arranged(due_on: dt.date, owner: int | None, months: int | None) -> str:
    """Return the date, the person and the interval of a chapter as one word."""
    return f"{due_on.isoformat()}.{owner or ''}.{months or ''}"


def asked_of(review: ChapterReview, *, editors: Callable[[str], list[Any]] = editors_of) -> list[Any]:
    """Return who is asked whether it still holds: who answers for it, or the ``editors`` of its route."""
    return [review.answerable] if review.answerable is not None else editors(review.guide.route)
