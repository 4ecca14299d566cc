"""The list of all guides, narrowed by route, series and state; words are searched for inside the guides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guias.filters import Shelf
from guias.models import Guide
from guias.views.basket import basket_of


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the shelf; an address with words leads to what search finds for them."""
    shelf = Shelf(Guide.objects.visible_to(request.user), request.GET)
    if shelf.is_for_search:
        return redirect(shelf.search_address)
    page = shelf.page(request.GET.get("pagina"))
    context = {"shelf": shelf, "page": page, "basket": basket_of(request)}
    return render(request, "guias/index.html", context)
