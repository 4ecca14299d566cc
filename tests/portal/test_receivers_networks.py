"""Who is told of what in a mesa, and that nobody outside of it ever is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from portal.avisos.models import Notice
from redip.actions import actas, commitments, meetings, mesas
from redip.actions.reminders import announce_due
from redip.enums import Answer, MesaRole
from tests.factories.cuentas import UserFactory
from tests.factories.redip import CommitmentFactory, MeetingFactory, MemberFactory, draft_acta, sent_acta

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Any:
    """Call it with an action: who was told by it, as the set of people; ``told.texts`` are the words."""

    def during(action: Any, **arguments: Any) -> set[Any]:
        before = set(Notice.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            during.result = action(**arguments)
        fresh = list(Notice.objects.exclude(pk__in=before).select_related("recipient"))
        during.texts = {notice.text for notice in fresh}
        during.urls = {notice.url for notice in fresh}
        return {notice.recipient for notice in fresh}

    return during


@pytest.fixture
def table() -> Any:
    """A coordinator, a member, one who left and one of another mesa."""
    boss = MemberFactory(role=MesaRole.COORDINATOR)
    member = MemberFactory(mesa=boss.mesa)
    gone = MemberFactory(mesa=boss.mesa, left_on=timezone.localdate())
    MemberFactory()
    return boss, member, gone


def call(told: Any, by: Any, days: int) -> set[Any]:
    start = timezone.now() + dt.timedelta(days=days)
    more = {"starts_at": start, "ends_at": start + dt.timedelta(hours=2), "agenda": ["Uno"], "place": "Aquí"}
    found: set[Any] = told(meetings.call_meeting, mesa=by.mesa, by=by.user, **more)
    return found


def test_a_call_goes_to_the_others_who_sit_there(told: Any, table: Any) -> None:
    boss, member, _gone = table
    assert call(told, boss, 5) == {member.user}
    assert told.urls == {told.result.get_absolute_url()}
    assert [message.to for message in mail.outbox] == [[member.user.email]]
    assert call(told, boss, -5) == set()


def test_a_commitment_goes_to_who_answers_for_it(told: Any, table: Any) -> None:
    boss, member, _gone = table
    until = timezone.localdate() + dt.timedelta(days=9)
    add = {"mesa": boss.mesa, "by": boss.user, "until": until}
    assert told(commitments.add_commitment, what="a", member=member, **add) == {member.user}
    assert told(commitments.add_commitment, what="b", member=boss, **add) == set()
    assert told(commitments.add_commitment, what="c", institution=member.institution, **add) == {member.user}


def test_an_acta_goes_to_those_present_and_its_end_to_all(told: Any, table: Any) -> None:
    boss, member, gone = table
    acta = draft_acta(boss, member)
    assert told(actas.send_acta, acta=acta, by=boss.user) == {boss.user, member.user}
    assert told(actas.approve_acta, acta=acta, by=boss.user) == set()
    assert told(actas.approve_acta, acta=acta, by=member.user) == {boss.user, member.user}
    assert told.texts == {"Un acta quedó aprobada y cerrada"}
    assert not Notice.objects.filter(recipient=gone.user).exists()


def test_a_wanted_change_goes_to_who_writes_and_coordinates(told: Any, table: Any) -> None:
    boss, member, _gone = table
    acta = sent_acta(boss, member)
    assert told(actas.ask_change, acta=acta, by=member.user, text="Falta algo") == {boss.user}
    assert told(actas.send_acta, acta=acta, by=boss.user) == {boss.user, member.user}


def test_a_new_member_is_told_where_she_sits(told: Any, table: Any) -> None:
    boss, _member, _gone = table
    person = UserFactory()
    assert told(mesas.add_member, mesa=boss.mesa, by=boss.user, user=person) == {person}
    assert told.urls == {boss.mesa.get_absolute_url()}
    assert told(mesas.add_member, mesa=boss.mesa, by=boss.user, user=person) == set()


def test_what_falls_due_is_said_once_before_and_once_after(told: Any, table: Any) -> None:
    _boss, member, _gone = table
    today = timezone.localdate()
    CommitmentFactory(member=member, until=today + dt.timedelta(days=2))
    CommitmentFactory(member=member, until=today + dt.timedelta(days=20))
    CommitmentFactory(member=member, until=today - dt.timedelta(days=60))
    left = MemberFactory(mesa=member.mesa, left_on=today)
    CommitmentFactory(member=left, until=today)
    assert told(announce_due) == {member.user}
    assert told.texts == {"Se acerca el plazo de un compromiso"}
    assert told(announce_due) == set()
    later = timezone.now() + dt.timedelta(days=4)
    assert told(announce_due, now=later) == {member.user}
    assert told.texts == {"Pasó el plazo de un compromiso"}
    assert told(announce_due, now=later) == set()


def test_a_meeting_is_said_to_be_near_except_to_who_cannot(told: Any, table: Any) -> None:
    boss, member, _gone = table
    meeting = MeetingFactory(mesa=boss.mesa, starts_at=timezone.now() + dt.timedelta(hours=20))
    meetings.answer(meeting=meeting, by=member.user, answer=Answer.NO)
    assert told(announce_due) == {boss.user}
    assert told(announce_due) == set()


def test_tick_reminds_once_a_day(table: Any, queued: Any) -> None:
    _boss, member, _gone = table
    CommitmentFactory(member=member, until=timezone.localdate())
    for _minute in range(2):
        call_command("tick")
    assert Notice.objects.filter(recipient=member.user).count() == 1
