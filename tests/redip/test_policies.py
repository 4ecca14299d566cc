"""Truth tables: who sees and does what inside a mesa, and each rule agrees with its twin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from nucleo.uploads import checked
from redip import policies
from redip.actions.actas import approve_acta
from redip.actions.bitacoras import open_bitacora, publish_edition
from redip.actions.mesas import send_message, share_file
from redip.enums import CommitmentState
from redip.models import (
    Acta,
    Bitacora,
    BitacoraSection,
    Commitment,
    Meeting,
    Mesa,
    MesaFile,
    MesaMember,
    MesaMessage,
    Red,
)
from tests.factories.redip import (
    INSIDERS,
    WRITERS,
    CommitmentFactory,
    MeetingFactory,
    MemberFactory,
    MesaFactory,
    cast,
    draft_acta,
    pdf,
    sent_acta,
)

pytestmark = pytest.mark.django_db


def table(rule: Any, people: dict[str, Any], thing: Any) -> set[str]:
    return {who for who, user in people.items() if rule(user, thing)}


def test_the_inside_of_a_mesa_and_every_twin() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    assert table(policies.can_see_inside, people, mesa) == INSIDERS
    assert table(policies.can_take_part, people, mesa) == INSIDERS
    seat = MemberFactory(mesa=mesa)
    things = {
        Meeting: MeetingFactory(mesa=mesa),
        Acta: draft_acta(seat),
        Commitment: CommitmentFactory(member=seat),
        MesaFile: share_file(mesa=mesa, by=seat.user, upload=checked(pdf())),
        MesaMessage: send_message(mesa=mesa, by=seat.user, text="Hola"),
        MesaMember: seat,
    }
    for who, user in people.items():
        assert Mesa.objects.visible_to(user).filter(pk=mesa.pk).exists()
        assert Red.objects.visible_to(user).filter(pk=mesa.red_id).exists()
        assert Mesa.objects.inside_of(user).filter(pk=mesa.pk).exists() is (who in INSIDERS), who
        for model, thing in things.items():
            seen = model.objects.visible_to(user).filter(pk=thing.pk).exists()
            assert seen is (who in INSIDERS), (model, who)


def test_who_manages_a_mesa() -> None:
    mesa = MesaFactory()
    assert table(policies.can_manage_mesa, cast(mesa), mesa) == {"coordinator", "secretary", "operator"}


def test_who_answers_to_a_call() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    coming = MeetingFactory(mesa=mesa, starts_at=timezone.now() + dt.timedelta(days=2))
    assert table(policies.can_answer, people, coming) == {"member", "coordinator"}
    assert table(policies.can_answer, people, MeetingFactory(mesa=mesa)) == set()


def test_who_begins_an_acta() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    coming = MeetingFactory(mesa=mesa, starts_at=timezone.now() + dt.timedelta(days=2))
    held, told = MeetingFactory(mesa=mesa), draft_acta(MemberFactory(mesa=mesa)).meeting
    assert table(policies.can_write_acta, people, coming) == set()
    assert table(policies.can_write_acta, people, held) == INSIDERS
    assert table(policies.can_write_acta, people, told) == set()


def test_who_does_what_with_an_acta_in_each_state() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    seat = mesa.members.get(user=people["member"])
    draft = draft_acta(seat)
    assert table(policies.can_edit_acta, people, draft) == INSIDERS
    assert table(policies.can_send_acta, people, draft) == INSIDERS
    assert table(policies.can_approve_acta, people, draft) == set()
    assert table(policies.can_ask_change, people, draft) == set()
    draft.attendees.all().delete()
    assert table(policies.can_send_acta, people, draft) == set()

    other = mesa.members.get(user=people["coordinator"])
    waiting = sent_acta(seat, other)
    assert table(policies.can_edit_acta, people, waiting) == set()
    assert table(policies.can_send_acta, people, waiting) == set()
    assert table(policies.can_approve_acta, people, waiting) == {"member", "coordinator"}
    assert table(policies.can_ask_change, people, waiting) == {"member", "coordinator"}
    approve_acta(acta=waiting, by=people["member"])
    assert table(policies.can_approve_acta, people, waiting) == {"coordinator"}
    closed = approve_acta(acta=waiting, by=people["coordinator"])
    for rule in (
        policies.can_edit_acta,
        policies.can_send_acta,
        policies.can_approve_acta,
        policies.can_ask_change,
    ):
        assert table(rule, people, closed) == set(), rule


def test_who_reports_on_a_commitment() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    seat = mesa.members.get(user=people["member"])
    managers = {"coordinator", "secretary", "operator"}
    hers = CommitmentFactory(member=seat)
    another = CommitmentFactory(member=MemberFactory(mesa=mesa))
    of_her_institution = CommitmentFactory(member=None, mesa=mesa, institution=seat.institution)
    done = CommitmentFactory(
        member=seat, state=CommitmentState.DONE, progress=100, closed_on=timezone.localdate()
    )
    assert table(policies.can_report, people, hers) == {"member"} | managers
    assert table(policies.can_report, people, another) == managers
    assert table(policies.can_report, people, of_her_institution) == {"member"} | managers
    assert table(policies.can_report, people, done) == set()


def test_who_reads_and_writes_a_bitacora() -> None:
    mesa = MesaFactory()
    people = cast(mesa)
    bitacora = open_bitacora(red=mesa.red)
    section = bitacora.sections.first()

    def twins_agree() -> None:
        for user in people.values():
            seen = Bitacora.objects.visible_to(user).filter(pk=bitacora.pk).exists()
            assert seen is policies.can_see_bitacora(user, bitacora)
            written = Bitacora.objects.writable_by(user).filter(pk=bitacora.pk).exists()
            assert written is policies.can_write_bitacora(user, bitacora.red)
            drafts = BitacoraSection.objects.visible_to(user).filter(pk=section.pk).exists()
            assert drafts is written

    assert table(policies.can_write_bitacora, people, mesa.red) == WRITERS
    assert table(policies.can_see_bitacora, people, bitacora) == WRITERS
    assert table(policies.can_publish_edition, people, mesa.red) == {"secretary", "operator"}
    twins_agree()
    bitacora.sections.filter(pk=section.pk).update(text="Hola", html="<p>Hola</p>")
    publish_edition(bitacora=bitacora, by=people["secretary"])
    assert table(policies.can_see_bitacora, people, bitacora) == set(people)
    assert table(policies.can_write_bitacora, people, mesa.red) == WRITERS
    twins_agree()
