"""Answering, correcting and what else one does with a message: in its place, once, and refused in words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from comunidad.actions import moderation, posts
from comunidad.enums import Kind, PostState
from comunidad.models import Flag, Follow, Reaction, Reply
from tests.factories.comunidad import (
    ResourceFactory,
    ThemeFactory,
    replied,
    trusted,
    tutor,
)

pytestmark = pytest.mark.django_db

EMOJI = "¿Sirve 🤔 así? 👩‍👩‍👧"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def shown(html: str, name: str) -> str:
    """The value that a form shows for the field ``name``."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', html, re.DOTALL)
    if area:
        return area[1]
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


# --- Answering and the verbs ---------------------------------------------------------------------


def test_a_reply_is_published_at_its_place(client: Any, member: Any) -> None:
    question = ResourceFactory()
    first = replied(question)
    html = client.get(f"{question.get_absolute_url()}?a={first.pk}").content.decode()
    assert f"Responde a {first.author}" in html and shown(html, "a") == str(first.pk)
    data = {"texto": f"Así {EMOJI}", "a": first.pk, "ficha": str(uuid4())}
    for _ in range(2):
        response = client.post(question.address("reply"), data)
    reply = Reply.objects.get(author=member)
    assert response["Location"] == f"{question.get_absolute_url()}?r={reply.pk}#r-{reply.pk}"
    assert reply.answers == first
    html = client.get(question.get_absolute_url()).content.decode()
    assert f"En respuesta a {first.author}" in html and EMOJI in html


@pytest.mark.parametrize(("text", "said"), [("", "Escriba su respuesta."), ("c" * 10_001, "caben 10000")])
def test_a_wrong_reply_comes_back_in_its_thread(client: Any, member: Any, text: str, said: str) -> None:
    question = ResourceFactory(source="El detalle de la pregunta.")
    response = client.post(question.address("reply"), {"texto": text, "a": "nada"})
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html and "El detalle de la pregunta." in html
    assert shown(html, "texto") == text


def test_forged_numbers_are_no_replies_of_this_thread(client: Any, member: Any) -> None:
    question, elsewhere = ResourceFactory(), replied(ResourceFactory())
    for a in (elsewhere.pk, 10**30, -1):
        client.post(question.address("reply"), {"texto": f"Hola {a}", "a": a})
    assert set(Reply.objects.filter(resource=question).values_list("answers", flat=True)) <= {None}
    theme = question.theme.slug
    assert (
        client.post(f"/comunidad/{theme}/{question.pk}/respuestas/{elsewhere.pk}/avisar/").status_code == 404
    )
    other = ThemeFactory().slug
    assert client.post(f"/comunidad/{other}/{question.pk}/me-sirvio/").status_code == 404


def test_visitors_are_sent_to_sign_in_and_back(client: Any) -> None:
    question = ResourceFactory()
    there = question.get_absolute_url()
    for address, back in {
        question.address("reply"): f"{there}#responder",
        question.address("follow"): there,
        question.address("act", "me-sirvio"): there,
        question.address("act", "avisar"): question.address("act", "avisar"),
        f"/comunidad/{question.theme.slug}/seguir/": question.theme.get_absolute_url(),
    }.items():
        response = client.post(address)
        assert response.status_code == 302
        assert parse_qs(urlsplit(response["Location"]).query)["next"] == [back]


def test_touching_twice_is_touching_once(client: Any, member: Any) -> None:
    question = ResourceFactory()
    address = question.address("act", "me-sirvio")
    for value, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        assert client.post(address, {"me-sirvio": value}).status_code == 302
        question.refresh_from_db()
        assert (question.useful_count, Reaction.objects.count()) == (count, count)
    for value, count in (("1", 1), ("1", 1), ("0", 0)):
        client.post(question.address("follow"), {"quiere": value})
        assert Follow.objects.filter(user=member, resource=question).count() == count


def test_what_does_not_apply_is_refused_with_a_sentence(client: Any, member: Any) -> None:
    question = ResourceFactory()
    reply = replied(question)
    for post, verb in [
        (question, "editar"), (question, "retirar"), (question, "aprobar"), (question, "aceptar"),
        (question, "frecuente"), (reply, "aceptar"), (reply, "devolver"), (reply, "frecuente"),
        (question, "pedir-revision"), (question, "mantener"), (reply, "cerrar-aviso"),
    ]:  # fmt: skip
        data = {"motivo": "x", "texto": "x", "titulo": "x", "revision": "1"}
        response = client.post(post.address("act", verb), data)
        assert response.status_code == 403, verb
        assert "Esto no le corresponde" in response.content.decode()
    assert client.get(question.address("act", "me-sirvio")).status_code == 405
    assert client.get(question.address("act", "editar")).status_code == 403


