"""What the agenda gathers: the events that editors write down, and the sessions of courses.

Neither knows the other. Events last whole days, since their sources say no hours; sessions have hours.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from guias.models import Session
from guias.tables.courses import place_of
from nucleo import dates
from nucleo.pagination import paginate
from portal.models import AgendaEvent, EventKind
from portal.models.agenda import AgendaEventQuerySet

EVENT, SESSION = "actividad", "sesion"
"""What an entry is, as ``data-tipo`` says it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the agenda as lists show it."""

    kind: str
    pk: int
    title: str
    starts_on: dt.date
    ends_on: dt.date
    label: str
    where: str
    details: str
    address: str
    hours: str = ""
    source: str = ""

    @property
    def facts(self) -> list[str]:
        """What kind it is, when in the day, where."""
        return [self.label, self.hours, self.where]


class Agenda:
    """Events and sessions of one city and one kind, or of all."""

    def __init__(self, *, city: str = "", kind: str = "") -> None:
        self.events: AgendaEventQuerySet = AgendaEvent.objects.all()
        self.sessions: Any = Session.objects.visible_to(AnonymousUser())
        if city:
            self.events = self.events.filter(cities__slug=city)
            self.sessions = self.sessions.filter(city__slug=city)
        if kind:
            self.events = self.events.filter(kind=kind)
        if kind not in ("", EventKind.TRAINING):
            self.sessions = self.sessions.none()

    @property
    def held(self) -> Any:
        """The sessions that were not cancelled, with what lists show of them."""
        return self.sessions.held().listed()

    def count(self) -> int:
        """How many entries there are."""
        return int(self.events.count() + self.held.count())

    def upcoming(self, count: int | None = None) -> list[Item]:
        """What is not over, the nearest first."""
        events = [of_event(event) for event in self.events.upcoming().with_cities()[:count]]
        sessions = [of_session(session) for session in self.held.upcoming()[:count]]
        return sorted([*events, *sessions], key=lambda one: (one.starts_on, one.kind, one.pk))[:count]

    def past(self, number: str | None, *, per_page: int) -> Page[Any]:
        """A page of what is over, the latest first; its ``object_list`` are items."""
        events = self.events.past().order_by().annotate(day=F("starts_on"), what=_named(EVENT))
        over = self.held.past().order_by()
        sessions = over.annotate(day=TruncDate("starts_at"), what=_named(SESSION))
        columns = ("id", "day", "what")
        both = events.values_list(*columns).union(sessions.values_list(*columns))
        rows: QuerySet[Any, Any] = both.order_by("-day", "what", "-id")
        page = paginate(rows, number, per_page=per_page)
        page.object_list = self._items(list(page.object_list))
        return page

    def _items(self, rows: list[tuple[int, dt.date, str]]) -> list[Item]:
        keys = {kind: [pk for pk, _day, what in rows if what == kind] for kind in (EVENT, SESSION)}
        events = AgendaEvent.objects.with_cities().in_bulk(keys[EVENT])
        sessions = Session.objects.listed().in_bulk(keys[SESSION])
        return [
            of_event(events[pk]) if kind == EVENT else of_session(sessions[pk]) for pk, _day, kind in rows
        ]


def _named(kind: str) -> Any:
    return Value(kind, output_field=CharField())


def of_event(event: AgendaEvent) -> Item:
    """Return an event; wants its cities."""
    return Item(
        kind=EVENT,
        pk=event.pk,
        title=event.title,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        label=str(event.get_kind_display()),
        where=event.where,
        details=event.details,
        address=event.get_absolute_url(),
        source=event.source,
    )


def of_session(session: Session) -> Item:
    """Return a session; wants its course and city."""
    return Item(
        kind=SESSION,
        pk=session.pk,
        title=session.course.title,
        starts_on=dates.as_day(session.starts_at),
        ends_on=dates.as_day(session.ends_at),
        label=str(_("Capacitación")),
        where=place_of(session),
        details=session.course.lead,
        address=session.get_absolute_url(),
        hours=dates.hours(session.starts_at, session.ends_at),
    )
