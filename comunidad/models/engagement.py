"""How people take part without writing: "me sirvió", and following a theme or a resource."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comunidad.models.posts import AboutPost, exactly_one
from comunidad.models.resources import Resource
from comunidad.models.themes import Theme


class Reaction(AboutPost):
    """One person found one message useful."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("persona"), related_name="+"
    )
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Reaction]] = models.Manager()

    class Meta:
        verbose_name = _("«me sirvió»")
        verbose_name_plural = _("«me sirvió»")
        constraints = [
            exactly_one("comunidad_reaction_to_one_post"),
            models.UniqueConstraint(
                fields=["user", "resource"],
                condition=Q(resource__isnull=False),
                name="comunidad_reaction_to_resource",
            ),
            models.UniqueConstraint(
                fields=["user", "reply"], condition=Q(reply__isnull=False), name="comunidad_reaction_to_reply"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class Follow(models.Model):
    """One person is told of what happens in one theme, or in one resource."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("persona"), related_name="+"
    )
    theme = models.ForeignKey(
        Theme, models.CASCADE, null=True, blank=True, verbose_name=_("tema"), related_name="follows"
    )
    resource = models.ForeignKey(
        Resource, models.CASCADE, null=True, blank=True, verbose_name=_("recurso"), related_name="follows"
    )
    since = models.DateTimeField(_("desde"), default=timezone.now)

    objects: ClassVar[models.Manager[Follow]] = models.Manager()

    class Meta:
        verbose_name = _("seguimiento")
        verbose_name_plural = _("seguimientos")
        constraints = [
            models.CheckConstraint(
                condition=Q(theme__isnull=False, resource__isnull=True)
                | Q(theme__isnull=True, resource__isnull=False),
                name="comunidad_follow_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["user", "theme"], condition=Q(theme__isnull=False), name="comunidad_follow_of_theme"
            ),
            models.UniqueConstraint(
                fields=["user", "resource"],
                condition=Q(resource__isnull=False),
                name="comunidad_follow_of_resource",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"
