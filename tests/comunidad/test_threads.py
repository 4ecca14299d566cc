"""A thread by pages, and the piece of it that a browser fetches anew: the same as the page, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from comunidad.actions import answers, engagement, moderation, posts
from comunidad.actions.counts import recount_replies
from comunidad.views.presenting import REPLIES_A_PAGE
from tests.factories.comunidad import (
    ReplyFactory,
    ResourceFactory,
    ThemeFactory,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


def test_the_fragment_is_the_page(client: Any) -> None:
    theme = ThemeFactory()
    question = ResourceFactory(theme=theme)
    replied(question)
    held_reply = replied(question, by=UserFactory())
    for user in (None, question.author, held_reply.author, tutor(theme)):
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(question.get_absolute_url()).content.decode()
        piece = client.get(question.address("replies")).content.decode()
        clean = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
        assert clean.sub("", piece.strip()) in clean.sub("", page)


def test_a_long_thread_is_read_by_pages_with_its_answer_first(client: Any) -> None:
    question, by = ResourceFactory(), trusted()
    made = [
        ReplyFactory(resource=question, author=by, source=f"Número {n:02}.")
        for n in range(REPLIES_A_PAGE + 5)
    ]
    recount_replies(question)
    answers.accept_answer(reply=made[-1], by=question.author)
    gone = made[-2]
    moderation.hide(post=gone, by=UserFactory(is_superuser=True), reason="Sobraba.")

    def shown(query: str) -> list[str]:
        html = client.get(f"{question.get_absolute_url()}{query}").content.decode()
        assert f'id="respuestas-h" data-total="{len(made) - 1}"' in html
        return re.findall(r"Número (\d\d)", html.partition('id="respuestas"')[2].partition("</section>")[0])

    first = [f"{n:02}" for n in range(REPLIES_A_PAGE)]
    assert shown("") == shown("?pagina=x") == shown("?r=999999") == ["24", *first]
    rest = ["20", "21", "22"]
    assert shown("?pagina=2") == shown("?pagina=99") == rest
    assert shown(f"?r={made[21].pk}") == shown(f"?r={gone.pk}") == shown(f"?a={made[21].pk}") == rest
    assert shown(f"?r={made[-1].pk}") == ["24", *first]
    piece = client.get(question.address("replies"), {"pagina": "2"}).content.decode()
    assert re.findall(r"Número (\d\d)", piece) == rest and "pagina=2&amp;marca=" in piece
    response = client.get(f"{question.address('short')}?r={made[21].pk}")
    assert response["Location"] == f"{question.get_absolute_url()}?r={made[21].pk}"


def test_what_waits_takes_no_place_in_the_pages_of_others(client: Any) -> None:
    question, by = ResourceFactory(), trusted()
    for n in range(REPLIES_A_PAGE):
        ReplyFactory(resource=question, author=UserFactory(), state="en-espera", approved_at=None)
        ReplyFactory(resource=question, author=by, source=f"Número {n:02}.")
    html = client.get(question.get_absolute_url()).content.decode()
    assert html.count("Número ") == REPLIES_A_PAGE and "Página 1 de" not in html


def test_the_fragment_says_nothing_while_nothing_changed(client: Any) -> None:
    question, by = ResourceFactory(), trusted()
    reply = replied(question)

    def mark() -> str:
        html = client.get(question.address("replies")).content.decode()
        return re.search(r"marca=([^\"]+)", html)[1]

    changes: list[Callable[[], Any]] = [
        lambda: replied(question),
        lambda: engagement.react(post=reply, by=by, useful=True),
        lambda: answers.accept_answer(reply=reply, by=question.author),
        lambda: posts.edit(post=reply, by=reply.author, revision=1, source="Otra."),
        lambda: moderation.hide(post=reply, by=UserFactory(is_superuser=True), reason="x"),
    ]
    for change in changes:
        before = mark()
        response = client.get(question.address("replies"), {"marca": before})
        assert (response.status_code, response.content) == (204, b"")
        change()
        assert client.get(question.address("replies"), {"marca": before}).status_code == 200
