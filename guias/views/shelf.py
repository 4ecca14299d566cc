"""The list of all guides, narrowed by route, series, state and words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from guias.filters import Shelf
from guias.models import Guide


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the shelf."""
    shelf = Shelf(Guide.objects.visible_to(request.user), request.GET)
    return render(
        request, "guias/index.html", {"shelf": shelf, "page": shelf.page(request.GET.get("pagina"))}
    )