def test_a_correction_shows_what_is_there_and_conflicts_openly(client: Any, member: Any) -> None:
    article = posts.post_resource(
        theme=ThemeFactory(), by=trusted(), kind=Kind.ARTICLE, title="Rutas", source="Texto de antes."
    )
    html = client.get(article.address("act", "editar")).content.decode()
    assert shown(html, "texto") == "Texto de antes." and shown(html, "titulo") == "Rutas"
    assert shown(html, "revision") == "1"
    posts.edit(post=article, by=trusted(), revision=1, source="Texto de otra persona.")
    data = {"titulo": "Rutas", "texto": "Mi texto.", "revision": "1"}
    response = client.post(article.address("act", "editar"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Otra persona guardó cambios" in html and "Texto de otra persona." in html
    assert shown(html, "texto") == "Mi texto." and shown(html, "revision") == "2"
    response = client.post(article.address("act", "editar"), {**data, "titulo": "Otras", "revision": "2"})
    article.refresh_from_db()
    assert response["Location"] == article.get_absolute_url() == f"{article.get_absolute_url()}"
    assert (article.source, article.slug) == ("Mi texto.", "otras")
    for wrong in ({**data, "revision": "x"}, {**data, "texto": ""}, {**data, "titulo": ""}):
        assert client.post(article.address("act", "editar"), wrong).status_code == 422


def test_calling_a_tutor_says_why(client: Any, member: Any) -> None:
    reply = replied(ResourceFactory(), source="Algo que no debería estar.")
    address = reply.address("act", "avisar")
    html = client.get(address).content.decode()
    assert "Algo que no debería estar." in html and html.count('type="radio"') == 5
    for wrong in ({}, {"razon": "porque-si"}, {"razon": "otra", "nota": "x" * 301}):
        assert client.post(address, wrong).status_code == 422
    assert client.post(address, {"razon": "datos-personales", "nota": SCRIPT}).status_code == 302
    assert client.post(address, {"razon": "otra"}).status_code == 302
    flag = Flag.objects.get()
    assert (flag.user, flag.reason, flag.reply) == (member, "datos-personales", reply)


def test_hiding_wants_a_reason_and_an_author_asks_for_another_look(client: Any) -> None:
    theme = ThemeFactory()
    reply = replied(ResourceFactory(theme=theme), by=trusted())
    client.force_login(tutor(theme))
    address = reply.address("act", "retirar")
    assert client.post(address, {"motivo": " "}).status_code == 422
    assert client.post(address, {"motivo": "y" * 301}).status_code == 422
    for _ in range(2):
        assert client.post(address, {"motivo": " Era  publicidad "}).status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.hidden_reason) == (PostState.HIDDEN, "Era publicidad")
    client.force_login(reply.author)
    assert client.post(reply.address("act", "pedir-revision"), {"texto": ""}).status_code == 422
    assert client.post(reply.address("act", "pedir-revision"), {"texto": "No era."}).status_code == 302
    html = client.get(reply.resource.get_absolute_url()).content.decode()
    assert "pedir-revision" not in html


def test_writing_too_much_is_slowed_down(client: Any, member: Any) -> None:
    question = ResourceFactory()
    answers = [
        client.post(question.address("reply"), {"texto": f"Número {n}"}).status_code for n in range(17)
    ]
    assert answers[:15] == [302] * 15
    assert answers[15:] == [429] * 2
    response = client.post("/comunidad/preguntar/", {"titulo": "x"})
    assert response.status_code == 429 and response["Retry-After"] == "300"
    assert client.get("/comunidad/preguntar/").status_code == 200


def test_only_posts_write(client: Any, member: Any) -> None:
    question = ResourceFactory()
    for address in (
        question.address("follow"),
        question.address("vote"),
        "/comunidad/moderacion/1/deshacer/",
    ):
        assert client.get(address).status_code == 405
    assert client.get(question.address("reply"))["Location"].endswith("#responder")


def test_a_reply_to_what_was_hidden_meanwhile_is_not_lost_in_an_error(client: Any, member: Any) -> None:
    theme = ThemeFactory()
    question = ResourceFactory(theme=theme, author=member)
    moderation.hide(post=question, by=tutor(theme), reason="x")
    response = client.post(question.address("reply"), {"texto": "Tarde"})
    assert response.status_code == 403
    assert "Aquí ya no se puede responder" in response.content.decode()
