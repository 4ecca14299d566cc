"""The five lists and the page that opens them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directorio.filters import (
    CENTERS,
    DEMANDS,
    INSTITUTIONS,
    LISTINGS,
    OFFERS,
    SUPPLIERS,
    FacetShown,
    Listing,
    Selection,
)
from directorio.forms import OFFERED
from directorio.models import Center, Institution
from directorio.tables import center_place, row
from nucleo.folding import MAX_LENGTH
from nucleo.pagination import paginate

URL_NAMES = {
    "centros": "directorio:centers",
    "oferta": "directorio:offers",
    "proveedores": "directorio:suppliers",
    "demanda": "directorio:demands",
    "instituciones": "directorio:institutions",
}


def tabs(current: str = "") -> list[dict[str, Any]]:
    """Return the tabs of the directory, with the list called ``current`` marked."""
    return [
        {"href": reverse(URL_NAMES[name]), "label": listing.title, "current": name == current}
        for name, listing in LISTINGS.items()
    ]


def _selection(request: HttpRequest, listing: Listing) -> Selection:
    return Selection(listing, request.GET, request.user)


def _browsing(selection: Selection, shown: FacetShown, here: str) -> list[dict[str, Any]]:
    """Return the values of a facet as links that each choose one, after the one that chooses none."""

    def href(value: str) -> str:
        query = selection.query(**{shown.name: value})
        return f"{here}?{query}" if query else here

    everything = {"href": href(""), "label": _("Todos"), "current": shown.name not in selection.chosen}
    return [
        everything,
        *(
            {"href": href(one.value), "label": one.label, "count": one.count, "current": one.current}
            for one in shown.options
        ),
    ]


def _list(request: HttpRequest, selection: Selection, **more: Any) -> HttpResponse:
    listing = selection.listing
    page = paginate(selection.rows, request.GET.get("pagina"))
    query = selection.query()
    facets = selection.facets()
    here = reverse(URL_NAMES[listing.name])
    browsed = next((facet for facet in facets if facet.name == listing.browsed_by), None)
    context = {
        "listing": listing,
        "selection": selection,
        "facets": facets,
        "browsed": browsed,
        "browsing": _browsing(selection, browsed, here) if browsed else [],
        "page": page,
        "rows": [row(entry) for entry in page.object_list],
        "total": page.paginator.count,
        "tabs": tabs(listing.name),
        "here": here,
        "base": f"{query}&" if query else "",
        "query": f"?{query}" if query else "",
        **more,
    }
    return render(request, f"directorio/{URL_NAMES[listing.name].partition(':')[2]}.html", context)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the directory holds, with the map of the centres."""
    held = [
        {
            "name": name,
            "title": listing.title,
            "about": listing.about,
            "icon": listing.icon,
            "one": listing.one,
            "many": listing.many,
            "href": reverse(URL_NAMES[name]),
            "total": listing.rows(request.user).order_by().count(),
        }
        for name, listing in LISTINGS.items()
    ]
    places = [
        center_place(center) for center in Center.objects.visible_to(request.user).select_related("city")
    ]
    return render(request, "directorio/home.html", {"held": held, "places": places, "tabs": tabs()})


@require_safe
def centers(request: HttpRequest) -> HttpResponse:
    """The centres, beside a map of all that were found."""
    found = _selection(request, CENTERS)
    return _list(request, found, places=[center_place(center) for center in found.rows])


@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """The institutions."""
    return _list(request, _selection(request, INSTITUTIONS))


@require_safe
def suggested_institutions(request: HttpRequest) -> JsonResponse:
    """Name whom somebody may mean who types the name of an institution into a form."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_LENGTH]
    found = Institution.objects.visible_to(request.user).suggested(text)[:OFFERED] if text else []
    names = [{"titulo": one.name, "etiqueta": one.acronym, "valor": one.name} for one in found]
    response = JsonResponse({"q": text, "sugerencias": names})
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """The programme offer."""
    return _list(request, _selection(request, OFFERS))


@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """The suppliers who agreed to be published."""
    return _list(request, _selection(request, SUPPLIERS))


@require_safe
def demands(request: HttpRequest) -> HttpResponse:
    """What is wanted."""
    return _list(request, _selection(request, DEMANDS))
