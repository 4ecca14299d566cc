"""A training that the agenda announces and the course that it is a day of lead to one another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from guias.models import Course, Session
from portal.agenda import Agenda
from portal.models import AgendaEvent, EventKind
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory
from tests.factories.portal import AgendaEventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return CourseFactory(title="Cerrar la orientación", slug="cerrar")  # type: ignore[no-any-return]


@pytest.fixture
def cities() -> list[Any]:
    return [CityFactory(name="Pasto", slug="pasto"), CityFactory(name="Tumaco", slug="tumaco")]


@pytest.fixture
def event(course: Course, cities: list[Any]) -> AgendaEvent:
    return AgendaEventFactory(title="Capacitación en cierre", course=course, cities=cities)  # type: ignore[no-any-return]


def session_of(event: AgendaEvent, **fields: Any) -> Session:
    start = timezone.make_aware(dt.datetime.combine(event.starts_on, dt.time(9)))
    hours = {"starts_at": start, "ends_at": start + dt.timedelta(hours=2)}
    return SessionFactory(course=event.course, **hours, **fields)  # type: ignore[no-any-return]


def listed(**asked: str) -> list[str]:
    return [item.title for item in Agenda(**asked).page(None).object_list]


def test_the_agenda_leads_to_the_course_and_the_course_announces_the_day(
    client: Client, event: AgendaEvent
) -> None:
    page = client.get("/agenda/").content.decode()
    assert '<a href="/guias/formacion/cerrar/">Cerrar la orientación</a>' in page
    page = client.get("/guias/formacion/cerrar/").content.decode()
    assert "Fechas anunciadas" in page and "Pasto" in page and "Tumaco" in page
    assert f'href="/agenda/?actividad={event.pk}#actividad-{event.pk}"' in page
    assert "Programar esta sesión" not in page
    feed = client.get("/agenda.ics").content.decode().replace("\r\n ", "")
    assert f"{settings.ORIGIN}/guias/formacion/cerrar/" in feed


def test_who_teaches_calls_the_session_of_an_announced_day(
    client: Client, course: Course, event: AgendaEvent
) -> None:
    trainer = UserFactory()
    course.trainers.add(trainer)
    client.force_login(trainer)
    page = client.get("/guias/formacion/cerrar/").content.decode()
    address = f"/guias/formacion/cerrar/sesiones/nueva/?dia={event.starts_on}&amp;ciudad=tumaco"
    assert page.count("Programar esta sesión") == 2 and address in page
    form = client.get(address.replace("&amp;", "&")).context["form"]
    tumaco = event.cities.get(slug="tumaco").pk
    assert (form["day"].value(), form["city"].value()) == (event.starts_on, tumaco)
    for nonsense in ("?dia=ayer&ciudad=tumaco", "?dia=&ciudad=", "?ciudad=marte", "?dia=2026-13-45"):
        assert client.get(f"/guias/formacion/cerrar/sesiones/nueva/{nonsense}").status_code == 200
    data = {"day": event.starts_on, "starts": "09:00", "ends": "11:00", "city": tumaco}
    answer = client.post(address.replace("&amp;", "&"), {**data, "place": "Sala 2"})
    assert answer.status_code == 302
    page = client.get("/guias/formacion/cerrar/").content.decode()
    assert page.count("Programar esta sesión") == 1 and "ciudad=pasto" in page


def test_sessions_take_the_place_of_the_day_city_by_city(
    client: Client, event: AgendaEvent, cities: list[Any]
) -> None:
    first = session_of(event, city=cities[0])
    assert sorted(listed()) == ["Capacitación en cierre", "Cerrar la orientación"], "Tumaco has none yet"
    assert listed(city="pasto") == ["Cerrar la orientación"]
    assert listed(city="tumaco") == ["Capacitación en cierre"]
    second = session_of(event, city=cities[1])
    assert listed() == ["Cerrar la orientación"] * 2
    feed = client.get("/agenda.ics").content.decode()
    assert f"agenda-{event.pk}" not in feed and feed.count("BEGIN:VEVENT") == 2
    answer = client.get(f"/agenda/?actividad={event.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/guias/formacion/cerrar/")
    assert "Fechas anunciadas" not in client.get("/guias/formacion/cerrar/").content.decode()
    Session.objects.filter(pk=second.pk).update(cancelled_at=timezone.now())
    assert "Capacitación en cierre" in listed(), "a session that is cancelled gives the day back"
    assert first.get_absolute_url() in client.get("/agenda/").content.decode()


@pytest.mark.parametrize("where", ["another day", "another course", "on line", "no city announced"])
def test_only_a_session_of_that_course_on_that_day_takes_its_place(
    event: AgendaEvent, where: str, cities: list[Any]
) -> None:
    if where == "another day":
        later = session_of(event, city=None, link="https://x.example")
        later.starts_at += dt.timedelta(days=1)
        later.ends_at += dt.timedelta(days=1)
        later.save()
    elif where == "another course":
        event.course, own = CourseFactory(title="Otro"), event.course
        session_of(event, city=None, link="https://x.example")
        event.course = own
    elif where == "on line":
        session_of(event, city=None, link="https://x.example")
    else:
        event.cities.clear()
        session_of(event, city=cities[0])
    assert ("Capacitación en cierre" in listed()) is (where in {"another day", "another course"})


def test_a_course_that_is_no_longer_shown_is_not_led_to(client: Client, event: AgendaEvent) -> None:
    session_of(event, city=None, link="https://x.example")
    Course.objects.update(live=False)
    page = client.get("/agenda/").content.decode()
    assert "Capacitación en cierre" in page and "/guias/formacion/" not in page.partition("<main")[2]
    assert "formacion" not in client.get("/agenda.ics").content.decode()
    assert client.get(f"/agenda/?actividad={event.pk}").status_code == 200


def test_only_a_training_is_of_a_course(course: Course) -> None:
    with pytest.raises(IntegrityError, match="portal_event_of_a_course_is_training"):
        AgendaEventFactory(course=course, kind=EventKind.GATHERING)


def test_lists_cost_the_same_with_more(
    assert_same_queries: Any, event: AgendaEvent, cities: list[Any]
) -> None:
    def more() -> None:
        for days in (8, 9):
            day = timezone.localdate() + dt.timedelta(days)
            one = AgendaEventFactory(course=event.course, cities=cities, starts_on=day, ends_on=day)
            session_of(one, city=cities[0])

    session_of(event, city=cities[0])
    assert_same_queries("/agenda/", more)
    assert_same_queries("/guias/formacion/cerrar/", more)
