"""What a resource and a reply have in common: an author, a text, a state; and what is about one of the two.

The text is Markdown; its clean HTML is made once, at save. The counters are sums of rows, taken anew in
the transaction that changes the rows (``comunidad.actions.counts``), never added to.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comunidad.enums import BODY_MAX, REASON_MAX, PostState


class Post(models.Model):
    """A message of the forum."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("autor"),
        related_name="+",
    )
    source = models.TextField(_("texto"), max_length=BODY_MAX, blank=True)
    html = models.TextField(blank=True, editable=False)
    state = models.CharField(_("estado"), max_length=12, choices=PostState.choices, default=PostState.VISIBLE)
    hidden_reason = models.CharField(_("motivo del retiro"), max_length=REASON_MAX, blank=True)
    created_at = models.DateTimeField(_("escrito"), default=timezone.now)
    approved_at = models.DateTimeField(
        _("publicado"), null=True, blank=True, help_text=_("Cuándo lo vieron los demás por primera vez.")
    )
    edited_at = models.DateTimeField(_("corregido"), null=True, blank=True)
    updated_at = models.DateTimeField(
        _("cambió"), default=timezone.now, help_text=_("De un recurso, también cuando cambia una respuesta.")
    )
    revision = models.PositiveIntegerField(_("revisión"), default=1)
    useful_count = models.PositiveIntegerField(_("a cuántos sirvió"), default=0)
    form_token = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PostState.HIDDEN) & ~Q(hidden_reason="")
                | ~Q(state=PostState.HIDDEN) & Q(hidden_reason=""),
                name="%(app_label)s_%(class)s_hidden_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=PostState.VISIBLE, approved_at__isnull=False) | ~Q(state=PostState.VISIBLE),
                name="%(app_label)s_%(class)s_visible_since_when",
            ),
            models.UniqueConstraint(
                fields=["author", "form_token"],
                condition=Q(form_token__isnull=False),
                name="%(app_label)s_%(class)s_form_sent_once",
            ),
        ]

    @property
    def is_visible(self) -> bool:
        """Whether readers see it."""
        return self.state == PostState.VISIBLE

    @property
    def is_held(self) -> bool:
        """Whether it waits for a tutor."""
        return self.state == PostState.HELD

    @property
    def is_hidden(self) -> bool:
        """Whether it was taken out of sight."""
        return self.state == PostState.HIDDEN

    @property
    def author_name(self) -> str:
        """As others read it; the message of an account that is gone stays without a name."""
        return str(self.author) if self.author else _now("Persona que ya no tiene cuenta")


def exactly_one(name: str) -> models.CheckConstraint:
    """Return the constraint ``name``: a row is about a resource or about a reply, never both or none."""
    return models.CheckConstraint(
        condition=Q(resource__isnull=False, reply__isnull=True)
        | Q(resource__isnull=True, reply__isnull=False),
        name=name,
    )


def about(post: Any) -> dict[str, Any]:
    """Return the field by which a row is about ``post``, for ``filter`` and ``create``."""
    from comunidad.models.replies import Reply

    return {"reply": post} if isinstance(post, Reply) else {"resource": post}


class AboutPost(models.Model):
    """A row about one message."""

    resource = models.ForeignKey(
        "comunidad.Resource",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("recurso"),
        related_name="+",
    )
    reply = models.ForeignKey(
        "comunidad.Reply",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("respuesta"),
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def post(self) -> Any:
        """The message it is about."""
        return self.reply if self.reply_id else self.resource

    @property
    def thread(self) -> Any:
        """The resource it is about, or that of the reply it is about."""
        return self.reply.resource if self.reply_id and self.reply else self.resource
