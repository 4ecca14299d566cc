"""The chairs of a session: the last one, the line for it, and what is told of them."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from guias.actions.courses import call_session, cancel_session, change_session
from guias.actions.enrolment import enrol, withdraw
from guias.actions.reminders import announce_near_sessions
from guias.enums import Place
from guias.models import Enrolment
from nucleo.policies import Forbidden
from tests.at_once import at_once, in_processes
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def test_who_comes_late_waits_and_gets_the_chair_that_is_given_up(told: Any) -> None:
    session = SessionFactory(capacity=1)
    first, second, third = UserFactory(), UserFactory(), UserFactory()
    assert told(enrol, session=session, person=first, by=first) == {first}
    assert "Su cupo está reservado" in told.words
    assert f"m., {session.place}" in told.words and ".." not in told.words
    assert told(enrol, session=session, person=second, by=second) == {second}
    assert "lista de espera" in told.words
    enrol(session=session, person=third, by=third)
    assert enrol(session=session, person=first, by=first)[1] is False
    chair = Enrolment.objects.get(user=first)
    assert told(withdraw, enrolment=chair, by=first) == {second}
    assert "Ya hay un cupo para usted" in told.words
    assert set(session.enrolments.with_place().values_list("user", flat=True)) == {second.pk}
    withdraw(enrolment=Enrolment.objects.get(user=third), by=third)
    assert session.enrolments.with_place().count() == 1


def test_more_chairs_go_to_who_waits_and_fewer_take_none_away(told: Any) -> None:
    teacher, people = UserFactory(), [UserFactory() for _n in range(3)]
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    for person in people:
        enrol(session=session, person=person, by=person)
    same = {name: getattr(session, name) for name in ("starts_at", "ends_at", "city", "place", "link")}
    assert told(change_session, session=session, by=teacher, capacity=2, **same) == {people[1]}
    assert told(change_session, session=session, by=teacher, capacity=1, **same) == set()
    assert session.enrolments.with_place().count() == 2


def test_who_stands_in_the_door_is_let_in_by_who_teaches() -> None:
    teacher = UserFactory()
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    enrol(session=session, person=UserFactory(), by=teacher)
    late, _new = enrol(session=session, person=UserFactory(), by=teacher)
    assert late.has_place


def test_who_waited_and_stands_in_the_door_is_let_in_too(told: Any) -> None:
    teacher, colleague = UserFactory(), UserFactory(requested_role="centro", city=CityFactory())
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    enrol(session=session, person=(one := UserFactory()), by=one)
    waits = UserFactory(requested_role="centro", city=colleague.city)
    enrol(session=session, person=waits, by=waits)
    same, done = enrol(session=session, person=waits, by=colleague)
    assert not same.has_place and not done, "a colleague adds no chair"
    assert told(enrol, session=session, person=waits, by=teacher) == {waits}
    assert "Ya hay un cupo para usted" in told.words
    assert session.enrolments.with_place().count() == 2
    assert told(enrol, session=session, person=waits, by=teacher) == set()


def test_after_it_started_chairs_go_to_nobody_who_is_not_there(told: Any) -> None:
    teacher, waits = UserFactory(), UserFactory()
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    for person in (UserFactory(), waits):
        enrol(session=session, person=person, by=person)
    same = {name: getattr(session, name) for name in ("ends_at", "city", "place", "link")}
    session.starts_at = timezone.now() - dt.timedelta(minutes=1)
    session.save()
    more = {**same, "starts_at": session.starts_at, "capacity": 5}
    assert told(change_session, session=session, by=teacher, **more) == set()
    assert session.enrolments.in_line().count() == 1
    assert told(enrol, session=session, person=waits, by=teacher) == {waits}
    assert not session.enrolments.in_line().exists()


def test_who_may_not_is_refused() -> None:
    session = SessionFactory(course__access="centros")
    member = UserFactory()
    for action in (
        lambda: enrol(session=session, person=member, by=member),
        lambda: cancel_session(session=session, by=member, reason="No."),
        lambda: call_session(
            course=session.course, by=member, starts_at=session.starts_at, ends_at=session.ends_at, place="x"
        ),
        lambda: change_session(
            session=session, by=member, starts_at=session.starts_at, ends_at=session.ends_at, place="x"
        ),
    ):
        with pytest.raises(Forbidden):
            action()
    assert not Enrolment.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is asked in a file, below")
def test_two_at_once_on_the_last_chair() -> None:
    session = SessionFactory(capacity=1)
    people = [UserFactory() for _n in range(4)]

    def take(person: Any) -> str:
        return str(enrol(session=session, person=person, by=person)[0].place)

    places = at_once(*(partial(take, person) for person in people))
    assert sorted(places) == [Place.WAITING, Place.WAITING, Place.WAITING, Place.TAKEN]
    assert session.enrolments.with_place().count() == 1


BEFORE = """
from django.contrib.auth import get_user_model
from guias.actions.enrolment import enrol
from guias.models import Session
session, person = Session.objects.get(), get_user_model().objects.get(email=sys.argv[1])
"""
THEN = "print(enrol(session=session, person=person, by=person)[0].place)"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is asked above")
def test_two_processes_at_once_on_the_last_chair_of_a_file(tmp_path: Path) -> None:
    """SQLite as it runs: a file, and processes that write to it."""
    session = SessionFactory(capacity=1)
    people = [UserFactory(email=f"p{n}@demo.example").email for n in range(3)]
    places, written = in_processes(tmp_path, *people, before=BEFORE, then=THEN)
    assert sorted(places) == [Place.WAITING, Place.WAITING, Place.TAKEN]
    with contextlib.closing(sqlite3.connect(written)) as file:
        kept = file.execute("SELECT place FROM guias_enrolment WHERE session_id = ?", [session.pk])
        assert sorted(place for (place,) in kept) == sorted(places)


# What is told


def test_a_session_that_moves_or_is_cancelled_is_told_to_who_was_coming(told: Any) -> None:
    teacher, coming, waiting = UserFactory(), UserFactory(), UserFactory()
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    enrol(session=session, person=coming, by=coming)
    enrol(session=session, person=waiting, by=waiting)
    later = session.starts_at + dt.timedelta(days=1)
    moved = told(
        change_session,
        session=session,
        by=teacher,
        starts_at=later,
        ends_at=later + dt.timedelta(hours=2),
        place="Otra sala",
        link="https://ejemplo.test/sala",
        capacity=1,
    )
    assert moved == {coming} and "Otra sala" in told.words and "ejemplo.test" not in told.words
    assert told(cancel_session, session=session, by=teacher, reason="No hay luz.") == {coming, waiting}
    assert "No hay luz." in told.words
    assert told(cancel_session, session=session, by=teacher, reason="Otra.") == set()
    assert told(withdraw, enrolment=Enrolment.objects.get(user=coming), by=coming) == set()


def test_the_day_before_it_is_told_once(told: Any) -> None:
    coming = UserFactory()
    session = SessionFactory(starts_at=timezone.now() + dt.timedelta(hours=20))
    enrol(session=session, person=coming, by=coming)
    SessionFactory()
    assert told(announce_near_sessions) == {coming}
    assert "Ya casi es su sesión" in told.words
    assert told(announce_near_sessions) == set()


def test_who_is_written_on_the_list_afterwards_reads_of_no_chair_to_come(told: Any) -> None:
    teacher, waits = UserFactory(), UserFactory()
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[teacher]))
    for person in (UserFactory(), waits):
        enrol(session=session, person=person, by=person)
    session.starts_at = timezone.now() - dt.timedelta(hours=5)
    session.ends_at = timezone.now() - dt.timedelta(hours=3)
    session.save()
    for person in (waits, UserFactory()):
        assert told(enrol, session=session, person=person, by=teacher) == {person}
        assert "La anotaron en la lista de una sesión de formación" in told.words
        assert "cupo" not in told.words


def test_somebody_enrolled_by_another_hears_by_whom(told: Any) -> None:
    teacher = UserFactory(first_names="Doña Prueba")
    course = CourseFactory(trainers=[teacher])
    session = SessionFactory(course=course, city=None, place="", link="https://ejemplo.test/sala")
    assert len(told(enrol, session=session, person=UserFactory(), by=teacher)) == 1
    assert "m. Lo hizo Doña Prueba" in told.words
