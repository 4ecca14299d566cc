"""How much guides are used, in the administration: a board of words and tables, and a file of each table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guias import policies
from guias.enums import Route
from guias.filters import UseForm
from guias.models.opinions import chapters_to_mend
from guias.tables.use import Places, Use
from nucleo.dates import month_and_year, thousands
from nucleo.discretion import LEAST, Shown
from nucleo.policies import require
from nucleo.tables import csv_response

SHOWN = 10
"""Rows of each table on the board; the rest are in its file."""
MENDED = 5
"""Chapters on the board; the rest are on the page of the chapters to mend."""


@require_safe
def use(request: HttpRequest) -> HttpResponse:
    """Say what is used, what is not, and where it is out of date; 422 for what cannot be asked."""
    form = _asked(request)
    if not form.is_valid():
        return _show(request, form)
    found = Use(form.period, form.routes)
    mend, mend_total = chapters_to_mend(request.user, shown=MENDED, routes=form.routes)
    read = found.readings_of((row.guide.pk, one) for row in mend for one in row.addresses)
    most = max((readings for _month, readings, _taken in found.by_month), default=0)
    context: dict[str, Any] = {
        "said": _said(found),
        "few": _few(),
        "least": LEAST,
        "address": form.address,
        "routes": form.routes,
        "months": [
            (month_and_year(month).capitalize(), readings, taken, readings * 100 // most if most else 0)
            for month, readings, taken in found.by_month
        ],
        "guides": (found.guides[:SHOWN], len(found.guides)),
        "never": (found.never[:SHOWN], len(found.never)),
        "outdated": (
            [(one, _held(held, form.names, form.city)) for one, held in found.outdated[:SHOWN]],
            len(found.outdated),
        ),
        "mend": [(row, sum(read.get((row.guide.pk, one), 0) for one in row.addresses)) for row in mend],
        "mend_total": mend_total,
        "city": form.city,
        "places": _of_city(found, form.city.pk) if form.city else _of_cities(found, form.names),
        "places_until": found.months_over[-1] if found.months_over else None,
    }
    return _show(request, form, context)


def _show(request: HttpRequest, form: UseForm, found: dict[str, Any] | None = None) -> HttpResponse:
    """Return the board with what was ``found``; 422 where nothing was, for what cannot be asked."""
    page = {"page_title": _("Cuánto se usan las guías"), "header_icon": "view", "form": form}
    return render(request, "guias/admin/use.html", page | (found or {}), status=200 if found else 422)


def _asked(request: HttpRequest) -> UseForm:
    require(policies.can_see_use(request.user), _("Solo quien edita las guías puede ver esto."))
    return UseForm(request.GET, user=request.user)


def _few() -> str:
    return _("menos de %(n)s personas") % {"n": LEAST}


def _said(found: Use) -> list[str]:
    """Return the figures as sentences: they are read before any table."""
    opened = sum(use.is_in_force and use.readings > 0 for use in found.guides)
    readings = sum(use.readings for use in found.guides)
    files = sum(use.alone for use in found.guides)
    when = {"when": str(found.period), "n": thousands(opened), "all": thousands(found.in_force)}
    if found.period.first == found.period.last:
        said = ngettext(
            "En %(when)s se leyó %(n)s de las %(all)s guías vigentes.",
            "En %(when)s se leyeron %(n)s de las %(all)s guías vigentes.",
            opened,
        )
    else:
        said = ngettext(
            "De %(when)s se leyó %(n)s de las %(all)s guías vigentes.",
            "De %(when)s se leyeron %(n)s de las %(all)s guías vigentes.",
            opened,
        )
    packages = found.packages
    counts = (
        (ngettext("Hubo %(n)s lectura.", "Hubo %(n)s lecturas.", readings), readings),
        (ngettext("Se bajó %(n)s archivo suelto", "Se bajaron %(n)s archivos sueltos", files), files),
        (ngettext("%(n)s paquete.", "%(n)s paquetes.", packages), packages),
    )
    first, second, third = (words % {"n": thousands(n)} for words, n in counts)
    third = third if packages else _("ningún paquete.")
    taken = _("%(files)s y %(packages)s") % {"files": second, "packages": third}
    return [said % when, f"{first} {taken}" if files or packages else first]


def _of_cities(found: Use, names: Mapping[int, str]) -> list[tuple[str, Any, Any]]:
    """Return city, readings, files; last what may not be said of each. None: fewer than five people."""
    places = found.places_of()
    rows = [
        (names[city], places.readings.groups.get(city), places.downloads.groups.get(city))
        for city in places.cities
    ]
    return [*rows, (_elsewhere(), places.readings.rest, places.downloads.rest)] if found.places else []


def _elsewhere() -> str:
    return _("Otros centros, o sin decir de dónde")


def _of_city(found: Use, city: int) -> list[tuple[str, Any, Any]]:
    """Return route, readings, files of one city. None: fewer than five people, or none."""
    rows = []
    for route in Route:
        if not found.routes or route in found.routes:
            places = found.places_of(route=route)
            figures = places.readings.groups.get(city), places.downloads.groups.get(city)
            rows.append((str(route.label), *figures))
    return rows


def _held(held: Shown[int], names: Mapping[int, str], city: Any = None) -> list[str]:
    """Return who holds a version as words, a city each, as far as it may be said."""
    groups = sorted(held.groups.items(), key=lambda one: (-one[1], names[one[0]]))
    said = [
        _("%(place)s: %(n)s") % {"place": names[pk], "n": thousands(people)}
        for pk, people in groups
        if city is None or city.pk == pk
    ]
    if city is not None:
        return said or [_("%(place)s: %(n)s") % {"place": city.name, "n": _few()}]
    if held.rest:
        few = thousands(held.rest) if held.rest >= LEAST else _few()
        said.append(_("otros: %(n)s") % {"n": few})
    return said


# --- Files ----------------------------------------------------------------------------------------
Rows = Iterator[list[Any]]


def _guides_file(found: Use, form: UseForm) -> tuple[list[Any], Rows]:
    header = [_("mes"), _("guía"), _("ruta"), _("versión"), _("vigente"), _("lecturas")]
    header += [_("archivos sueltos"), _("en paquetes"), _("guardadas sin conexión")]

    def rows() -> Rows:
        for month in found.period.months:
            for one in Use(type(found.period)(month, month), found.routes).versions:
                if one.chosen or one.packed or one.is_in_force:
                    figures = [one.readings, one.alone, one.packed, one.kept]
                    yield [month, one.title, one.route_name, one.number, one.is_in_force, *figures]

    return header, rows()


def _chapters_file(found: Use, form: UseForm) -> tuple[list[Any], Rows]:
    header = [
        _("mes"),
        _("guía"),
        _("versión"),
        _("capítulo"),
        _("lecturas"),
        _("le sirvió"),
        _("no le sirvió"),
    ]
    known = {one.pk: one for one in found.versions}

    def rows() -> Rows:
        for (month, version, chapter), counts in sorted(found.chapters.items()):
            if one := known.get(version):
                yield [month, one.title, one.number, chapter, counts["leido"], counts["si"], counts["no"]]

    return header, rows()


def _places_file(found: Use, form: UseForm) -> tuple[list[Any], Rows]:
    header = [_("mes"), _("ruta"), _("centro"), _("lecturas"), _("archivos sueltos")]

    def rows() -> Rows:
        for (month, route), places in found.places.items():
            name = str(Route(route).label)
            for city in [form.city.pk] if form.city else places.cities:
                yield [month, name, form.names[city], *_figures(places, city)]
            if not form.city:
                yield [month, name, _elsewhere(), places.readings.rest, places.downloads.rest]

    return header, rows()


def _figures(places: Places, city: int) -> list[Any]:
    return [shown.groups.get(city, _few()) for shown in (places.readings, places.downloads)]


def _outdated_file(found: Use, form: UseForm) -> tuple[list[Any], Rows]:
    header = [_("guía"), _("ruta"), _("versión"), _("versión vigente"), _("lecturas"), _("archivos sueltos")]
    header += [_("centro"), _("personas que la tienen")]

    def rows() -> Rows:
        for one, held in found.outdated:
            start = [one.title, one.route_name, one.number, one.current, one.readings, one.alone]
            for city, people in sorted(held.groups.items()):
                if form.city is None or form.city.pk == city:
                    yield [*start, form.names[city], people]
            if form.city is None:
                few = held.rest >= LEAST or not held.rest
                yield [*start, _elsewhere(), held.rest if few else _few()]

    return header, rows()


FILES: dict[str, Callable[[Use, UseForm], tuple[list[Any], Rows]]] = {
    "guias": _guides_file,
    "capitulos": _chapters_file,
    "centros": _places_file,
    "versiones-anteriores": _outdated_file,
}


@require_safe
def use_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Send one table whole, of what the address asks for; the same hand hides the same figures."""
    form = _asked(request)
    if table not in FILES:
        raise Http404
    if not form.is_valid():
        return _show(request, form)
    header, rows = FILES[table](Use(form.period, form.routes), form)
    return csv_response(request, header, rows, filename=f"uso-{table}.csv")
