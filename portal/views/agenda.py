"""The network's calendar, as a page and as a file that calendars subscribe to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directorio.models import City
from guias.models import Course
from guias.tables.courses import calendar_entry
from guias.views.lookup import number_in
from nucleo import calendar
from portal.agenda import Agenda
from portal.models import AgendaEvent, EventKind


def _asked(request: HttpRequest) -> tuple[Agenda, dict[str, str]]:
    """Return the agenda of ``?ciudad=&tema=`` and what was asked; what nobody knows finds nothing."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("ciudad", "tema")}
    return Agenda(city=asked["ciudad"], kind=asked["tema"]), asked


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """What comes, then what there was, a page of it: the one of ``?pagina=``, or where ``?actividad=`` is."""
    found, asked = _asked(request)
    number = request.GET.get("pagina")
    if event := request.GET.get("actividad"):
        place = found.page_of(event)
        if place is None and (course := _course_of(event)):
            return redirect(course)
        number = str(place or 1)
    page, chosen = found.page(number), _query(asked)
    context = {
        "coming": [item for item in page.object_list if not item.over],
        "over": [item for item in page.object_list if item.over],
        "page": page,
        "asked": asked,
        "kinds": _kinds(asked),
        "cities": City.objects.filter(_has_something()).order_by("name"),
        "chosen": chosen,
        "base": f"{chosen}&" if chosen else "",
        "sources": sorted({item.source for item in page.object_list if item.source}),
    }
    return render(request, "portal/agenda.html", context)


def _course_of(event: str) -> Course | None:
    """Return the course of an event that is not listed: calendars lead here, and a session took its place."""
    pk = number_in(event)
    found = AgendaEvent.objects.listed().filter(pk=pk).first() if pk else None
    return found.shown_course if found else None


def _has_something() -> Q:
    events = AgendaEvent.cities.through.objects.values("city")
    return Q(pk__in=events) | Q(pk__in=Agenda().held.order_by().values("city"))


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: word for name, word in asked.items() if word})


def _kinds(asked: dict[str, str]) -> list[dict[str, Any]]:
    def chip(value: str, label: Any) -> dict[str, Any]:
        query = _query(asked | {"tema": value})
        return {"href": f"?{query}", "label": label, "current": asked["tema"] == value}

    return [chip("", _("Todo")), *(chip(kind.value, kind.label) for kind in EventKind)]


@require_safe
def ical(request: HttpRequest) -> HttpResponse:
    """The same for a calendar: events on whole days, which no zone can move, and sessions by the hour."""
    found, _asked_for = _asked(request)
    events = (_entry(event) for event in found.events.listed().order_by("starts_on", "pk"))
    sessions = found.sessions.listed().order_by("starts_at", "pk")
    entries = [*events, *(calendar_entry(session) for session in sessions)]
    content = calendar.make(entries, product="Agenda", name="Agenda de Red Cemprende")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agenda-red-cemprende.ics"'
    return response


def _of_course(event: AgendaEvent) -> str:
    course = event.shown_course
    if course is None:
        return ""
    words = {"title": course.title, "address": settings.ORIGIN + course.get_absolute_url()}
    return _("Curso: %(title)s, %(address)s") % words


def _entry(event: AgendaEvent) -> calendar.Entry:
    return calendar.Entry(
        uid=f"agenda-{event.pk}",
        stamp=event.updated_at,
        start=event.starts_on,
        end=event.ends_on,
        summary=event.title,
        path=event.get_absolute_url(),
        location=event.where,
        description="\n".join(filter(None, [event.details, _of_course(event)])),
        categories=[str(event.get_kind_display())],
    )
