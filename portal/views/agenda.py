"""The network's calendar, as a page and as a file that calendars subscribe to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directorio.models import City
from nucleo import calendar
from nucleo.pagination import paginate
from portal.models import AgendaEvent, EventKind
from portal.models.agenda import AgendaEventQuerySet


def _asked(request: HttpRequest) -> tuple[AgendaEventQuerySet, dict[str, str]]:
    """Return the events of ``?ciudad=&tema=`` and what was asked; what nobody knows finds nothing."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("ciudad", "tema")}
    events = AgendaEvent.objects.all()
    if asked["ciudad"]:
        events = events.filter(cities__slug=asked["ciudad"])
    if asked["tema"]:
        events = events.filter(kind=asked["tema"])
    return events, asked


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """What comes, and what there was, by year."""
    events, asked = _asked(request)
    page = paginate(events.past().with_cities(), request.GET.get("pagina"), per_page=30)
    context = {
        "upcoming": events.upcoming().with_cities(),
        "page": page,
        "total": events.count(),
        "asked": asked,
        "kinds": _kinds(asked),
        "cities": City.objects.filter(pk__in=AgendaEvent.cities.through.objects.values("city")).order_by(
            "name"
        ),
        "query": request.GET.urlencode(),
        "base": "".join(f"{urlencode({name: word})}&" for name, word in asked.items() if word),
        "sources": sorted({event.source for event in page if event.source}),
        "last_year": page[0].starts_on.year if page else None,
    }
    return render(request, "portal/agenda.html", context)


def _kinds(asked: dict[str, str]) -> list[dict[str, Any]]:
    def chip(value: str, label: Any) -> dict[str, Any]:
        pairs = {"tema": value, "ciudad": asked["ciudad"]}
        query = "&".join(f"{name}={word}" for name, word in pairs.items() if word)
        return {"href": f"?{query}", "label": label, "current": asked["tema"] == value}

    return [chip("", _("Todo")), *(chip(kind.value, kind.label) for kind in EventKind)]


@require_safe
def ical(request: HttpRequest) -> HttpResponse:
    """The same events for a calendar; whole days, so that no time zone can move them."""
    events, _asked_for = _asked(request)
    rows = events.with_cities().order_by("starts_on", "pk")
    content = calendar.make(
        (_entry(event) for event in rows), product="Agenda", name="Agenda de Red Cemprende"
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agenda-red-cemprende.ics"'
    return response


def _entry(event: AgendaEvent) -> calendar.Entry:
    return calendar.Entry(
        uid=f"agenda-{event.pk}",
        stamp=event.updated_at,
        start=event.starts_on,
        end=event.ends_on,
        summary=event.title,
        path=event.get_absolute_url(),
        location=event.where,
        description=event.details,
        categories=[str(event.get_kind_display())],
    )
