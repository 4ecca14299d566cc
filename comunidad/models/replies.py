"""A reply: what somebody answers to a resource."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comunidad.enums import PostState
from comunidad.models.posts import Post
from comunidad.models.resources import Resource, readable
from comunidad.models.themes import is_operator, tutored_by


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Which replies."""

    def visible_to(self, user: Any) -> Self:
        """Those whose content ``user`` may read: within resources she reads, what is visible or her own."""
        found = self.filter(readable(user, "resource"))
        if not getattr(user, "is_active", False):
            return found.filter(state=PostState.VISIBLE)
        if is_operator(user):
            return found
        return found.filter(
            Q(state=PostState.VISIBLE) | Q(author=user.pk) | Q(resource__theme__in=tutored_by(user))
        )

    def visible(self) -> Self:
        """Neither held nor hidden."""
        return self.filter(state=PostState.VISIBLE)

    def held(self) -> Self:
        """Waiting for approval."""
        return self.filter(state=PostState.HELD)

    def shown_to(self, user: Any, *, moderates: bool) -> Self:
        """Those with a place in a thread that ``user`` reads: a hidden one as a notice, a held one to few."""
        if moderates:
            return self
        own = Q(author=user.pk) if getattr(user, "is_active", False) else Q(pk__in=[])
        return self.filter(~Q(state=PostState.HELD) | own)

    def up_to(self, reply: Reply) -> Self:
        """Those that stand before ``reply``, and itself."""
        earlier = Q(created_at__lt=reply.created_at)
        return self.filter(earlier | Q(created_at=reply.created_at, pk__lte=reply.pk))

    def in_order(self) -> Self:
        """As they were written."""
        return self.order_by("created_at", "pk")


class Reply(Post):
    """One reply."""

    resource = models.ForeignKey(Resource, models.CASCADE, verbose_name=_("recurso"), related_name="replies")
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("responde a"), related_name="+"
    )

    objects: ClassVar[models.Manager[Reply]] = models.Manager.from_queryset(ReplyQuerySet)()

    class Meta(Post.Meta):
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        ordering = ["created_at", "pk"]
        constraints = [*Post.Meta.constraints]
        indexes = [
            models.Index(fields=["resource", "created_at"], name="comunidad_replies_in_order"),
            models.Index(fields=["state", "created_at", "id"], name="comunidad_replies_by_state"),
        ]

    def __str__(self) -> str:
        return self.source[:60]

    def get_absolute_url(self) -> str:
        """Where it stands: the page of the thread that holds it, whatever its number."""
        return f"{self.resource.get_absolute_url()}?r={self.pk}#r-{self.pk}"

    def address(self, view: str, *args: object) -> str:
        """Return the address of a part of this reply."""
        return self.resource.address(f"reply_{view}", self.pk, *args)

    @property
    def theme(self) -> Any:
        """The theme it is in."""
        return self.resource.theme

    @property
    def group(self) -> Any:
        """The group it is in, if any."""
        return self.resource.group
