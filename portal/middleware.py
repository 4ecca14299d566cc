"""What every answer carries: who may keep it, what the browser may do, and an honest status for forms.

Each middleware is a small function pair; none reads the database but ``admin_door``, which asks whether
the person may enter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import cast

from asgiref.sync import async_to_sync
from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from servestatic.middleware import ServeStaticMiddleware

from nucleo.api import problem
from nucleo.policies import Forbidden
from nucleo.ratelimit import RETRY_AFTER

GetResponse = Callable[[HttpRequest], HttpResponse]

ADMIN = "/admin/"
ACCOUNTS = "/cuenta/"
API = "/api/"
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "interest-cohort",
    )
)
ADMIN_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    # Wagtail's editor and React components set style attributes; scripts stay strict.
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF, "blob:"],
    "media-src": [SELF, "blob:"],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
}
"""Stricter than the site's where it can be: nothing is allowed that is not named."""


class wrong_forms:
    """A POST to the account pages that shows its form again answers 422, not 200 (contract, HTTP).

    Past the limit of tries it answers 429 with ``Retry-After``: the form says it, and keeps what was typed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Look whether one of the forms on the page was refused."""
        if request.method == "POST" and response.status_code == 200 and request.path.startswith(ACCOUNTS):
            context = response.context_data or {}
            if any(getattr(value, "errors", None) for value in context.values()):
                response.status_code = 422
            if getattr(request, "tried_too_often", False):
                response.status_code = 429
                response["Retry-After"] = str(RETRY_AFTER)
        return response


def wrong_verbs(get_response: GetResponse) -> GetResponse:
    """Give who opened an address that only takes forms a page with a way on, and not an empty one.

    It happens when a session ends before a button is pressed: after signing in the browser opens its address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            page = render(request, "405.html", {"section": ""}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    return middleware


def api_verbs(get_response: GetResponse) -> GetResponse:
    """Let other programs ask with any verb: HEAD is GET without its body, and OPTIONS tells what there is.

    All else is refused as problem details: what reads the API reads JSON. The router knows but the verbs that
    it was told and answers others with an English page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return get_response(request)
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked
        response = get_response(request)
        request.method = asked
        return _verbs_told(response, asked) if response.status_code == 405 else response

    return middleware


def _verbs_told(response: HttpResponse, asked: str | None) -> HttpResponse:
    taken = {verb.strip() for verb in response["Allow"].split(",")} | {"OPTIONS"}
    allowed = ", ".join(sorted(taken | {"HEAD"} if "GET" in taken else taken))
    if asked == "OPTIONS":
        told = HttpResponse(status=204)
    else:
        told = problem(405, _("Esta dirección no acepta ese método"), _("Acepta: %s.") % allowed)
    told["Allow"] = allowed
    return told


def static_files(get_response: GetResponse) -> GetResponse:
    """Serve styles, scripts and pictures as servestatic does, and let a page pass without a detour.

    Servestatic's own middleware is for asynchronous chains alone: among the others, which are not, each page
    would change threads twice more (some 3 ms).
    """
    static = ServeStaticMiddleware(_never)
    serve = async_to_sync(static.aserve)

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        found = static.find_file(path) if static.autorefresh else static.files.get(path)
        return get_response(request) if found is None else serve(found, request)

    return middleware


async def _never(request: HttpRequest) -> HttpResponse:
    raise AssertionError


def unchanged(get_response: GetResponse) -> GetResponse:
    """Answer who has read a public page before, and it is the same, with 304: a hundredth of the bytes.

    The mark (``ETag``) is made from the page itself, so that it is right whatever the page depends on, and
    what was hidden is gone at once; it spares data, not work. The compression outside of this gives the same
    page other bytes: all marks are weak. None for who may be signed in, nor for a page that carries the token
    of a form, which is another each time.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        mark = _mark(request, response)
        if not mark:
            return response
        response["ETag"] = mark
        return cast(HttpResponse, get_conditional_response(request, etag=mark, response=response))

    return middleware


def _mark(request: HttpRequest, response: HttpResponse) -> str:
    """Return the ETag of what everybody may keep; nothing for all else, or where the view made one."""
    mine = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
    kept = re.search(r"private|no-store", response.get("Cache-Control", ""))
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or mine or kept:
        return ""
    digest: str | None = getattr(response, "digest", None)
    if digest is None and not response.streaming and not response.has_header("ETag"):
        digest = hashlib.sha256(response.content).hexdigest()
    return f'W/"{digest[:32]}"' if digest else ""


def private_pages(get_response: GetResponse) -> GetResponse:
    """Let nobody but the person's own browser keep a page made for who may be signed in.

    The cookie decides, not the account: an error page must not ask a database that is down.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return middleware


def admin_door(get_response: GetResponse) -> GetResponse:
    """Send to the one sign-in of the site; refuse in words whom the administration is not for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN):
            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            if not request.user.has_perm("wagtailadmin.access_admin"):
                raise Forbidden(_("La administración es para quienes editan u operan el portal."))
            if request.path == f"{ADMIN}login/":
                return redirect("wagtailadmin_home")
        return get_response(request)

    return middleware


def browser_policies(get_response: GetResponse) -> GetResponse:
    """Say what the browser may do, and give the administration its own content policy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(ADMIN):
            response._csp_config = ADMIN_POLICY  # type: ignore[attr-defined]
        return response

    return middleware
