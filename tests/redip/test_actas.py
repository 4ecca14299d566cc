"""The way of an acta on the screen, and on paper."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest

from redip.actions.actas import approve_acta, save_acta, send_acta
from redip.enums import ActaState
from redip.models import Acta, MesaMember
from redip.models.files import private_storage
from tests.factories.redip import Lived, MemberFactory, browser, draft_acta, sent_acta

pytestmark = pytest.mark.django_db


def two() -> tuple[MesaMember, MesaMember]:
    first = MemberFactory()
    return first, MemberFactory(mesa=first.mesa)


def typed(acta: Acta, *members: MesaMember, **fields: str) -> dict[str, Any]:
    return {
        "revision": str(acta.revision),
        "topics": "Lo que se habló",
        "decisions": "Lo que se decidió",
        "members": [seat.pk for seat in members],
        **fields,
    }


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_a_draft_is_written_and_shown() -> None:
    first, second = two()
    acta = draft_acta(first)
    client = browser(first.user)
    response = client.post(acta.mesa.address("edit_acta", acta.pk), typed(acta, first, second))
    assert response["Location"] == acta.get_absolute_url()
    html = client.get(acta.get_absolute_url()).content.decode()
    assert "Lo que se habló" in html and second.name in html and "Enviar a aprobación" in html
    assert f'data-tipo="acta" data-id="{acta.pk}"' in html
    assert html.count("<h1") == 1


def test_the_second_of_two_writers_loses_nothing() -> None:
    first, second = two()
    acta = draft_acta(first)
    address = acta.mesa.address("edit_acta", acta.pk)
    mine, hers = browser(first.user), browser(second.user)
    opened = typed(acta, first)
    hers.post(address, {**opened, "topics": "De la segunda"})
    response = mine.post(address, {**opened, "topics": "De la primera <script>"})
    html = response.content.decode()
    assert response.status_code == 409 and 'role="alert"' in html
    assert "De la segunda" in html and "De la primera &lt;script&gt;" in html
    assert f"{second.name} guardó cambios" in html.replace("\n", " ")
    assert Acta.objects.get(pk=acta.pk).topics == "De la segunda"
    revision = re.search(r'name="revision" value="(\d+)"', html)
    assert revision is not None
    again = mine.post(address, {**opened, "topics": "De las dos", "revision": revision[1]})
    assert again.status_code == 302
    assert Acta.objects.get(pk=acta.pk).topics == "De las dos"


def test_what_is_typed_while_someone_sends_it_is_not_lost() -> None:
    seat = MemberFactory()
    acta = draft_acta(seat)
    opened = typed(acta, seat, topics="Lo que casi se pierde")
    send_acta(acta=acta, by=seat.user)
    response = browser(seat.user).post(acta.mesa.address("edit_acta", acta.pk), opened)
    html = response.content.decode()
    assert response.status_code == 409
    assert "ya no es un borrador" in html and "Lo que casi se pierde" in html
    assert "Guardar lo mío" not in html
    assert Acta.objects.get(pk=acta.pk).topics != "Lo que casi se pierde"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"topics": "a" * 12_001}, "Caben 12000 letras y hay 12001."),
        ({"decisions": "a" * 6001}, "Caben 6000 letras y hay 6001."),
        ({"members": "999999"}, "no está en la mesa"),
        ({"revision": "x"}, "revision"),
    ],
)
def test_a_wrong_draft_gets_a_sentence(fields: dict[str, str], sentence: str) -> None:
    seat = MemberFactory()
    acta = draft_acta(seat)
    before = acta.revision
    response = browser(seat.user).post(acta.mesa.address("edit_acta", acta.pk), typed(acta, **fields))
    assert response.status_code == 422 and sentence in response.content.decode()
    acta.refresh_from_db()
    assert acta.revision == before


def test_a_person_of_another_mesa_was_not_there() -> None:
    seat, stranger = MemberFactory(), MemberFactory()
    acta = draft_acta(seat)
    response = browser(seat.user).post(acta.mesa.address("edit_acta", acta.pk), typed(acta, seat, stranger))
    assert response.status_code == 422
    assert [row.member for row in acta.attendees.all()] == [seat]


def test_it_is_sent_once_and_only_with_people() -> None:
    seat = MemberFactory()
    empty, acta = draft_acta(seat), draft_acta(seat)
    save_acta(acta=empty, by=seat.user, revision=empty.revision, topics="x", decisions="", members=[])
    client = browser(seat.user)
    refused = client.post(empty.mesa.address("send_acta", empty.pk))
    assert refused.status_code == 403 and "diga quiénes asistieron" in refused.content.decode()
    for _click in range(2):
        assert client.post(acta.mesa.address("send_acta", acta.pk)).status_code == 302
    acta.refresh_from_db()
    assert acta.state == ActaState.IN_APPROVAL


def test_it_is_approved_by_those_present_and_then_closed() -> None:
    first, second = two()
    acta = sent_acta(first, second)
    approve = acta.mesa.address("approve_acta", acta.pk)
    html = browser(first.user).get(acta.get_absolute_url()).content.decode()
    assert "Falta su aprobación" in html and "Han aprobado 0 de 2 asistentes." in html
    absent = MemberFactory(mesa=acta.mesa)
    assert browser(absent.user).post(approve).status_code == 403
    for _click in range(2):
        assert browser(first.user).post(approve).status_code == 302
    html = browser(first.user).get(acta.get_absolute_url()).content.decode()
    assert "Usted ya la aprobó." in html and "Han aprobado 1 de 2 asistentes." in html
    browser(second.user).post(approve)
    html = browser(first.user).get(acta.get_absolute_url()).content.decode()
    assert "Está cerrada" in html and "ya no se cambia" in html
    for view in ("edit_acta", "ask_change"):
        assert browser(first.user).get(acta.mesa.address(view, acta.pk)).status_code == 403


def test_a_change_is_asked_for_and_shown_on_the_draft() -> None:
    first, second = two()
    acta = sent_acta(first, second)
    client, address = browser(second.user), acta.mesa.address("ask_change", acta.pk)
    empty = client.post(address, {"text": ""})
    assert empty.status_code == 422 and "Escriba qué se debe cambiar." in empty.content.decode()
    assert client.post(address, {"text": "a" * 1001}).status_code == 422
    for _click in range(2):
        assert client.post(address, {"text": "Falta <b>una</b> decisión"}).status_code == 302
    html = browser(first.user).get(acta.get_absolute_url()).content.decode()
    assert "Pidieron un cambio:" in html and "Falta &lt;b&gt;una&lt;/b&gt; decisión" in html
    acta.refresh_from_db()
    assert acta.state == ActaState.DRAFT


def test_an_acta_of_another_mesa_is_not_here() -> None:
    lived, stranger = Lived(), MemberFactory()
    client, mesa, pk = browser(stranger.user), stranger.mesa, lived.acta.pk
    for view in ("acta", "acta_pdf", "edit_acta", "ask_change"):
        assert client.get(mesa.address(view, pk)).status_code == 404, view
    for view in ("edit_acta", "send_acta", "approve_acta", "ask_change"):
        assert client.post(mesa.address(view, pk), typed(lived.acta)).status_code == 404, view
    lived.acta.refresh_from_db()
    assert lived.acta.state == ActaState.DRAFT


def test_the_paper_says_what_the_sheet_says_and_is_kept_once_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    from nucleo import paper

    first, second = two()
    acta = sent_acta(first, second)
    client, address = browser(first.user), acta.mesa.address("acta_pdf", acta.pk)
    waiting = b"".join(client.get(address).streaming_content)
    assert "En aprobación" in text_of(waiting)
    for seat in (first, second):
        approve_acta(acta=acta, by=seat.user)
    response = client.get(address)
    content = b"".join(response.streaming_content)
    words = text_of(content).replace("\r\n", " ")
    for part in (
        acta.title,
        "Se habló de ferias.",
        "Reunirse cada mes.",
        first.name,
        second.name,
        "Página 1 de 1",
    ):
        assert part in words, part
    assert "En aprobación" not in words
    assert re.match(r'attachment; filename="acta-\d+-', response["Content-Disposition"])
    monkeypatch.setattr(paper, "pdf", lambda html: 1 / 0)
    assert b"".join(client.get(address).streaming_content) == content
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    _folders, kept = private_storage().listdir("redip/papel")
    assert any(name.endswith(".pdf") for name in kept)


def test_paper_asks_for_nothing_outside_and_runs_nothing() -> None:
    seat = MemberFactory()
    acta = draft_acta(seat, place="<script>alert(1)</script>", points=["<img src=http://malo.example/x>"])
    response = browser(seat.user).get(acta.mesa.address("acta_pdf", acta.pk))
    content = b"".join(response.streaming_content)
    assert "<script>alert(1)</script>" in text_of(content)
    assert b"/JavaScript" not in content and b"malo.example" not in content


def test_the_sheet_costs_the_same_however_many_were_there(assert_same_queries: Any) -> None:
    seat = MemberFactory()
    acta = sent_acta(seat)

    def more() -> None:
        other = MemberFactory(mesa=seat.mesa)
        acta.attendees.create(member=other, name=other.name)
        acta.commitments.create(mesa=seat.mesa, member=other, what="x", until="2030-01-01")

    more()
    client = browser(seat.user)
    assert assert_same_queries(acta.get_absolute_url(), lambda: (more(), more()), client=client) <= 17


def test_asking_for_a_change_costs_the_same_however_many_were_there(assert_same_queries: Any) -> None:
    seat = MemberFactory()
    acta = sent_acta(seat)
    address = acta.mesa.address("ask_change", acta.pk)

    def more() -> None:
        other = MemberFactory(mesa=seat.mesa)
        acta.attendees.create(member=other, name=other.name)

    assert assert_same_queries(address, lambda: (more(), more()), client=browser(seat.user)) <= 12


def test_the_draft_costs_the_same_however_many_sit_there(assert_same_queries: Any) -> None:
    seat = MemberFactory()
    acta = draft_acta(seat)
    address = acta.mesa.address("edit_acta", acta.pk)
    more = lambda: MemberFactory(mesa=seat.mesa)  # noqa: E731
    assert assert_same_queries(address, lambda: (more(), more()), client=browser(seat.user)) <= 16
