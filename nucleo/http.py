"""Typed requests, so that views say what they read from htmx and from the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class PortalRequest(HttpRequest):
    """What every view of the portal receives once the middleware has run; a type, never constructed."""

    htmx: HtmxDetails


def client_key(request: HttpRequest) -> str:
    """Return whom a rate limit counts: the account, or the address for who has none."""
    if request.user.is_authenticated:
        return f"u{request.user.pk}"
    return f"a{request.META.get('REMOTE_ADDR', '')}"
