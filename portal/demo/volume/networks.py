"""Synthetic mesas with members, meetings, actas, messages and commitments, in the networks there are."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from directorio.models import ChainLink, Institution
from portal.cuentas.models import User
from portal.demo.accounts import DOMAIN
from portal.demo.volume.parts import update
from portal.demo.volume.people import everyone
from portal.demo.volume.prose import MARK, Prose, html, markdown
from redip.enums import ActaState, Answer, CommitmentState, MesaRole
from redip.models import (
    Acta,
    AgendaItem,
    Attendance,
    Attendee,
    Commitment,
    Meeting,
    Mesa,
    MesaMember,
    MesaMessage,
    Red,
)
from redip.models.commitments import OPEN
from redip.models.sheets import sheet_of

START = "sintetico-"
MEMBERS, MESSAGES, PAST_MEETINGS = 12, 30, 5


@transaction.atomic
def load(mesas: int, commitments: int) -> int:
    """Add what is missing; return how many rows. Nothing without networks and people."""
    networks = list(Red.objects.select_related("city").order_by("city__name"))
    people = list(everyone())
    if not networks or not people:
        return 0
    have = Mesa.objects.filter(slug__startswith=START).count()
    new = [_mesa(number, networks) for number in range(have + 1, mesas + 1)]
    Mesa.objects.bulk_create(new, batch_size=500)
    added = len(new)
    if new:
        added += _fill(new, people)
    return added + _commitments(commitments)


def _mesa(number: int, networks: list[Red]) -> Mesa:
    prose = Prose("mesa", number)
    return Mesa(
        red=networks[number % len(networks)],
        name=f"{MARK} {number}: {prose.words(1, 2)}",
        slug=f"{START}{number}",
        link=prose.random.choice(ChainLink.values),
        order=500 + number % 20_000,
    )


def _fill(mesas: list[Mesa], people: list[User]) -> int:
    bodies: list[Institution | None] = [*Institution.objects.filter(slug__startswith=START).order_by("pk")]
    accounts = list(User.objects.filter(email__in=[f"miembro@{DOMAIN}", f"secretaria@{DOMAIN}"]))
    members: list[MesaMember] = []
    messages: list[MesaMessage] = []
    meetings: list[Meeting] = []
    for mesa in mesas:
        prose = Prose("mesa-inside", mesa.pk)
        here = prose.random.sample(people, min(MEMBERS, len(people)))
        here += [account for account in accounts if account.city_id == mesa.red.city_id]
        members += [
            MesaMember(
                mesa=mesa,
                user=user,
                institution=prose.random.choice(bodies or [None]),
                role=MesaRole.MEMBER if n else MesaRole.COORDINATOR,
            )
            for n, user in enumerate(here)
        ]
        messages += [_message(mesa, here, prose) for _ in range(MESSAGES)]
        meetings += [_meeting(mesa, months, prose) for months in range(-PAST_MEETINGS, 1)]
    made: list[Any] = [
        *MesaMember.objects.bulk_create(members, batch_size=500),
        *MesaMessage.objects.bulk_create(messages, batch_size=500),
        *Meeting.objects.bulk_create(meetings, batch_size=500),
    ]
    return len(made) + _meetings_inside(meetings, members)


def _message(mesa: Mesa, people: list[User], prose: Prose) -> MesaMessage:
    text = prose.paragraphs(1)
    return MesaMessage(
        mesa=mesa,
        author=prose.random.choice(people),
        text=markdown(text),
        html=html(text),
        sent_at=prose.moment(180),
    )


def _meeting(mesa: Mesa, months: int, prose: Prose) -> Meeting:
    hour = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    starts = hour + timedelta(days=30 * months + prose.random.randint(2, 20))
    return Meeting(
        mesa=mesa, starts_at=starts, ends_at=starts + timedelta(hours=2), place=f"{MARK}: {prose.words(2, 4)}"
    )


def _meetings_inside(meetings: list[Meeting], members: list[MesaMember]) -> int:
    """Agenda and answers of every meeting; of the past ones an approved acta with who was there."""
    by_mesa: dict[int, list[MesaMember]] = defaultdict(list)
    for member in members:
        by_mesa[member.mesa_id].append(member)
    numbers: dict[int, int] = defaultdict(int)
    agenda: list[AgendaItem] = []
    answers: list[Attendance] = []
    actas: list[Acta] = []
    for meeting in meetings:
        prose = Prose("meeting", meeting.pk)
        here = by_mesa[meeting.mesa_id]
        agenda += [AgendaItem(meeting=meeting, order=n, text=prose.sentence()) for n in range(1, 5)]
        answers += [
            Attendance(meeting=meeting, member=member, answer=prose.random.choice(Answer.values))
            for member in prose.random.sample(here, len(here) // 2)
        ]
        if meeting.has_started:
            numbers[meeting.mesa_id] += 1
            actas.append(_acta(meeting, numbers[meeting.mesa_id], prose))
    AgendaItem.objects.bulk_create(agenda, batch_size=500)
    Attendance.objects.bulk_create(answers, batch_size=500)
    Acta.objects.bulk_create(actas, batch_size=200)
    present = [
        Attendee(
            acta=acta,
            member=member,
            name=member.name,
            institution=member.place,
            approved_at=acta.meeting.ends_at + timedelta(days=2),
        )
        for acta in actas
        for member in by_mesa[acta.mesa_id][:8]
    ]
    Attendee.objects.bulk_create(present, batch_size=500)
    for acta in actas:
        acta.record = sheet_of(acta)
        acta.state, acta.approved_at = ActaState.APPROVED, acta.meeting.ends_at + timedelta(days=3)
    update(Acta, actas, ["record", "state", "approved_at"])
    return len(agenda) + len(answers) + len(actas) + len(present)


def _acta(meeting: Meeting, number: int, prose: Prose) -> Acta:
    topics, decisions = prose.paragraphs(4), prose.paragraphs(2)
    return Acta(
        meeting=meeting,
        mesa=meeting.mesa,
        number=number,
        topics=markdown(topics),
        topics_html=html(topics),
        decisions=markdown(decisions),
        decisions_html=html(decisions),
        sent_at=meeting.ends_at,
        updated_at=meeting.ends_at,
    )


def _commitments(wanted: int) -> int:
    mesas = list(Mesa.objects.filter(slug__startswith=START).order_by("pk").values_list("pk", flat=True))
    have = Commitment.objects.filter(mesa__in=mesas).count()
    by_mesa: dict[int, list[MesaMember]] = defaultdict(list)
    for member in MesaMember.objects.filter(mesa__in=mesas).order_by("pk"):
        by_mesa[member.mesa_id].append(member)
    new = [_commitment(number, mesas, by_mesa) for number in range(have + 1, wanted + 1)] if mesas else []
    return len(Commitment.objects.bulk_create(new, batch_size=500))


def _commitment(number: int, mesas: list[int], by_mesa: dict[int, list[MesaMember]]) -> Commitment:
    prose = Prose("commitment", number)
    mesa = mesas[number % len(mesas)]
    member = prose.random.choice(by_mesa[mesa])
    state = prose.random.choice(CommitmentState.values)
    created = prose.moment(200)
    return Commitment(
        mesa_id=mesa,
        what=prose.title(number, 14),
        member=member,
        institution_id=member.institution_id,
        until=(created + timedelta(days=prose.random.randint(10, 240))).date(),
        state=state,
        progress=100 if state == CommitmentState.DONE else prose.random.choice([0, 20, 40, 60, 80]),
        created_at=created,
        closed_on=None if state in OPEN else (created + timedelta(days=9)).date(),
    )
