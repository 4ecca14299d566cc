"""What those who write and read a draft say to one another about it; readers never see it.

Wagtail's own comments are for pages alone; a version of a guide is none.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, Revision

from guias.models.guides import is_editor
from guias.models.versions import Version

STARTED = "wagtail.create"
"""How the log of the administration notes who began a draft, as Wagtail does for one made in its form."""


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Which remarks."""

    def visible_to(self, user: Any) -> Self:
        """All of them to who edits guides; none to anybody else."""
        return self if is_editor(user) else self.none()

    def open(self) -> Self:
        """Those that nobody has settled."""
        return self.filter(settled_at=None)


class Remark(models.Model):
    """One remark on a draft, or on one chapter of it."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="remarks"
    )
    chapter = models.CharField(_("capítulo"), max_length=80, blank=True)
    words = models.TextField(_("comentario"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("cuándo"), default=timezone.now)
    settled_at = models.DateTimeField(_("resuelto"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién lo resolvió"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager[Remark]] = models.Manager.from_queryset(RemarkQuerySet)()

    class Meta:
        verbose_name = _("comentario de un borrador")
        verbose_name_plural = _("comentarios de borradores")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.words[:60]


def who_works_on(version: Version) -> models.QuerySet[Any]:
    """Return the accounts that started the draft, wrote it or said something about it."""
    wrote = Revision.objects.for_instance(version).values("user")
    started = ModelLogEntry.objects.for_instance(version).filter(action=STARTED).values("user")
    said = Remark.objects.filter(version=version).values("written_by")
    people = get_user_model()._default_manager.filter(is_active=True)
    return people.filter(models.Q(pk__in=wrote) | models.Q(pk__in=started) | models.Q(pk__in=said)).order_by(
        "pk"
    )
