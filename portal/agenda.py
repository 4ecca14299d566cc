"""What the agenda gathers: the events that editors write down, and the sessions of courses.

Events last whole days, since their sources say no hours; sessions have hours. Both are one list: what is not
over, the nearest first, and after it what is, the latest first. A training may be a day of a course: until
somebody calls its session the agenda leads to the course, and then it shows the session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page
from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext as _

from guias.models import Session
from guias.tables.courses import place_of
from nucleo import dates
from nucleo.pagination import PER_PAGE, paginate
from portal.models import AgendaEvent, EventKind
from portal.models.agenda import AgendaEventQuerySet

EVENT, SESSION = "actividad", "sesion"
"""What an entry is, as ``data-tipo`` says it."""
NEVER = dt.date.max
"""When what is over comes: after all that does come."""


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
    over: bool
    hours: str = ""
    source: str = ""
    course: str = ""
    """What course it is a day of, and its address."""
    course_address: str = ""

    @property
    def facts(self) -> list[str]:
        """What kind it is, when in the day, where."""
        return [self.label, self.hours, self.where]


class Key(NamedTuple):
    """What an entry is, and what puts it in its place."""

    pk: int
    kind: str
    comes: dt.date
    """Its first day, or ``NEVER`` when it is over."""
    day: dt.date
    hour: dt.datetime | None

    @property
    def over(self) -> bool:
        """Whether it is."""
        return self.comes == NEVER


class Agenda:
    """Events and sessions of one city and one kind, or of all."""

    def __init__(self, *, city: str = "", kind: str = "") -> None:
        self.events: AgendaEventQuerySet = AgendaEvent.objects.without_session(city)
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
        """The sessions that were not cancelled."""
        return self.sessions.held()

    def nearest(self, count: int) -> list[Item]:
        """What comes next; where nothing comes, the last that there was."""
        events = [of_event(one, over=False) for one in self.events.upcoming().listed()[:count]]
        sessions = [of_session(one, over=False) for one in self.held.listed().upcoming()[:count]]
        coming = sorted([*events, *sessions], key=lambda item: (item.starts_on, item.kind))
        return coming[:count] or _items(self._keys()[:count])

    def page(self, number: str | None) -> Page[Any]:
        """A page of everything; its ``object_list`` are items."""
        page = paginate(self._keys(), number)
        page.object_list = _items(page.object_list)
        return page

    def page_of(self, event: str) -> int | None:
        """Return the number of the page where the event of this key stands; None where it does not."""
        keys = map(Key._make, self._keys())
        places = (place for place, key in enumerate(keys) if (key.kind, str(key.pk)) == (EVENT, event))
        place = next(places, None)
        return None if place is None else place // PER_PAGE + 1

    def _keys(self) -> QuerySet[Any, Any]:
        """Everything in its order, to be cut into pages by the database; a row makes a ``Key``."""
        coming, over = F("day"), Value(NEVER, output_field=DateField())
        return (
            _keys_of_events(self.events.upcoming(), coming)
            .union(
                _keys_of_events(self.events.past(), over),
                _keys_of_sessions(self.held.upcoming(), coming),
                _keys_of_sessions(self.held.past(), over),
            )
            .order_by("comes", "-day", "what", "hour", "id")
        )


def _keys_of_events(events: AgendaEventQuerySet, comes: Any) -> QuerySet[Any, Any]:
    no_hour = Cast(Value(None), DateTimeField())  # of the type that hours have, which no database guesses
    return _keys(events.annotate(day=F("starts_on"), hour=no_hour), EVENT, comes)


def _keys_of_sessions(sessions: Any, comes: Any) -> QuerySet[Any, Any]:
    return _keys(sessions.annotate(day=TruncDate("starts_at"), hour=F("starts_at")), SESSION, comes)


def _keys(entries: QuerySet[Any, Any], kind: str, comes: Any) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = entries.order_by().annotate(
        what=Value(kind, output_field=CharField()), comes=comes
    )
    return named.values_list("id", "what", "comes", "day", "hour")


def _items(rows: Iterable[tuple[Any, ...]]) -> list[Item]:
    keys = [Key._make(row) for row in rows]
    events = AgendaEvent.objects.listed().in_bulk([key.pk for key in keys if key.kind == EVENT])
    sessions = Session.objects.listed().in_bulk([key.pk for key in keys if key.kind == SESSION])
    return [
        of_event(events[key.pk], over=key.over)
        if key.kind == EVENT
        else of_session(sessions[key.pk], over=key.over)
        for key in keys
    ]


def of_event(event: AgendaEvent, *, over: bool) -> Item:
    """Return an event; wants its cities and its course."""
    course = event.shown_course
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
        over=over,
        source=event.source,
        course=course.title if course else "",
        course_address=course.get_absolute_url() if course else "",
    )


def of_session(session: Session, *, over: bool) -> Item:
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
        over=over,
        hours=dates.hours(session.starts_at, session.ends_at),
    )
