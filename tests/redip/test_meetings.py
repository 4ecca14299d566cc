"""Calling a meeting, answering, taking it to a calendar, beginning its acta."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from redip.models import Acta, Meeting
from tests.factories.redip import Lived, MeetingFactory, MemberFactory, browser

pytestmark = pytest.mark.django_db

RIGHT = {
    "day": "2030-03-24",
    "starts": "09:00",
    "ends": "11:00",
    "place": "Sala 2",
    "agenda": "Leer el acta\n- Compromisos\n\n",
}


def coming(mesa: Any, **fields: Any) -> Meeting:
    return MeetingFactory(mesa=mesa, starts_at=timezone.now() + dt.timedelta(days=2), **fields)


def test_a_meeting_is_called_once() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    for _click in range(2):
        response = client.post(seat.mesa.address("new_meeting"), RIGHT)
        assert response.status_code == 302
    meeting = Meeting.objects.get()
    assert response["Location"] == meeting.get_absolute_url()
    assert timezone.localtime(meeting.starts_at).isoformat() == "2030-03-24T09:00:00-05:00"
    assert [item.text for item in meeting.agenda.all()] == ["Leer el acta", "Compromisos"]


def test_a_meeting_written_down_afterwards_calls_nobody() -> None:
    seat = MemberFactory()
    for day, said, heading in (
        ("2030-03-24", "Les avisamos a los miembros.", "De qué se va a hablar"),
        ("2015-03-24", "Ya puede escribir el acta.", "De qué se habló"),
    ):
        given = {**RIGHT, "day": day}
        html = browser(seat.user).post(seat.mesa.address("new_meeting"), given, follow=True).content.decode()
        assert said in html and heading in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": ""}, "Diga qué día es la reunión."),
        ({"day": "el martes"}, "No entendimos esta fecha."),
        ({"starts": "nueve"}, "No entendimos esta hora."),
        ({"ends": "08:00"}, "La reunión debe terminar después de empezar."),
        ({"place": ""}, "Diga dónde es: un lugar, un enlace o los dos."),
        ({"place": "a" * 201}, "Caben 200 letras y hay 201."),
        ({"link": "javascript:alert(1)"}, "Este enlace no está completo."),
        ({"agenda": " \n - \n"}, "Escriba al menos un tema."),
        ({"agenda": "a" * 201}, "El tema 1 es muy largo: caben 200 letras."),
        ({"agenda": "\n".join(["x"] * 31)}, "Son muchos temas"),
    ],
)
def test_a_wrong_call_gets_a_sentence_and_keeps_the_rest(change: dict[str, str], sentence: str) -> None:
    seat = MemberFactory()
    response = browser(seat.user).post(seat.mesa.address("new_meeting"), {**RIGHT, **change})
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html and 'role="alert"' in html and 'aria-invalid="true"' in html
    kept = change.get("agenda", RIGHT["agenda"]).strip() if "agenda" in change else "Compromisos"
    assert kept.strip(" -\n") in html
    assert not Meeting.objects.exists()


def test_what_is_typed_is_shown_as_text() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    data = {**RIGHT, "place": "<script>alert(1)</script>", "agenda": "<b>Hola</b> 🙂"}
    html = client.post(seat.mesa.address("new_meeting"), data, follow=True).content.decode()
    assert "<script>alert" not in html and "&lt;b&gt;Hola&lt;/b&gt; 🙂" in html


def test_an_answer_is_kept_and_can_be_another() -> None:
    seat = MemberFactory()
    meeting = coming(seat.mesa)
    client, address = browser(seat.user), seat.mesa.address("answer", meeting.pk)
    response = client.post(address, {"answer": "si", "back": "mesa"})
    assert response["Location"] == seat.mesa.get_absolute_url()
    assert "Usted dijo que va." in client.get(response["Location"]).content.decode()
    response = client.post(address, {"answer": "no", "back": "https://malo.example/"})
    assert response["Location"] == meeting.get_absolute_url()
    html = client.get(response["Location"]).content.decode()
    assert "Usted dijo que no puede." in html and "No pueden" in html and seat.name in html
    assert meeting.answers.count() == 1


@pytest.mark.parametrize("answer", ["", "tal-vez", "<script>"])
def test_an_answer_that_is_none(answer: str) -> None:
    seat = MemberFactory()
    meeting = coming(seat.mesa)
    response = browser(seat.user).post(seat.mesa.address("answer", meeting.pk), {"answer": answer})
    assert response.status_code == 422 and "Diga si va o si no puede." in response.content.decode()
    assert not meeting.answers.exists()


def test_who_accompanies_the_mesa_does_not_answer_and_nobody_answers_late() -> None:
    seat = MemberFactory()
    meeting, past = coming(seat.mesa), MeetingFactory(mesa=seat.mesa)
    secretary = MemberFactory().user
    seat.mesa.red.secretaries.add(secretary)
    client = browser(secretary)
    assert "Sí voy" not in client.get(meeting.get_absolute_url()).content.decode()
    response = client.post(seat.mesa.address("answer", meeting.pk), {"answer": "si"})
    assert response.status_code == 403 and "Solo los miembros" in response.content.decode()
    late = browser(seat.user).post(seat.mesa.address("answer", past.pk), {"answer": "si"})
    assert late.status_code == 403


def test_a_calendar_reads_the_meeting_in_utc() -> None:
    seat = MemberFactory()
    starts = dt.datetime(2030, 3, 24, 14, tzinfo=dt.UTC)
    meeting = MeetingFactory(mesa=seat.mesa, starts_at=starts, link="https://sala.example/1", points=["Uno"])
    response = browser(seat.user).get(seat.mesa.address("meeting_ical", meeting.pk))
    assert response["Content-Type"].startswith("text/calendar")
    assert ".ics" in response["Content-Disposition"]
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart") == starts
    assert str(event["location"]) == "Sala de prueba, https://sala.example/1"
    assert "1. Uno" in str(event["description"])
    assert b"20300324T140000Z" in response.content


def test_the_acta_begins_with_the_meeting_and_only_once() -> None:
    seat = MemberFactory()
    meeting, held = coming(seat.mesa), MeetingFactory(mesa=seat.mesa)
    client = browser(seat.user)
    assert "Escribir el acta" not in client.get(meeting.get_absolute_url()).content.decode()
    assert client.post(seat.mesa.address("begin_acta", meeting.pk)).status_code == 403
    assert "Escribir el acta" in client.get(held.get_absolute_url()).content.decode()
    for _click in range(2):
        response = client.post(seat.mesa.address("begin_acta", held.pk))
    acta = Acta.objects.get()
    assert response["Location"] == seat.mesa.address("edit_acta", acta.pk)
    assert f'href="{acta.get_absolute_url()}"' in client.get(held.get_absolute_url()).content.decode()


def test_a_meeting_of_another_mesa_is_not_here() -> None:
    lived, stranger = Lived(), MemberFactory()
    client, mesa = browser(stranger.user), stranger.mesa
    assert client.get(mesa.address("meeting", lived.next.pk)).status_code == 404
    assert client.get(mesa.address("meeting_ical", lived.next.pk)).status_code == 404
    assert client.post(mesa.address("answer", lived.next.pk), {"answer": "si"}).status_code == 404
    assert client.post(mesa.address("begin_acta", lived.meeting.pk)).status_code == 404


def test_a_meeting_costs_the_same_however_many_answer(assert_same_queries: Any) -> None:
    seat = MemberFactory()
    meeting = coming(seat.mesa)
    meeting.answers.create(member=seat, answer="si")

    def more() -> None:
        meeting.answers.create(member=MemberFactory(mesa=seat.mesa), answer="no")
        meeting.agenda.create(order=meeting.agenda.count() + 1, text="Otro punto")

    address = meeting.get_absolute_url()
    assert assert_same_queries(address, lambda: (more(), more()), client=browser(seat.user)) <= 14
