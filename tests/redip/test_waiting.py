"""What waits for a person, what home shows of networks, and how hours, terms and changes are said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.utils import timezone

from nucleo.dates import hours, month_and_year, when
from redip.actions.meetings import answer
from redip.enums import Answer
from redip.models.changes import blocks_of, compare_blocks, lead_of
from redip.models.wording import due
from redip.tables import next_meeting, waiting_for
from tests.factories.directorio import CityFactory
from tests.factories.redip import CommitmentFactory, MeetingFactory, MemberFactory, RedFactory, sent_acta

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_what_waits_comes_with_its_action_and_the_most_urgent_first() -> None:
    seat = MemberFactory()
    CommitmentFactory(member=seat, what="Pronto", until=day(5))
    CommitmentFactory(member=seat, what="Tarde", until=day(-40))
    CommitmentFactory(member=seat, what="Lejos", until=day(90))
    CommitmentFactory(member=MemberFactory(mesa=seat.mesa), what="Ajeno", until=day(1))
    acta = sent_acta(seat)
    meeting = MeetingFactory(mesa=seat.mesa, starts_at=timezone.now() + dt.timedelta(days=3))
    rows = waiting_for(seat.user)
    assert [row["kind"] for row in rows] == ["compromiso", "acta", "reunion", "compromiso"]
    assert [row["title"] for row in rows][::3] == ["Tarde", "Pronto"]
    assert rows[1]["href"] == acta.get_absolute_url() and rows[1]["action"] == "Leer y aprobar"
    assert rows[2]["href"] == meeting.get_absolute_url()
    assert all(row["text"] == f"{seat.mesa.title}, {seat.mesa.red.city.name}" for row in rows)
    answer(meeting=meeting, by=seat.user, answer=Answer.NO)
    assert "reunion" not in {row["kind"] for row in waiting_for(seat.user)}


def test_nothing_waits_for_a_visitor_nor_for_who_left(django_assert_num_queries: Any) -> None:
    seat = MemberFactory()
    CommitmentFactory(member=seat, until=day(1))
    sent_acta(seat)
    MeetingFactory(mesa=seat.mesa, starts_at=timezone.now() + dt.timedelta(days=3))
    seat.left_on = timezone.localdate()
    seat.save()
    assert waiting_for(seat.user) == [] and next_meeting(seat.user) is None
    with django_assert_num_queries(0):
        assert waiting_for(AnonymousUser()) == [] and next_meeting(AnonymousUser()) is None


def test_what_waits_costs_three_queries(django_assert_num_queries: Any) -> None:
    seat = MemberFactory()
    for n in range(3):
        CommitmentFactory(member=seat, until=day(n))
        sent_acta(seat)
        MeetingFactory(mesa=seat.mesa, starts_at=timezone.now() + dt.timedelta(days=3))
    with django_assert_num_queries(3):
        assert len(waiting_for(seat.user)) == 9


def test_the_next_meeting_is_of_her_mesas() -> None:
    seat = MemberFactory()
    MeetingFactory(mesa=MemberFactory().mesa, starts_at=timezone.now() + dt.timedelta(days=1))
    later, sooner = (
        MeetingFactory(mesa=seat.mesa, starts_at=timezone.now() + dt.timedelta(days=n)) for n in (4, 2)
    )
    found = next_meeting(seat.user)
    assert found is not None
    assert (found["id"], found["city"]) == (sooner.pk, seat.mesa.red.city.name)
    assert later.pk != found["id"]


def test_home_lists_the_networks_by_stage(rf: Any, django_assert_num_queries: Any) -> None:
    RedFactory(city=CityFactory(name="Cartagena"))
    RedFactory(city=CityFactory(name="Ocaña"), stage=1)
    request = rf.get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(1):
        html = Template("{% load redip %}{% networks_by_stage %}").render(Context({"request": request}))
    assert html.index("Cartagena") < html.index("Ocaña") and html.count('data-tipo="red"') == 2


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (9, 11, "9:00 a 11:00 a. m."),
        (9, 14, "9:00 a. m. a 2:00 p. m."),
        (12, 13, "12:00 a 1:00 p. m."),
        (0, 1, "12:00 a 1:00 a. m."),
    ],
)
def test_hours_are_said_as_people_say_them(start: int, end: int, said: str) -> None:
    moments = [timezone.make_aware(dt.datetime(2015, 2, 24, hour)) for hour in (start, end)]
    assert hours(*moments).replace("\xa0", " ") == said


def test_a_meeting_over_midnight_says_both_days() -> None:
    start = timezone.make_aware(dt.datetime(2015, 2, 28, 22))
    said = when(start, start + dt.timedelta(hours=4)).replace("\xa0", " ")
    assert said == "28 de febrero de 2015 al 1 de marzo de 2015, de 10:00 p. m. a 2:00 a. m."
    assert month_and_year(dt.date(2015, 3, 31)) == "marzo de 2015"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Vence hoy"), (1, "Vence mañana"), (4, "Vence en 4 días"), (-1, "Pasó el plazo ayer"),
        (-6, "Pasó el plazo hace 6 días"),
    ],
)  # fmt: skip
def test_how_far_a_date_is(days: int, said: str) -> None:
    assert due(day(days)) == said


def test_prose_is_read_in_blocks() -> None:
    html = "<h3>Uno</h3><p>Dos <b>tres</b></p><ul><li><p>Cuatro</p></li></ul>"
    html += "<blockquote><p>Cinco</p></blockquote>"
    assert [(block.kind, block.text) for block in blocks_of(html)] == [
        ("heading", "Uno"), ("text", "Dos tres"), ("item", "Cuatro"), ("quote", "Cinco"),
    ]  # fmt: skip
    assert lead_of(html) == "Dos tres" and lead_of("") == "" and lead_of("<h3>Solo</h3>") == ""


def test_blocks_that_come_and_go_keep_their_place() -> None:
    changes = compare_blocks("<p>Se queda</p><p>Se va del todo</p>", "<p>Llega algo nuevo</p><p>Se queda</p>")
    assert [change.words for change in changes] == [
        [("ins", "Llega algo nuevo")], [("same", "Se queda")], [("del", "Se va del todo")],
    ]  # fmt: skip
    assert [change.is_same for change in changes] == [False, True, False]
