"""The plan de acción on the screen: filtered, added to, told about, and as a table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.utils import timezone

from redip.enums import CommitmentState, MesaRole
from redip.models import Commitment, ProgressReport
from tests.factories.directorio import InstitutionFactory
from tests.factories.redip import CommitmentFactory, Lived, MemberFactory, browser, draft_acta, pdf, sent_acta

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def plan() -> dict[str, Commitment]:
    """One commitment of each sort, of which the first two are of the same person."""
    seat = MemberFactory()
    other = MemberFactory(mesa=seat.mesa)
    done = {"state": CommitmentState.DONE, "progress": 100, "closed_on": day(-3)}
    return {
        "soon": CommitmentFactory(member=seat, what="Pronto", until=day(3)),
        "late": CommitmentFactory(member=seat, what="Tarde", until=day(-3)),
        "other": CommitmentFactory(member=other, what="Ajeno", until=day(30)),
        "done": CommitmentFactory(member=other, what="Listo", until=day(-9), **done),
    }


def shown(html: str) -> list[str]:
    return re.findall(r'<li class="commit".*?<a href="[^"]*">([^<]+)</a>', html, re.S)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ["Tarde", "Pronto", "Ajeno", "Listo"]),
        ("mios", ["Tarde", "Pronto"]),
        ("atrasados", ["Tarde"]),
        ("abiertos", ["Tarde", "Pronto", "Ajeno"]),
        ("cerrados", ["Listo"]),
        ("cualquiera'--", ["Tarde", "Pronto", "Ajeno", "Listo"]),
    ],
)
def test_what_is_asked_for_is_shown_in_order(asked: str, expected: list[str]) -> None:
    rows = plan()
    seat = rows["soon"].member
    client, address = browser(seat.user), seat.mesa.address("commitments")
    html = client.get(address, {"ver": asked}).content.decode()
    assert shown(html) == expected
    assert f'data-total="{len(expected)}"' in html
    csv_text = b"".join(client.get(seat.mesa.address("commitments_csv"), {"ver": asked}).streaming_content)
    table = list(csv.reader(io.StringIO(csv_text.decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == expected


def test_states_are_said_in_words() -> None:
    rows = plan()
    html = browser(rows["soon"].member.user).get(rows["soon"].mesa.address("commitments")).content.decode()
    for words in ("Vence en 3 días", "Pasó el plazo hace 3 días", "Pendiente", "Cumplido", "100&nbsp;%"):
        assert words in html, words
    assert html.count("Contar cómo voy") == 2


def test_a_cell_that_a_spreadsheet_would_run_is_guarded() -> None:
    row = CommitmentFactory(what="=1+1", institution=InstitutionFactory(name="@entidad"))
    response = browser(row.member.user).get(row.mesa.address("commitments_csv"))
    text = b"".join(response.streaming_content).decode()
    assert "'=1+1" in text and "'@entidad" in text
    assert response["Content-Disposition"].startswith("attachment")


def test_a_commitment_is_added_once() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    data = {"what": "Enviar la lista 🙂", "member": seat.pk, "until": day(10).isoformat()}
    for _click in range(2):
        assert client.post(seat.mesa.address("new_commitment"), data).status_code == 302
    made = Commitment.objects.get()
    assert (made.what, made.member, made.created_by) == ("Enviar la lista 🙂", seat, seat.user)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"what": ""}, "Escriba qué se va a hacer."),
        ({"what": "a" * 241}, "Caben 240 letras y hay 241."),
        ({"until": ""}, "Diga hasta cuándo."),
        ({"until": "mañana"}, "No entendimos esta fecha."),
        ({"until": "2015-03-01"}, "Esa fecha ya pasó."),
        ({"until": "2999-01-01"}, "Esa fecha está muy lejos."),
        ({"member": ""}, "Diga quién responde: una persona, una entidad o las dos."),
        ({"member": "999999"}, "Esa persona no está en la mesa."),
        ({"institution": "999999"}, "Esa entidad no está en el directorio."),
    ],
)
def test_a_wrong_commitment_gets_a_sentence(change: dict[str, str], sentence: str) -> None:
    seat = MemberFactory()
    data = {"what": "<script>alert(1)</script>", "member": seat.pk, "until": day(9).isoformat(), **change}
    response = browser(seat.user).post(seat.mesa.address("new_commitment"), data)
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html and "<script>alert" not in html
    assert not Commitment.objects.exists()


def test_a_person_of_another_mesa_cannot_be_made_to_promise() -> None:
    seat, stranger = MemberFactory(), MemberFactory()
    data = {"what": "Algo", "member": stranger.pk, "until": day(9).isoformat()}
    response = browser(seat.user).post(seat.mesa.address("new_commitment"), data)
    assert response.status_code == 422 and not Commitment.objects.exists()


def test_an_acta_takes_commitments_while_it_is_a_draft_of_this_mesa() -> None:
    seat = MemberFactory()
    draft, sent, foreign = draft_acta(seat), sent_acta(seat), draft_acta(MemberFactory())
    client, address = browser(seat.user), seat.mesa.address("new_commitment")
    data = {"what": "Algo", "member": seat.pk, "until": day(-1).isoformat()}
    response = client.post(f"{address}?acta={draft.pk}", data)
    assert response["Location"] == seat.mesa.address("edit_acta", draft.pk)
    assert draft.commitments.get().what == "Algo"
    assert client.post(f"{address}?acta={sent.pk}", data).status_code == 403
    for number in (foreign.pk, "abc", "9" * 30):
        assert client.post(f"{address}?acta={number}", data).status_code == 404, number
    assert Commitment.objects.count() == 1


def test_progress_is_told_once_with_its_evidence() -> None:
    row = CommitmentFactory()
    client = browser(row.member.user)
    for _click in range(2):
        data = {"text": "Listo <b>ya</b>", "percent": "100", "evidence": pdf("foto ñ.pdf")}
        assert client.post(row.get_absolute_url(), data).status_code == 302
    report = ProgressReport.objects.get()
    row.refresh_from_db()
    assert (row.state, report.evidence_name) == (CommitmentState.DONE, "foto ñ.pdf")
    html = client.get(row.get_absolute_url()).content.decode()
    assert "&lt;b&gt;ya&lt;/b&gt;" in html and "Guardar el avance" not in html
    response = client.get(row.mesa.address("evidence", row.pk, report.pk))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": ""}, "Cuente en una frase cómo va."),
        ({"text": "a" * 2001}, "Caben 2000 letras y hay 2001."),
        ({"percent": ""}, "Diga cuánto lleva, de 0 a 100."),
        ({"percent": "101"}, "El número va de 0 a 100."),
        ({"percent": "-1"}, "El número va de 0 a 100."),
        ({"percent": "mucho"}, "Escriba solo el número"),
        ({"evidence": pdf("vacio.pdf", b"")}, "Este archivo está vacío."),
        ({"evidence": pdf("foto.png")}, "El nombre dice .png, pero por dentro es PDF."),
        ({"evidence": pdf("virus.pdf", b"MZ" + b"\0" * 99)}, "No podemos recibir este archivo."),
    ],
)
def test_a_wrong_report_gets_a_sentence_and_keeps_the_text(data: dict[str, Any], sentence: str) -> None:
    row = CommitmentFactory()
    sent = {"text": "Voy bien", "percent": "40", **data}
    response = browser(row.member.user).post(row.get_absolute_url(), sent)
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html
    assert sent["text"] in html
    assert not ProgressReport.objects.exists()


def test_who_may_not_report_reads_without_the_form() -> None:
    row = CommitmentFactory()
    reader = MemberFactory(mesa=row.mesa)
    client = browser(reader.user)
    assert "Guardar el avance" not in client.get(row.get_absolute_url()).content.decode()
    for data in ({"text": "x", "percent": "10"}, {}):
        response = client.post(row.get_absolute_url(), data)
        assert response.status_code == 403 and "quien se comprometió" in response.content.decode()
    boss = MemberFactory(mesa=row.mesa, role=MesaRole.COORDINATOR)
    assert "Contar cómo va" in browser(boss.user).get(row.get_absolute_url()).content.decode()


def test_giving_up_is_said_and_closes_it() -> None:
    row = CommitmentFactory()
    data = {"text": "No hubo con qué", "percent": "20", "dropped": "on"}
    assert browser(row.member.user).post(row.get_absolute_url(), data).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.progress) == (CommitmentState.DROPPED, 20)


def test_what_belongs_to_another_mesa_is_not_here() -> None:
    lived, stranger = Lived(), MemberFactory()
    client, mesa = browser(stranger.user), stranger.mesa
    own = CommitmentFactory(member=stranger)
    for address in (
        mesa.address("commitment", lived.commitment.pk),
        mesa.address("evidence", lived.commitment.pk, lived.report.pk),
        mesa.address("evidence", own.pk, lived.report.pk),
    ):
        assert client.get(address).status_code == 404, address
    data = {"text": "x", "percent": "1"}
    assert client.post(mesa.address("commitment", lived.commitment.pk), data).status_code == 404


def test_one_commitment_costs_the_same_however_often_it_is_told(assert_same_queries: Any) -> None:
    row = CommitmentFactory()

    def tell() -> None:
        teller = MemberFactory(mesa=row.mesa).user
        ProgressReport.objects.create(commitment=row, text="x", percent=1, state="en-marcha", by=teller)

    tell()
    client = browser(row.member.user)
    assert assert_same_queries(row.get_absolute_url(), lambda: (tell(), tell()), client=client) <= 14
