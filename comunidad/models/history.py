"""What a message said before it was changed: every edit leaves the state that it replaced as a row."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comunidad.enums import BODY_MAX, TITLE_MAX
from comunidad.models.posts import AboutPost, exactly_one


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Which revisions."""

    def of(self, post: Any) -> Self:
        """Those of one message, the last first."""
        from comunidad.models.posts import about

        return self.filter(**about(post)).order_by("-number")


class Revision(AboutPost):
    """A state of a message that is no longer the current one: who wrote it, when, and what it said."""

    number = models.PositiveIntegerField(_("revisión"))
    title = models.CharField(_("título"), max_length=TITLE_MAX, blank=True)
    source = models.TextField(_("texto"), max_length=BODY_MAX, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("quién"), related_name="+"
    )
    written_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Revision]] = models.Manager.from_queryset(RevisionQuerySet)()

    class Meta:
        verbose_name = _("revisión")
        verbose_name_plural = _("revisiones")
        ordering = ["-number"]
        constraints = [
            exactly_one("comunidad_revision_of_one_post"),
            models.UniqueConstraint(
                fields=["resource", "number"],
                condition=Q(resource__isnull=False),
                name="comunidad_revision_of_resource",
            ),
            models.UniqueConstraint(
                fields=["reply", "number"],
                condition=Q(reply__isnull=False),
                name="comunidad_revision_of_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
