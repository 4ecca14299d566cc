"""The basket of the package: guides put aside while one reads, to take them together.

It is a cookie of who uses it, and of nobody else (ADR 0016): no account, no script, nothing on the server.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guias.views.lookup import find_guide
from guias.views.presenting import ReadingPage
from nucleo.http import without_token

COOKIE = "paquete"
MONTH = 2_592_000
LONGEST = 3_000
"""Letters that go into a cookie, and travel with each request."""
_SLUG = re.compile(r"[-a-z0-9_]{1,80}")


def basket_of(request: HttpRequest) -> tuple[str, ...]:
    """Return the guides that this browser put aside, in that order; what is no name is left out."""
    written = request.COOKIES.get(COOKIE, "")[:LONGEST].split(".")
    return tuple(dict.fromkeys(slug for slug in written if _SLUG.fullmatch(slug)))


@without_token
@require_POST
def basket(request: HttpRequest) -> HttpResponse:
    """Put a guide into the basket or take it out, and go back to it; ``vaciar`` empties the basket."""
    if "vaciar" in request.POST:
        return _keep(redirect("guias:package"), ())
    slug, chapter = request.POST.get("guia", ""), request.POST.get("capitulo", "")
    if not _SLUG.fullmatch(slug):
        raise Http404
    guide = find_guide(request, slug)
    back = str(guide.get_absolute_url())
    if _SLUG.fullmatch(chapter):
        back = ReadingPage.chapter_address(guide, None, chapter)
    response = redirect(f"{back}#para-llevar")
    chosen = tuple(slug for slug in basket_of(request) if slug != guide.slug)
    if request.POST.get("quiere") == "1":
        chosen = (*chosen, guide.slug)
        if len(".".join(chosen)) > LONGEST:
            messages.error(request, _("Ya no caben más guías en su paquete: bájelo por rutas, o completo."))
            return response
    return _keep(response, chosen)


def _keep(response: HttpResponse, chosen: tuple[str, ...]) -> HttpResponse:
    if chosen:
        written = ".".join(chosen)
        response.set_cookie(
            COOKIE, written, max_age=MONTH, samesite="Lax", httponly=True, secure=settings.HTTPS
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
