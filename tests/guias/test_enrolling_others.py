"""Enrolling others: a centre its people, who teaches whoever stands in the door, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from guias.actions.enrolment import enrol
from guias.models import Enrolment, Session
from tests.factories.courses import CourseFactory, SessionFactory, cast, past
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Any) -> Any:
    user = UserFactory()
    client.force_login(user)
    return user


def test_a_centre_enrols_its_people_and_hears_of_whom_not(client: Any) -> None:
    session = SessionFactory()
    people = cast(session.course)
    client.force_login(people["staff"])
    typed = [people["colleague_by_city"].email.upper(), people["member"].email, "nadie@demo.example", ""]
    response = client.post(session.address("enrol_others"), {"emails": "\r\n".join(typed)})
    page = response.content.decode()
    assert response.status_code == 422 and "1 persona inscrita." in page
    assert f"{people['member'].email}" in page and "nadie@demo.example" in page
    assert "no son de una cuenta de su centro" in page
    assert [one.user for one in Enrolment.objects.all()] == [people["colleague_by_city"]]
    assert people["colleague_by_city"].display_name in page
    client.post(session.address("withdraw"), {"inscripcion": Enrolment.objects.get().pk})
    assert not Enrolment.objects.exists()
    many = "\n".join(f"p{n}@demo.example" for n in range(41))
    assert "hasta 40" in client.post(session.address("enrol_others"), {"emails": many}).content.decode()


def test_who_teaches_sees_who_waits_and_lets_them_in(client: Any, person: Any) -> None:
    session = SessionFactory(capacity=1, course=CourseFactory(trainers=[person]))
    first, waits = UserFactory(), UserFactory()
    for one in (first, waits):
        enrol(session=session, person=one, by=one)
    path = session.address("enrol_others")
    page = client.get(path).content.decode()
    assert "Darle cupo" in page and waits.display_name in page and waits.email not in page
    line = Enrolment.objects.get(user=waits)
    response = client.post(path, {"inscripcion": line.pk}, follow=True)
    assert f"{waits.display_name} ya tiene cupo." in response.content.decode()
    assert "Darle cupo" not in response.content.decode()
    for nonsense in (line.pk, "x", "0", Enrolment.objects.get(user=first).pk):
        assert client.post(path, {"inscripcion": nonsense}).status_code == 302
    response = client.post(path, {"emails": f"{waits.email}\n{UserFactory().email}"}, follow=True)
    page = response.content.decode()
    assert "1 persona inscrita." in page and f"Ya estaba inscrita: {waits.email}" in page
    assert session.enrolments.with_place().count() == 3


def test_a_colleague_does_not_see_who_waits(client: Any) -> None:
    session = SessionFactory(capacity=1)
    people = cast(session.course)
    for name in ("colleague_by_city", "staff_elsewhere"):
        enrol(session=session, person=people[name], by=people[name])
    client.force_login(people["staff"])
    path = session.address("enrol_others")
    page = client.get(path).content.decode()
    assert "Darle cupo" not in page and people["staff_elsewhere"].display_name not in page
    waiting = Enrolment.objects.get(user=people["staff_elsewhere"])
    assert client.post(path, {"inscripcion": waiting.pk}).status_code == 403
    waiting.refresh_from_db()
    assert not waiting.has_place


def test_whom_she_lets_in_while_she_takes_the_list_is_ticked_there(client: Any, person: Any) -> None:
    begun = timezone.now() - dt.timedelta(minutes=5)
    session = SessionFactory(course=CourseFactory(trainers=[person]), starts_at=begun)
    late = UserFactory()
    response = client.post(session.address("enrol_others"), {"emails": late.email})
    assert response.url == session.address("attendance")
    assert late.display_name in client.get(response.url).content.decode()


def test_the_list_may_be_completed_for_a_week_and_then_says_why_not(client: Any, person: Any) -> None:
    course = CourseFactory(trainers=[person])
    last_night, long_ago = past(course=course), past(course=course)
    ended = timezone.now() - dt.timedelta(days=8)
    Session.objects.filter(pk=long_ago.pk).update(starts_at=ended - dt.timedelta(hours=2), ends_at=ended)
    late = UserFactory()
    page = client.get(last_night.get_absolute_url()).content.decode()
    assert last_night.address("enrol_others") in page
    response = client.post(last_night.address("enrol_others"), {"emails": late.email}, follow=True)
    assert late.display_name in response.content.decode()
    assert "puede retirarse" not in client.get(last_night.address("enrol_others")).content.decode()
    assert long_ago.address("enrol_others") not in client.get(long_ago.get_absolute_url()).content.decode()
    refused = client.post(long_ago.address("enrol_others"), {"emails": late.email})
    assert refused.status_code == 403 and "hace más de una semana" in refused.content.decode()
    told = client.get(long_ago.address("enrol_others"), follow=True)
    assert told.redirect_chain == [(long_ago.get_absolute_url(), 302)]
    assert "hace más de una semana" in told.content.decode()
    client.force_login(UserFactory(requested_role="centro"))
    refused = client.get(last_night.address("enrol_others"))
    assert refused.status_code == 403 and "La sesión ya empezó." in refused.content.decode()


def test_who_teaches_has_the_list_at_hand_before_it_opens(client: Any, person: Any) -> None:
    session = SessionFactory(course=CourseFactory(trainers=[person]))
    path = session.address("attendance_csv")
    assert path not in client.get(session.get_absolute_url()).content.decode(), "nobody is on it"
    enrol(session=session, person=UserFactory(), by=person)
    assert path in client.get(session.get_absolute_url()).content.decode()
    assert client.get(path).status_code == 200
    begun = SessionFactory(course=session.course, starts_at=timezone.now())
    assert "aside-first" in client.get(begun.get_absolute_url()).content.decode()
    client.force_login(UserFactory(requested_role="centro"))
    for one in (session, begun):
        page = client.get(one.get_absolute_url()).content.decode()
        assert "aside-first" not in page and one.address("attendance_csv") not in page
