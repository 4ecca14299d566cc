"""How views find what an address names, and who may come in.

The name of a mesa is public, its inside is not: for who is outside, nothing inside exists (404, whatever
the number in the address); a visitor is asked to sign in first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from redip import policies
from redip.models import Mesa, Red

Row = TypeVar("Row", bound=Model)


def find_red(request: HttpRequest, city: str) -> Red:
    """Return the network of ``city``."""
    return get_object_or_404(Red.objects.visible_to(request.user).select_related("city"), city__slug=city)


def find_mesa(request: HttpRequest, city: str, slug: str) -> Mesa:
    """Return the mesa, of which everyone may know the name."""
    mesas = Mesa.objects.visible_to(request.user).select_related("red__city")
    return get_object_or_404(mesas, red__city__slug=city, slug=slug)


def find_in(mesa: Mesa, rows: QuerySet[Row], pk: int) -> Row:
    """Return the row ``pk`` of ``rows`` that belongs to ``mesa``: a number of another mesa is not here."""
    row = get_object_or_404(rows, mesa=mesa, pk=pk)
    row.mesa = mesa  # type: ignore[attr-defined]
    return row


def inside(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view of what lies inside a mesa: it gets the Mesa, and is called for insiders alone.

    Nothing it answers may be kept by anyone but the reader's browser.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, city: str, mesa: str, **kwargs: Any) -> HttpResponseBase:
        found = find_mesa(request, city, mesa)
        if not request.user.is_authenticated:
            back = request.get_full_path() if request.method in ("GET", "HEAD") else found.get_absolute_url()
            return redirect_to_login(back)
        if not policies.can_see_inside(request.user, found):
            raise Http404
        response = view(request, found, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return wrapped


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, wrong: bool = False
) -> HttpResponse:
    """Render ``redip/<template>.html``; 422 when what was sent was ``wrong``."""
    return render(request, f"redip/{template}.html", context, status=422 if wrong else 200)
