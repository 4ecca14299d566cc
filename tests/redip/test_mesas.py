"""A mesa from outside and from inside; its conversation, and who sits at it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from redip.enums import MesaRole
from redip.models import MesaMember, MesaMessage
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import InstitutionFactory
from tests.factories.redip import (
    INSIDERS,
    CommitmentFactory,
    Lived,
    MeetingFactory,
    MemberFactory,
    MesaFactory,
    browser,
    cast,
    draft_acta,
    named_parts,
    sent_acta,
)

pytestmark = pytest.mark.django_db


def test_every_page_answers_to_each_role_as_it_should() -> None:
    lived = Lived()
    people = cast(lived.mesa)
    for who, user in people.items():
        client = browser(user)
        for page in lived.pages:
            expected = 200 if who in INSIDERS else 302 if who in ("anonymous", "inactive") else 404
            if page == lived.mesa.address("remove", lived.seat.pk) and who == "member":
                expected = 403
            response = client.get(page)
            assert response.status_code == expected, (who, page, response.status_code)
            if expected == 302:
                assert response["Location"].startswith("/cuenta/entrar/?next=/redip/"), page


def test_outside_one_learns_name_link_and_leaders(client: Any) -> None:
    lived = Lived()
    lived.mesa.leaders.add(InstitutionFactory(name="Entidad Líder"))
    html = client.get(lived.mesa.get_absolute_url()).content.decode()
    assert "Entidad Líder" in html and "Microfinanzas y bancarización" in html and "Entrar" in html
    assert lived.SECRET not in html and lived.seat.user.first_names not in html
    stranger = browser(UserFactory())
    html = stranger.get(lived.mesa.get_absolute_url()).content.decode()
    assert "no está en la lista de miembros" in html and lived.SECRET not in html


def test_inside_one_sees_what_goes_on() -> None:
    lived = Lived()
    waiting = sent_acta(lived.seat)
    response = browser(lived.seat.user).get(lived.mesa.get_absolute_url())
    html = response.content.decode()
    for words in ("Agenda Ornitorrinco", "Promesa Ornitorrinco", "Mensaje Ornitorrinco", "Contar cómo voy",
                  "Falta que la apruebe", "archivo-Ornitorrinco.pdf", "Usted"):  # fmt: skip
        assert words in html, words
    assert f'data-id="{waiting.pk}"' in html
    assert "private" in response["Cache-Control"]
    assert html.count("<h1") == 1


def test_the_parts_of_the_first_page_are_a_press_away_and_come_as_they_are_wanted() -> None:
    seat = Lived().seat
    parts = named_parts(browser(seat.user).get(seat.mesa.get_absolute_url()))
    assert parts == ["reunion", "compromisos", "actas", "conversacion", "bitacora", "archivos", "miembros"]


def test_the_first_page_costs_the_same_with_one_and_with_three(assert_same_queries: Any) -> None:
    lived = Lived()

    def more() -> None:
        seat = MemberFactory(mesa=lived.mesa)
        CommitmentFactory(member=seat)
        draft_acta(seat)
        MesaMessage.objects.create(mesa=lived.mesa, author=seat.user, text="x", html="<p>x</p>")
        MeetingFactory(mesa=lived.mesa, starts_at=timezone.now() + dt.timedelta(days=9))

    client = browser(lived.seat.user)
    assert assert_same_queries(lived.mesa.get_absolute_url(), lambda: (more(), more()), client=client) <= 17


VIEWS = ["commitments", "actas", "files", "conversation", "members", "new_meeting", "new_commitment"]


@pytest.mark.parametrize("view", VIEWS)
def test_each_tab_costs_the_same_with_one_and_with_three(view: str, assert_same_queries: Any) -> None:
    lived = Lived()

    def more() -> None:
        seat = MemberFactory(mesa=lived.mesa)
        CommitmentFactory(member=seat)
        draft_acta(seat)
        MeetingFactory(mesa=lived.mesa)
        lived.mesa.files.create(name="x", kind="pdf", size=1, sha256="x", uploaded_by=seat.user, file="x.pdf")
        MesaMessage.objects.create(mesa=lived.mesa, author=seat.user, text="x", html="<p>x</p>")

    client = browser(lived.seat.user)
    assert assert_same_queries(lived.mesa.address(view), lambda: (more(), more()), client=client) <= 16


def test_a_mesa_where_nothing_happened_says_what_to_do() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    assert "No hay una reunión convocada." in client.get(seat.mesa.get_absolute_url()).content.decode()
    for view in ("commitments", "actas", "files"):
        assert 'class="empty"' in client.get(seat.mesa.address(view)).content.decode(), view


def test_a_person_who_was_erased_leaves_her_words_without_a_name() -> None:
    lived = Lived()
    reader = MemberFactory(mesa=lived.mesa)
    lived.seat.user.delete()
    client = browser(reader.user)
    for page in (
        lived.mesa.get_absolute_url(),
        lived.mesa.address("conversation"),
        lived.mesa.address("members"),
    ):
        assert "Persona que ya no tiene cuenta" in client.get(page).content.decode(), page
    assert client.get(lived.mesa.address("commitment", lived.commitment.pk)).status_code == 200


# --- Conversation -------------------------------------------------------------------------------
def test_a_message_is_said_once_and_read_clean() -> None:
    seat = MemberFactory()
    client, address = browser(seat.user), seat.mesa.address("conversation")
    for _click in range(2):
        response = client.post(address, {"text": "Hola **mesa** 🙂 <script>alert(1)</script>"})
        assert response.status_code == 302 and response["Location"] == address
    html = client.get(address).content.decode()
    assert html.count("<strong>mesa</strong>") == 1
    assert "🙂" in html and "<script>alert" not in html


@pytest.mark.parametrize("text", ["", "   \n ", "a" * 4001])
def test_a_wrong_message_gets_a_sentence_and_is_kept(text: str) -> None:
    seat = MemberFactory()
    response = browser(seat.user).post(seat.mesa.address("conversation"), {"text": text})
    html = response.content.decode()
    assert response.status_code == 422 and 'role="alert"' in html
    assert "Escriba el mensaje" in html or "Caben 4000 letras y hay 4001" in html
    assert text.strip() in html
    assert not MesaMessage.objects.exists()


def test_too_many_messages_are_asked_to_wait() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    answers = [client.post(seat.mesa.address("conversation"), {"text": f"Mensaje {n}"}) for n in range(31)]
    assert answers[-1].status_code == 429 and answers[-1]["Retry-After"]


# --- Members ------------------------------------------------------------------------------------
def test_who_runs_the_mesa_adds_and_removes_people() -> None:
    boss = MemberFactory(role=MesaRole.COORDINATOR)
    person, body = UserFactory(), InstitutionFactory()
    client, address = browser(boss.user), boss.mesa.address("members")
    data = {"email": person.email.upper(), "institution": body.name.upper(), "role": "miembro"}
    for _click in range(2):
        assert client.post(address, data).status_code == 302
    seat = MesaMember.objects.get(user=person)
    assert (seat.institution, seat.role) == (body, MesaRole.MEMBER)
    assert browser(person).get(boss.mesa.address("commitments")).status_code == 200
    ask = client.get(boss.mesa.address("remove", seat.pk)).content.decode()
    assert "¿Retirar a" in ask
    seat.refresh_from_db()
    assert seat.left_on is None
    for _click in range(2):
        assert client.post(boss.mesa.address("remove", seat.pk)).status_code == 302
    assert browser(person).get(boss.mesa.address("commitments")).status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Escriba el correo de la persona."),
        ({"email": "nadie@demo.example"}, "No hay una cuenta con ese correo."),
        ({"email": "<script>alert(1)</script>"}, "No hay una cuenta con ese correo."),
        ({"email": "a" * 255}, "254"),
        ({"institution": "99999"}, "Esa entidad no está en el directorio."),
    ],
)
def test_a_wrong_member_gets_a_sentence(data: dict[str, Any], sentence: str) -> None:
    boss = MemberFactory(role=MesaRole.COORDINATOR)
    response = browser(boss.user).post(boss.mesa.address("members"), {"role": "miembro", **data})
    assert response.status_code == 422
    assert sentence in response.content.decode() and "<script>alert" not in response.content.decode()
    assert boss.mesa.members.count() == 1


def test_each_member_is_named_with_her_institution() -> None:
    seat = MemberFactory(institution=InstitutionFactory(name="Entidad Ornitorrinco"))
    client = browser(seat.user)
    acta = draft_acta(seat)
    for page in (seat.mesa.get_absolute_url(), seat.mesa.address("members"), acta.get_absolute_url()):
        html = client.get(page).content.decode()
        assert seat.name in html and "Entidad Ornitorrinco" in html, page


def test_a_plain_member_sees_the_list_and_changes_nothing() -> None:
    seat = MemberFactory()
    other = MemberFactory(mesa=seat.mesa)
    client = browser(seat.user)
    html = client.get(seat.mesa.address("members")).content.decode()
    assert other.name in html and "Agregar a la mesa" not in html and "Retirar" not in html
    response = client.post(seat.mesa.address("members"), {"email": UserFactory().email, "role": "miembro"})
    assert response.status_code == 403 and "quien coordina la mesa" in response.content.decode()
    assert client.post(seat.mesa.address("remove", other.pk)).status_code == 403
    assert seat.mesa.members.active().count() == 2


def test_a_seat_of_another_mesa_is_not_here() -> None:
    boss, stranger = MemberFactory(role=MesaRole.COORDINATOR), MemberFactory()
    assert browser(boss.user).post(boss.mesa.address("remove", stranger.pk)).status_code == 404
    stranger.refresh_from_db()
    assert stranger.left_on is None


def test_who_removes_herself_is_shown_the_outside() -> None:
    boss = MemberFactory(role=MesaRole.COORDINATOR)
    response = browser(boss.user).post(boss.mesa.address("remove", boss.pk), follow=True)
    assert response.status_code == 200 and "Lo demás es de sus miembros." in response.content.decode()


def test_no_mesa_is_called_like_the_bitacora(client: Any) -> None:
    red = MesaFactory().red
    assert client.get(f"/redip/{red.city.slug}/bitacora/").resolver_match.view_name == "redip:bitacora"
    assert client.get(f"/redip/{red.city.slug}/no-existe/").status_code == 404
