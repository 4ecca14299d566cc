"""Signed links: what a mail carries so that one task is done without an account (ADR 0019).

One row a link: one person, one object, one purpose, a term. The secret itself is nowhere: it follows from
the row and the portal's key, so that a letter written again carries the same link, and of it the row keeps
only the digest it is found by. Who reads the database, or a backup of it, can open none.
"""

from __future__ import annotations

import hashlib
import uuid
from base64 import urlsafe_b64encode
from enum import Enum
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

SALT = "portal.links"
SECRET_BYTES = 20
"""160 bits: nobody guesses one, whatever the rate. 27 letters in the address."""
OPEN = models.Q(used_at=None, withdrawn_at=None)


class LinkState(Enum):
    """What became of a link."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def digest_of(token: str) -> str:
    """Return what the row of ``token`` is found by. No salt: there is nothing to guess in 160 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignedLinkQuerySet(models.QuerySet["SignedLink"]):
    """Which links."""

    def open(self) -> Self:
        """Neither used nor withdrawn; it may have expired."""
        return self.filter(OPEN)

    def usable(self) -> Self:
        """Those that still do what they were made for."""
        return self.open().filter(expires_at__gt=timezone.now())

    def with_token(self, token: str) -> Self:
        """The one that ``token`` opens."""
        return self.filter(digest=digest_of(token))

    def about(self, purpose: str, *objects: int) -> Self:
        """Those of ``purpose`` about any of ``objects``, whoever holds them."""
        return self.filter(purpose=purpose, object_id__in=objects)


class SignedLink(models.Model):
    """One thing that one person may do once, by a link, until a day."""

    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(_("para qué"), max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("sobre qué"))
    made_at = models.DateTimeField(_("desde"), default=timezone.now)
    expires_at = models.DateTimeField(_("hasta"))
    used_at = models.DateTimeField(_("usado"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirado"), null=True, blank=True)

    objects: ClassVar[models.Manager[SignedLink]] = models.Manager.from_queryset(SignedLinkQuerySet)()

    class Meta:
        verbose_name = _("enlace firmado")
        verbose_name_plural = _("enlaces firmados")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "object_id", "person"], condition=OPEN, name="portal_link_one_open"
            )
        ]
        indexes = [models.Index(fields=["purpose", "object_id"], name="portal_link_about")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the digest of the secret from the first time on."""
        self.digest = self.digest or digest_of(self.token)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """The secret. For the letter that carries it, and for nothing that is kept."""
        drawn = salted_hmac(SALT, self.seed.hex, algorithm="sha256").digest()[:SECRET_BYTES]
        return urlsafe_b64encode(drawn).decode().rstrip("=")

    @property
    def address(self) -> str:
        """The whole address, for a mail."""
        return settings.ORIGIN + reverse("respond", args=[self.token])

    @property
    def state(self) -> LinkState:
        """What became of it."""
        if self.used_at is not None:
            return LinkState.USED
        if self.withdrawn_at is not None:
            return LinkState.WITHDRAWN
        return LinkState.USABLE if self.expires_at > timezone.now() else LinkState.EXPIRED
