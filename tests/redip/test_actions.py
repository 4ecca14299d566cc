"""What people do: what changes, what is announced, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from nucleo.policies import Forbidden
from nucleo.uploads import checked
from redip import signals
from redip.actions import actas, bitacoras, commitments, meetings, mesas
from redip.actions.conflicts import Conflict
from redip.enums import ActaState, Answer, CommitmentState, MesaRole
from redip.models import Acta, MesaFile, MesaMember
from redip.models.sheets import sheet
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.redip import (
    CommitmentFactory,
    MeetingFactory,
    MemberFactory,
    MesaFactory,
    RedFactory,
    draft_acta,
    pdf,
    sent_acta,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Any:
    """What was announced, as (signal, arguments)."""
    found: list[tuple[Any, dict[str, Any]]] = []
    names = ("meeting_called", "commitment_assigned", "acta_sent", "acta_approved")
    listeners = []
    for name in names:
        signal = getattr(signals, name)

        def listen(sender: Any, _name: str = name, **kwargs: Any) -> None:
            kwargs.pop("signal")
            found.append((_name, kwargs))

        signal.connect(listen)
        listeners.append((signal, listen))
    yield found
    for signal, listen in listeners:
        signal.disconnect(listen)


def queued() -> set[tuple[str, str]]:
    return set(PendingChange.objects.values_list("source", "object_id"))


def test_calling_a_meeting(heard: Any, django_capture_on_commit_callbacks: Any) -> None:
    seat = MemberFactory()
    start = timezone.now() + dt.timedelta(days=3)
    with django_capture_on_commit_callbacks(execute=True):
        meeting = meetings.call_meeting(
            mesa=seat.mesa,
            by=seat.user,
            starts_at=start,
            ends_at=start + dt.timedelta(hours=1),
            agenda=[" Leer el acta ", "", "Compromisos"],
            place="Aquí",
        )
    assert [item.text for item in meeting.agenda.all()] == ["Leer el acta", "Compromisos"]
    assert heard == [("meeting_called", {"meeting": meeting, "by": seat.user})]
    with pytest.raises(Forbidden):
        meetings.call_meeting(
            mesa=seat.mesa, by=UserFactory(), starts_at=start, ends_at=start, agenda=[], place="x"
        )


def test_a_meeting_ends_after_it_starts_and_has_a_place() -> None:
    now = timezone.now()
    for fields in ({"starts_at": now, "ends_at": now}, {"place": "", "link": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingFactory(**fields)


def test_an_answer_counts_once_and_can_change() -> None:
    seat = MemberFactory()
    meeting = MeetingFactory(mesa=seat.mesa, starts_at=timezone.now() + dt.timedelta(days=1))
    assert meetings.answer(meeting=meeting, by=seat.user, answer=Answer.YES)
    assert not meetings.answer(meeting=meeting, by=seat.user, answer=Answer.YES)
    assert meetings.answer(meeting=meeting, by=seat.user, answer=Answer.NO)
    assert meeting.answers.get().answer == Answer.NO
    with pytest.raises(Forbidden):
        meetings.answer(meeting=meeting, by=UserFactory(), answer=Answer.YES)


def test_an_acta_is_drafted_from_the_agenda_with_who_said_yes() -> None:
    seat, absent = MemberFactory(), None
    absent = MemberFactory(mesa=seat.mesa)
    meeting = MeetingFactory(mesa=seat.mesa)
    meeting.answers.create(member=seat, answer=Answer.YES)
    meeting.answers.create(member=absent, answer=Answer.NO)
    acta = actas.begin_acta(meeting=meeting, by=seat.user)
    assert acta.topics == "1. **Leer el acta anterior.** \n2. **Compromisos.** "
    assert "<strong>Compromisos.</strong>" in acta.topics_html
    assert [row.name for row in acta.attendees.all()] == [seat.name]
    assert actas.begin_acta(meeting=meeting, by=seat.user) == acta
    assert draft_acta(seat).number == acta.number + 1


def test_two_people_editing_one_acta_conflict_openly() -> None:
    first, second = MemberFactory(), None
    second = MemberFactory(mesa=first.mesa)
    acta = draft_acta(first)
    opened = acta.revision
    mine = Acta.objects.get(pk=acta.pk)
    actas.save_acta(
        acta=acta, by=second.user, revision=opened, topics="De la segunda", decisions="", members=[second.pk]
    )
    with pytest.raises(Conflict) as caught:
        actas.save_acta(
            acta=mine, by=first.user, revision=opened, topics="De la primera", decisions="", members=[]
        )
    assert caught.value.current.topics == "De la segunda"
    kept = Acta.objects.get(pk=acta.pk)
    assert (kept.topics, kept.revision) == ("De la segunda", opened + 1)
    assert [row.member for row in kept.attendees.all()] == [second]


def test_only_members_of_the_mesa_can_have_been_present() -> None:
    seat, stranger = MemberFactory(), MemberFactory()
    acta = draft_acta(seat)
    actas.save_acta(
        acta=acta,
        by=seat.user,
        revision=acta.revision,
        topics="x",
        decisions="",
        members=[seat.pk, stranger.pk],
    )
    assert [row.member for row in acta.attendees.all()] == [seat]


def test_what_is_written_is_clean() -> None:
    seat = MemberFactory()
    acta = draft_acta(seat)
    saved = actas.save_acta(
        acta=acta,
        by=seat.user,
        revision=acta.revision,
        topics="<script>alert(1)</script> [x](javascript:alert(1)) 🙂",
        decisions="",
        members=[],
    )
    assert "<script" not in saved.topics_html
    assert "javascript:" not in saved.topics_html.replace("(javascript:", "")
    assert "🙂" in saved.topics_html


def test_the_way_of_an_acta(heard: Any, django_capture_on_commit_callbacks: Any) -> None:
    first = MemberFactory()
    second = MemberFactory(mesa=first.mesa)
    with django_capture_on_commit_callbacks(execute=True):
        acta = sent_acta(first, second)
    assert acta.state == ActaState.IN_APPROVAL
    with django_capture_on_commit_callbacks(execute=True):
        actas.approve_acta(acta=acta, by=first.user)
    assert [name for name, _kwargs in heard] == ["acta_sent"]
    with pytest.raises(Forbidden):
        actas.approve_acta(acta=acta, by=first.user)
    with django_capture_on_commit_callbacks(execute=True):
        closed = actas.approve_acta(acta=acta, by=second.user)
    assert closed.state == ActaState.APPROVED
    assert [name for name, _kwargs in heard] == ["acta_sent", "acta_approved"]
    assert ("acta", str(acta.pk)) in queued()
    for call in (
        lambda: actas.save_acta(
            acta=closed, by=first.user, revision=closed.revision, topics="x", decisions="", members=[]
        ),
        lambda: actas.send_acta(acta=closed, by=first.user),
        lambda: actas.ask_change(acta=closed, by=first.user, text="x"),
    ):
        with pytest.raises(Forbidden):
            call()


def test_a_change_that_is_asked_for_voids_the_approvals() -> None:
    first = MemberFactory()
    second = MemberFactory(mesa=first.mesa)
    acta = sent_acta(first, second)
    actas.approve_acta(acta=acta, by=first.user)
    back = actas.ask_change(acta=acta, by=second.user, text="Falta una decisión")
    assert back.state == ActaState.DRAFT
    assert (back.wanted_change, back.wanted_by) == ("Falta una decisión", second.user)
    assert not back.attendees.filter(approved_at__isnull=False).exists()
    again = actas.send_acta(acta=back, by=first.user)
    assert again.wanted_change == ""


def test_who_left_the_mesa_is_not_waited_for() -> None:
    first = MemberFactory(role=MesaRole.COORDINATOR)
    second = MemberFactory(mesa=first.mesa)
    acta = sent_acta(first, second)
    actas.approve_acta(acta=acta, by=first.user)
    assert mesas.remove_member(member=second, by=first.user)
    acta.refresh_from_db()
    assert acta.state == ActaState.APPROVED


def test_an_approved_acta_shows_what_was_approved() -> None:
    seat = MemberFactory()
    acta = draft_acta(seat)
    commitment = commitments.add_commitment(
        mesa=acta.mesa,
        by=seat.user,
        what="Hacer la lista",
        until=timezone.localdate(),
        member=seat,
        acta=acta,
    )
    actas.send_acta(acta=acta, by=seat.user)
    closed = actas.approve_acta(acta=acta, by=seat.user)
    closed.meeting.place = "Otro lugar"
    closed.meeting.save()
    commitment.what = "Otra cosa"
    commitment.save()
    shown = sheet(Acta.objects.get(pk=acta.pk))
    assert shown["place"] == "Sala de prueba"
    assert [row["what"] for row in shown["commitments"]] == ["Hacer la lista"]
    with pytest.raises(Forbidden):
        commitments.add_commitment(
            mesa=acta.mesa, by=seat.user, what="x", until=timezone.localdate(), member=seat, acta=closed
        )


def test_a_commitment_is_announced_and_found(heard: Any, django_capture_on_commit_callbacks: Any) -> None:
    seat = MemberFactory()
    with django_capture_on_commit_callbacks(execute=True):
        made = commitments.add_commitment(
            mesa=seat.mesa, by=seat.user, what="x", until=timezone.localdate(), member=seat
        )
    assert heard == [("commitment_assigned", {"commitment": made, "by": seat.user})]
    assert ("mesa", str(seat.mesa_id)) in queued()


def test_a_commitment_names_someone() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory(member=None, mesa=MesaFactory())


@pytest.mark.parametrize(
    ("percent", "asked", "state", "progress", "closed"),
    [
        (0, None, CommitmentState.PENDING, 0, False),
        (40, None, CommitmentState.ON_ITS_WAY, 40, False),
        (100, None, CommitmentState.DONE, 100, True),
        (40, CommitmentState.DONE, CommitmentState.DONE, 100, True),
        (40, CommitmentState.DROPPED, CommitmentState.DROPPED, 40, True),
        (100, CommitmentState.DROPPED, CommitmentState.DROPPED, 100, True),
    ],
)
def test_reports_move_the_commitment(
    percent: int, asked: CommitmentState | None, state: str, progress: int, closed: bool
) -> None:
    row = CommitmentFactory()
    commitments.report_progress(commitment=row, by=row.member.user, text="Voy", percent=percent, state=asked)
    row.refresh_from_db()
    assert (row.state, row.progress, row.closed_on is not None) == (state, progress, closed)
    assert row.reports.get().percent == progress


def test_a_report_may_bring_evidence_and_a_closed_one_takes_no_more() -> None:
    row = CommitmentFactory()
    report = commitments.report_progress(
        commitment=row, by=row.member.user, text="Listo", percent=100, evidence=checked(pdf("prueba.pdf"))
    )
    with report.evidence.open() as kept:
        assert (report.evidence_name, kept.read()[:5]) == ("prueba.pdf", b"%PDF-")
    with pytest.raises(Forbidden):
        commitments.report_progress(commitment=row, by=row.member.user, text="Más", percent=10)


def test_sharing_a_file_keeps_its_name_and_its_content() -> None:
    seat = MemberFactory()
    shared = mesas.share_file(mesa=seat.mesa, by=seat.user, upload=checked(pdf("Plan de acción.pdf")))
    kept = MesaFile.objects.get(pk=shared.pk)
    assert (kept.name, kept.kind, kept.size) == ("Plan de acción.pdf", "pdf", kept.file.size)
    assert "Plan" not in kept.file.name
    assert not Path(kept.file.path).is_relative_to(settings.MEDIA_ROOT)


def test_members_come_and_go() -> None:
    boss = MemberFactory(role=MesaRole.COORDINATOR)
    user = UserFactory()
    seat, new = mesas.add_member(mesa=boss.mesa, by=boss.user, user=user)
    assert new
    same, again = mesas.add_member(mesa=boss.mesa, by=boss.user, user=user, role=MesaRole.COORDINATOR)
    assert (same, again, same.role) == (seat, False, MesaRole.COORDINATOR)
    assert mesas.remove_member(member=seat, by=boss.user)
    assert not mesas.remove_member(member=seat, by=boss.user)
    _back, fresh = mesas.add_member(mesa=boss.mesa, by=boss.user, user=user)
    assert fresh
    assert MesaMember.objects.filter(user=user).count() == 2
    with pytest.raises(Forbidden):
        mesas.add_member(mesa=boss.mesa, by=UserFactory(), user=user)


def test_a_section_conflicts_openly_too() -> None:
    seat = MemberFactory()
    section = bitacoras.open_bitacora(red=seat.mesa.red).sections.in_order()[0]
    saved = bitacoras.save_section(section=section, by=seat.user, revision=1, text="Uno")
    assert (saved.revision, saved.html) == (2, "<p>Uno</p>\n")
    with pytest.raises(Conflict) as caught:
        bitacoras.save_section(section=section, by=seat.user, revision=1, text="Dos")
    assert caught.value.current.text == "Uno"
    with pytest.raises(Forbidden):
        bitacoras.save_section(section=section, by=UserFactory(), revision=2, text="Tres")


def test_editions_are_numbered_and_say_something_new() -> None:
    red, boss = RedFactory(), UserFactory()
    red.secretaries.add(boss)
    bitacora = bitacoras.open_bitacora(red=red)
    assert bitacoras.open_bitacora(red=red) == bitacora
    assert bitacora.sections.count() == 5
    with pytest.raises(bitacoras.NothingToPublish):
        bitacoras.publish_edition(bitacora=bitacora, by=boss)
    section = bitacora.sections.in_order()[2]
    bitacoras.save_section(section=section, by=boss, revision=1, text="Barreras")
    first = bitacoras.publish_edition(bitacora=bitacora, by=boss)
    with pytest.raises(bitacoras.NothingToPublish):
        bitacoras.publish_edition(bitacora=bitacora, by=boss)
    section.refresh_from_db()
    bitacoras.save_section(section=section, by=boss, revision=2, text="Otras barreras")
    second = bitacoras.publish_edition(bitacora=bitacora, by=boss)
    assert (first.number, second.number) == (1, 2)
    assert [row["kind"] for row in first.sections] == [
        "diagnosticos", "politica", "barreras", "actores", "propuesta",
    ]  # fmt: skip
    first.refresh_from_db()
    kept = first.section("barreras")
    assert kept is not None
    assert kept["text"] == "Barreras"
    with pytest.raises(Forbidden):
        bitacoras.publish_edition(bitacora=bitacora, by=UserFactory())
