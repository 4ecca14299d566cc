"""The tutor's desk, the log with its undo, and groups, through the addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from comunidad.actions import answers, engagement, moderation
from comunidad.enums import FlagReason, GroupState
from comunidad.models import Group, ModerationEntry, Resource
from comunidad.tables import waited
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    cast,
    held,
    open_group,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours", "number", "unit", "tone"),
    [(0, 1, "hora", ""), (5, 5, "horas", ""), (23, 23, "horas", ""), (24, 1, "día", "soon"),
     (71, 2, "días", "soon"), (72, 3, "días", "late"), (2400, 100, "días", "late")],
)  # fmt: skip
def test_the_clock(hours: int, number: int, unit: str, tone: str) -> None:
    since = timezone.now() - dt.timedelta(hours=hours, minutes=1)
    assert waited(since) == {"number": number, "unit": unit, "tone": tone}


def test_who_has_a_desk_and_a_log(client: Any) -> None:
    theme = ThemeFactory()
    people = cast(theme)
    for address in ("/comunidad/tutoria/", "/comunidad/moderacion/"):
        assert client.get(address).status_code == 302
        for who, user in people.items():
            if who in ("anonymous", "inactive"):
                continue
            client.force_login(user)
            expected = 200 if who in ("tutor", "other_tutor", "operator") else 403
            assert client.get(address).status_code == expected, who
        client.logout()


def test_the_desk_shows_what_waits_in_ones_own_themes_the_oldest_first(client: Any) -> None:
    mine, other = ThemeFactory(), ThemeFactory()
    teacher = tutor(mine)
    old = ResourceFactory(theme=mine, title="¿Vieja?", created_at=timezone.now() - dt.timedelta(days=5))
    Resource.objects.filter(pk=old.pk).update(approved_at=old.created_at)
    new = ResourceFactory(theme=mine, title="¿Nueva?")
    engagement.follow(thing=new, by=new.author, wanted=True)
    engagement.follow(thing=new, by=trusted(), wanted=True)
    waits = held(mine, title="¿Espera?")
    flagged = replied(ResourceFactory(theme=mine, title="¿Con aviso?"), source="Texto avisado.")
    caller = trusted()
    moderation.flag(post=flagged, by=caller, reason=FlagReason.ADVERT, note="Vende algo.")
    foreign = [ResourceFactory(theme=other, title="¿De otro tema?"), held(other, title="¿Espera en otro?")]
    client.force_login(teacher)
    html = client.get("/comunidad/tutoria/").content.decode()
    assert (
        html.index("¿Vieja?") < html.index("¿Nueva?") < html.index("¿Espera?") < html.index("Texto avisado.")
    )
    assert re.search(r'clock-late">\s*<span class="clock-number">5</span>\s*<span>días', html)
    assert "La sigue 1 persona" in html
    assert "Es publicidad" in html and "Quien avisó dice: Vende algo." in html
    assert str(caller) not in html, "who called is not said"
    for post in foreign:
        assert post.title not in html
    assert 'id="por-responder" data-total="2"' in html
    assert 'id="por-aprobar" data-total="1"' in html
    assert 'id="avisos" data-total="1"' in html
    assert f'action="{waits.address("act", "aprobar")}"' in html
    assert "4 cosas le esperan" in html


def test_an_operator_sees_all_themes(client: Any) -> None:
    held(ThemeFactory(), title="¿Espera aquí?")
    held(ThemeFactory(), title="¿Y aquí?")
    client.force_login(UserFactory(is_superuser=True))
    html = client.get("/comunidad/tutoria/").content.decode()
    assert "¿Espera aquí?" in html and "¿Y aquí?" in html


def test_an_empty_desk_says_thanks(client: Any) -> None:
    client.force_login(tutor(ThemeFactory()))
    html = client.get("/comunidad/tutoria/").content.decode()
    assert "No hay nada por responder ni por aprobar" in html
    assert "Nada espera respuesta." in html and "Nadie espera aprobación." in html
    assert "Aquí quedará lo que se haga" in client.get("/comunidad/moderacion/").content.decode()


def test_approving_hiding_and_closing_from_the_desk_return_to_it(client: Any) -> None:
    theme = ThemeFactory()
    client.force_login(tutor(theme))
    waits, spam = held(theme), held(theme)
    flagged = ResourceFactory(theme=theme)
    moderation.flag(post=flagged, by=trusted(), reason=FlagReason.OTHER)
    back = {"volver": "tutoria"}
    desk = "/comunidad/tutoria/"
    assert client.post(waits.address("act", "aprobar"), back)["Location"] == desk
    html = client.get(f"{spam.address('act', 'retirar')}?volver=tutoria").content.decode()
    assert 'name="volver" value="tutoria"' in html
    assert (
        client.post(spam.address("act", "retirar"), {"motivo": "Es publicidad", **back})["Location"] == desk
    )
    assert client.post(flagged.address("act", "cerrar-aviso"), back)["Location"] == desk
    waits.refresh_from_db()
    spam.refresh_from_db()
    assert (waits.is_visible, spam.is_hidden) == (True, True)
    html = client.get(desk).content.decode()
    assert html.count("Deshacer") >= 3
    assert client.post(waits.address("act", "aprobar"), back).status_code == 302, "twice is once"


def test_the_log_tells_who_what_and_why_and_takes_back(client: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    reply = replied(ResourceFactory(theme=theme, title="¿La pregunta?"))
    moderation.hide(post=reply, by=teacher, reason="Tenía una cédula.")
    entry = ModerationEntry.objects.get()
    undo = f"/comunidad/moderacion/{entry.pk}/deshacer/"
    client.force_login(tutor(ThemeFactory()))
    assert "cédula" not in client.get("/comunidad/moderacion/").content.decode()
    assert client.post(undo).status_code == 404
    client.force_login(teacher)
    html = client.get("/comunidad/moderacion/").content.decode()
    for words in (str(teacher), "Retiró", "¿La pregunta?", "Motivo: Tenía una cédula.", undo):
        assert words in html, words
    for _ in range(2):
        assert client.post(undo)["Location"] == "/comunidad/moderacion/"
    html = client.get("/comunidad/moderacion/").content.decode()
    assert f"Lo deshizo {teacher}" in html and undo not in html
    reply.refresh_from_db()
    assert reply.is_visible
    client.logout()
    assert client.post(undo).status_code == 302


def test_an_act_that_something_followed_is_not_taken_back(client: Any) -> None:
    theme = ThemeFactory()
    teacher, post = tutor(theme), held(theme)
    moderation.approve(post=post, by=teacher)
    first = ModerationEntry.objects.get()
    moderation.hide(post=post, by=teacher, reason="x")
    client.force_login(teacher)
    response = client.post(f"/comunidad/moderacion/{first.pk}/deshacer/")
    assert response.status_code == 403 and "Deshaga primero lo último" in response.content.decode()


def test_another_look_is_asked_for_and_decided_at_the_desk(client: Any) -> None:
    theme = ThemeFactory()
    teacher, post = tutor(theme), ResourceFactory(theme=theme)
    moderation.hide(post=post, by=teacher, reason="Tenía una cédula.")
    moderation.ask_review(post=post, by=post.author, text="Ya la quité.")
    client.force_login(teacher)
    html = client.get("/comunidad/tutoria/").content.decode()
    assert "«Ya la quité.»" in html and "Se retiró por: Tenía una cédula." in html
    assert post.address("act", "devolver") in html and post.address("act", "mantener") in html
    data = {"motivo": "Sigue en el texto.", "volver": "tutoria"}
    assert client.post(post.address("act", "mantener"), data).status_code == 302
    assert "Ya la quité" not in client.get("/comunidad/tutoria/").content.decode()


def test_useful_answers_are_offered_as_frequent_questions(client: Any) -> None:
    theme = ThemeFactory()
    teacher, question = tutor(theme), ResourceFactory(theme=theme, title="¿Frecuente?")
    reply = replied(question)
    answers.accept_answer(reply=reply, by=teacher)
    client.force_login(teacher)
    assert "Llevar a preguntas frecuentes" not in client.get("/comunidad/tutoria/").content.decode()
    engagement.react(post=reply, by=trusted(), useful=True)
    assert question.address("act", "frecuente") in client.get("/comunidad/tutoria/").content.decode()
    client.post(question.address("act", "frecuente"), {"volver": "tutoria"})
    assert question.address("act", "frecuente") not in client.get("/comunidad/tutoria/").content.decode()
    client.logout()
    html = client.get(theme.get_absolute_url()).content.decode()
    assert "Preguntas frecuentes" in html and html.count("¿Frecuente?") == 2


def test_the_desk_and_the_log_cost_the_same_with_more(
    client: Any, assert_same_queries: Callable[..., int]
) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    client.force_login(teacher)

    def more() -> None:
        for _ in range(2):
            question = ResourceFactory(theme=theme)
            held(theme)
            replied(question, by=UserFactory())
            moderation.flag(post=question, by=trusted(), reason=FlagReason.OTHER)
            GroupFactory(state=GroupState.REQUESTED)
            gone = ResourceFactory(theme=theme)
            moderation.hide(post=gone, by=UserFactory(is_superuser=True), reason="x")
            moderation.ask_review(post=gone, by=gone.author, text="x")
            moderation.approve(post=held(theme), by=teacher)
            moderation.hide(post=replied(question, by=UserFactory()), by=teacher, reason="x")

    more()
    for address, most in {"/comunidad/tutoria/": 17, "/comunidad/moderacion/": 6}.items():
        assert assert_same_queries(address, more) <= most, address


# --- Groups --------------------------------------------------------------------------------------


def test_a_group_is_asked_for_opened_and_joined(client: Any) -> None:
    asker, teacher, newcomer = trusted(), tutor(ThemeFactory()), trusted()
    assert client.get("/comunidad/grupos/pedir/").status_code == 302
    client.force_login(asker)
    for wrong in ({"nombre": "", "para_que": "x"}, {"nombre": "x"}, {"nombre": "x" * 101, "para_que": "y"}):
        assert client.post("/comunidad/grupos/pedir/", wrong).status_code == 422
    data = {"nombre": "Ferias del sur", "para_que": "Fechas.", "privado": "on"}
    assert client.post("/comunidad/grupos/pedir/", data).status_code == 302
    group = Group.objects.get()
    here = group.get_absolute_url()
    assert "espera que lo abran" in client.get(here).content.decode()
    assert "Ferias del sur" in client.get("/comunidad/grupos/").content.decode()
    client.force_login(newcomer)
    assert client.get(here).status_code == 404
    assert "Ferias del sur" not in client.get("/comunidad/grupos/").content.decode()
    client.force_login(teacher)
    assert f"{here}abrir/" in client.get("/comunidad/tutoria/").content.decode()
    assert client.post(f"{here}abrir/").status_code == 302
    client.force_login(newcomer)
    assert "Pedir entrar" in client.get(here).content.decode()
    html = client.post(f"{here}entrar/", follow=True).content.decode()
    assert "Pidió entrar." in html and "Lo leen sus miembros." in html
    client.force_login(asker)
    html = client.get(here).content.decode()
    asking = group.memberships.get(user=newcomer)
    assert "Piden entrar" in html and str(newcomer) in html
    assert client.post(f"{here}miembros/{asking.pk}/volar/").status_code == 404
    assert client.post(f"{here}miembros/{asking.pk}/aceptar/").status_code == 302
    client.force_login(newcomer)
    html = client.get(here).content.decode()
    assert "Preguntar al grupo" in html and str(asker) in html
    assert client.post(f"{here}miembros/{asking.pk}/retirar/").status_code == 403
    assert client.post(f"{here}salir/").status_code == 302
    assert not group.memberships.filter(user=newcomer).exists()


def test_a_group_is_refused_with_its_reason(client: Any) -> None:
    group = GroupFactory(state=GroupState.REQUESTED)
    here = group.get_absolute_url()
    client.force_login(trusted())
    assert client.get(f"{here}no-abrir/").status_code == 404
    client.force_login(tutor(ThemeFactory()))
    assert client.post(f"{here}no-abrir/", {"motivo": ""}).status_code == 422
    assert client.post(f"{here}no-abrir/", {"motivo": "Ya hay uno."}).status_code == 302
    assert client.post(f"{here}no-abrir/", {"motivo": "Otra vez."}).status_code == 403
    client.force_login(group.requested_by)
    assert "Motivo: Ya hay uno." in client.get(here).content.decode()
    client.logout()
    assert client.get(here).status_code == 404


def test_who_is_in_a_group_is_for_its_members(client: Any) -> None:
    group = open_group(by=UserFactory(first_names="Quien Coordina"))
    member = MembershipFactory(group=group).user
    inside = ResourceFactory(group=group, title="¿De adentro?")
    here = group.get_absolute_url()
    for user in (None, trusted()):
        client.logout()
        if user:
            client.force_login(user)
        html = client.get(here).content.decode()
        assert "Quien Coordina" not in html and "¿De adentro?" not in html
    client.force_login(member)
    html = client.get(here).content.decode()
    assert "Quien Coordina" in html and inside.get_absolute_url() in html
    for address in (f"{here}entrar/", f"{here}salir/", f"{here}abrir/"):
        assert client.get(address).status_code == 405


def test_after_an_answer_comes_the_next_question(client: Any) -> None:
    theme = ThemeFactory(slug="orientacion")
    first, second = (ResourceFactory(theme=theme, title=f"¿Cómo {n} & «qué»?") for n in (1, 2))
    client.force_login(tutor(theme))

    def said(question: Resource) -> str:
        address = question.address("reply")
        page = client.post(address, {"texto": "Así se hace."}, follow=True).content.decode()
        return str(page).partition('class="messages"')[2].partition("<main")[0][:600]

    link = f'<a href="{second.get_absolute_url()}#responder">Siguiente pregunta: ¿Cómo 2 &amp;'
    assert link in said(first)
    assert "No queda ninguna pregunta por responder." in said(second)
    client.force_login(UserFactory())
    other = said(ResourceFactory(theme=theme))
    assert "Siguiente" not in other and "por responder" not in other
