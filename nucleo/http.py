"""What views ask of a request: its type, whom a limit counts, and forms without a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from nucleo.policies import Forbidden

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


def without_token(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose form is on pages of everybody: no token in it, so no cookie for who only reads.

    A token makes each page another and gives every reader a cookie; with neither, the page of one reader is
    that of all of them. What the token proves, that the form was on this site, the browser says itself:
    it puts ``Origin`` on what is posted, or ``Referer``, and no page can forge either (OWASP, Cross-Site
    Request Forgery Prevention, "verifying origin with standard headers"). What says neither is refused
    with a 403. For acts without harm alone; whatever changes somebody's things carries a token (ADR 0016).
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not _is_from_here(request):
            raise Forbidden(_("No pudimos comprobar que el formulario fuera de este sitio. Ábralo otra vez."))
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapped)


def _is_from_here(request: HttpRequest) -> bool:
    parts = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    said = f"{parts.scheme}://{parts.netloc}"
    return said in (f"{request.scheme}://{request.get_host()}", settings.ORIGIN)
