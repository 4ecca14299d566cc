"""Reading through the addresses: who sees what, where addresses lead, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver

from comunidad.actions import answers, moderation, posts
from comunidad.enums import RESERVED_GROUP_SLUGS, RESERVED_SLUGS, Kind
from comunidad.models import Theme
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    cast,
    filed,
    held,
    poll,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


def test_no_theme_can_take_a_word_of_the_site() -> None:
    patterns = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "comunidad")
    words = {
        str(p.pattern).partition("/")[0] for p in patterns.url_patterns if not str(p.pattern).startswith("<")
    }
    assert words - {""} == RESERVED_SLUGS
    groups = {
        str(p.pattern).split("/")[1] for p in patterns.url_patterns if str(p.pattern).startswith("grupos/")
    }
    assert {word for word in groups if word and not word.startswith("<")} == RESERVED_GROUP_SLUGS


def test_the_front_shows_themes_with_tutor_and_what_waits(client: Any) -> None:
    theme = ThemeFactory(name="Orientación", slug="orientacion", tutor_name="Quien Tutora")
    waits = ResourceFactory(theme=theme, title="¿Quién sabe?")
    replied(ResourceFactory(theme=theme, title="¿Y esta?"))
    GroupFactory(name="Un grupo")
    held(theme, title="¿Espera?")
    html = client.get("/comunidad/").content.decode()
    assert 'data-tipo="tema" data-id="orientacion"' in html
    assert "Tutoría: Quien Tutora" in html
    assert "2 publicaciones" in html and "1 espera respuesta" in html
    assert f'data-tipo="recurso" data-id="{waits.pk}"' in " ".join(html.split())
    assert "Un grupo" in html
    assert "¿Espera?" not in html and "¿Y esta?" not in html
    assert 'href="/comunidad/preguntar/"' in html


def test_each_theme_of_the_front_says_how_much_it_holds(client: Any) -> None:
    silent, lively = ThemeFactory(), ThemeFactory()
    ResourceFactory(theme=lively)
    html = client.get("/comunidad/").content.decode()
    said = {
        theme: html.partition(f'data-id="{theme.slug}"')[2].partition("</li>")[0]
        for theme in (silent, lively)
    }
    assert "Todavía sin publicaciones" in said[silent] and "1 publicación" not in said[silent]
    assert "1 publicación" in said[lively] and "Todavía sin publicaciones" not in said[lively]


def test_an_empty_forum_says_what_will_be_here(client: Any) -> None:
    html = client.get("/comunidad/").content.decode()
    assert "Aquí estarán los temas" in html
    assert "Todo lo que se ha preguntado tiene respuesta" in html
    theme = ThemeFactory()
    assert "Todavía nadie ha preguntado" in client.get(f"/comunidad/{theme.slug}/").content.decode()
    assert "Todavía no hay ninguno" in client.get("/comunidad/grupos/").content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "waws n d"),
        ("?estado=sin-respuesta", "waw"),
        ("?estado=respondidas", "s"),
        ("?clase=nota", "n"),
        ("?clase=pregunta", "waw s"),
        ("?clase=debate&pagina=99", "d"),
        ("?clase=nada&estado=%00", "waws n d"),
        ("?clase=encuesta", ""),
    ],
)
def test_a_theme_is_narrowed(client: Any, query: str, shown: str) -> None:
    theme = ThemeFactory()
    made = {
        "w": ResourceFactory(theme=theme),
        "a": ResourceFactory(theme=theme),
        "s": ResourceFactory(theme=theme),
        "n": ResourceFactory(theme=theme, kind=Kind.NOTE),
        "d": ResourceFactory(theme=theme, kind=Kind.DEBATE),
    }
    replied(made["s"])
    ResourceFactory(title="De otro tema")
    html = client.get(f"/comunidad/{theme.slug}/{query}").content.decode()
    wanted = set(shown) - {" "}
    assert {k for k, row in made.items() if f'data-id="{row.pk}"' in html} == wanted
    assert f'data-total="{len(wanted)}"' in html
    assert "De otro tema" not in html


def test_what_waits_longest_is_first_over_all_themes(client: Any) -> None:
    first, second = ResourceFactory(title="¿Primera?"), ResourceFactory(title="¿Segunda?")
    html = client.get("/comunidad/?estado=sin-respuesta").content.decode()
    assert html.index(first.title) < html.index(second.title)
    assert 'data-total="2"' in html
    assert "Todavía no hay nada así" in client.get("/comunidad/?clase=encuesta").content.decode()


def test_a_thread_shows_the_accepted_answer_first(client: Any) -> None:
    question = ResourceFactory(about_url="/guias/x/y/", about_label="Cerrar y dejar constancia")
    replied(question, source="La primera.")
    best = replied(question, source="La **mejor**.")
    answers.accept_answer(reply=best, by=question.author)
    html = client.get(question.get_absolute_url()).content.decode()
    assert html.index("La <strong>mejor</strong>.") < html.index("La primera.")
    assert "Respuesta aceptada por quien preguntó" in html
    assert 'href="/guias/x/y/"' in html and "Sobre «Cerrar y dejar constancia»" in html
    assert 'id="respuestas-h" data-total="2"' in html
    assert html.count("<h1") == 1
    assert "Entrar y responder" in html and "<textarea" not in html
    assert f'<article class="post post-accepted" id="r-{best.pk}"' in html


@pytest.mark.parametrize("address", ["{theme}/{pk}-otra-cosa/", "{theme}/{pk}/", "{other}/{pk}-{slug}/"])
def test_another_title_or_theme_in_the_address_leads_to_the_right_one(client: Any, address: str) -> None:
    post, other = ResourceFactory(), ThemeFactory()
    address = address.format(theme=post.theme.slug, pk=post.pk, slug=post.slug, other=other.slug)
    response = client.get(f"/comunidad/{address}")
    if "{other}" in address:
        assert response.status_code in (302, 404)
    assert response.status_code == 302
    assert response["Location"] == post.get_absolute_url()


def test_the_address_keeps_whom_one_answers(client: Any) -> None:
    post = ResourceFactory()
    response = client.get(f"/comunidad/{post.theme.slug}/{post.pk}-mal/?a=5")
    assert response["Location"] == f"{post.get_absolute_url()}?a=5"


@pytest.mark.parametrize(
    "address",
    [
        "/comunidad/nada/",
        "/comunidad/{theme}/999-nada/",
        "/comunidad/{theme}/999/",
        "/comunidad/{theme}/999/respuestas/",
        "/comunidad/{theme}/999/archivo/",
        "/comunidad/{theme}/{pk}/archivo/",
        "/comunidad/{theme}/{pk}/historial/",
        "/comunidad/{theme}/{pk}/respuestas/999/historial/",
        "/comunidad/{theme}/{pk}/volar/",
        "/comunidad/grupos/nada/",
        "/comunidad/{theme}/publicar/pregunta/",
    ],
)
def test_what_is_not_there(client: Any, address: str) -> None:
    post = ResourceFactory()
    client.force_login(trusted())
    assert client.get(address.format(theme=post.theme.slug, pk=post.pk)).status_code == 404


def test_what_was_hidden_is_said_with_its_reason_and_nothing_else(client: Any) -> None:
    theme = ThemeFactory()
    post = ResourceFactory(theme=theme, title="Título reservado", source="Texto reservado.")
    moderation.hide(post=post, by=tutor(theme), reason="Tenía datos personales.")
    for address in (post.get_absolute_url(), f"/comunidad/{theme.slug}/{post.pk}-x/"):
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code == 404
        assert "Este mensaje fue retirado" in html and "Motivo: Tenía datos personales." in html
        assert "Texto reservado" not in html and "Título reservado" not in html
    client.force_login(post.author)
    html = client.get(post.get_absolute_url()).content.decode()
    assert "Texto reservado." in html and "Pedir que se revise" in html


def test_a_hidden_reply_is_a_notice_and_a_held_one_is_nothing(client: Any) -> None:
    theme = ThemeFactory()
    question, teacher = ResourceFactory(theme=theme), tutor(theme)
    hidden, waits = (
        replied(question, source="Reservada."),
        replied(question, by=UserFactory(), source="Nueva."),
    )
    moderation.hide(post=hidden, by=teacher, reason="Era publicidad")
    html = client.get(question.get_absolute_url()).content.decode()
    assert "Un mensaje fue retirado." in html and "Motivo: Era publicidad. Su autor puede pedir" in html
    assert "Reservada." not in html and "Nueva." not in html and f'id="r-{waits.pk}"' not in html
    client.force_login(waits.author)
    html = client.get(question.get_absolute_url()).content.decode()
    assert "Nueva." in html and "Solo usted lo ve por ahora" in html and "Reservada." not in html
    client.force_login(teacher)
    html = client.get(question.get_absolute_url()).content.decode()
    assert "Nueva." in html and "Reservada." in html
    assert "Aprobar" in html and "Volver a publicar" in html


def test_each_person_sees_the_buttons_that_work_for_her(client: Any) -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    question = ResourceFactory(theme=theme, author=author)
    reply = replied(question)
    expected = {
        "anonymous": set(),
        "new": {"me-sirvio", "avisar"},
        "member": {"me-sirvio", "avisar"},
        "author": {"me-sirvio", "avisar", "aceptar"},
        "tutor": {"me-sirvio", "aceptar", "retirar"},
        "other_tutor": {"me-sirvio", "avisar"},
        "operator": {"me-sirvio", "aceptar", "retirar"},
    }
    for who, verbs in expected.items():
        client.logout()
        if who != "anonymous":
            client.force_login(people[who])
        html = client.get(question.get_absolute_url()).content.decode()
        found = set(re.findall(rf'respuestas/{reply.pk}/([a-z-]+)/"', html))
        assert found == verbs, who
        for verb in found - {"avisar", "retirar"}:
            assert f'action="/comunidad/{theme.slug}/{question.pk}/respuestas/{reply.pk}/{verb}/"' in html


def test_a_file_is_sent_whole_with_its_name_and_never_shown_inline(client: Any) -> None:
    shared = filed(ThemeFactory())
    html = client.get(shared.get_absolute_url()).content.decode()
    assert "plantilla.pdf" in html and f'href="{shared.address("file")}"' in html
    response = client.get(shared.address("file"))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"] == 'attachment; filename="plantilla.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(shared.address("file"), headers={"Range": "bytes=0-3"}).status_code == 206


def test_a_poll_shows_how_it_stands_and_takes_one_vote(client: Any) -> None:
    asked, by = poll(ThemeFactory(), "Lunes", "Martes"), trusted()
    monday, tuesday = asked.options.all()
    html = client.get(asked.get_absolute_url()).content.decode()
    assert "0 votos" in html and "Votar" not in html
    client.force_login(by)
    assert "Votar" in client.get(asked.get_absolute_url()).content.decode()
    for option in (monday, monday, tuesday):
        assert client.post(asked.address("vote"), {"opcion": option.pk}).status_code == 302
    html = client.get(asked.get_absolute_url()).content.decode()
    assert re.search(r">\s*1 voto\s*<", html) and "Cambiar mi voto" in html and "(su voto)" in html
    other = poll(ThemeFactory()).options.first()
    for wrong in ("", "x", "0", str(other.pk), "9" * 40):
        response = client.post(asked.address("vote"), {"opcion": wrong})
        assert response.status_code == 422 and "Escoja una de las opciones" in response.content.decode()


def test_an_article_shows_who_wrote_it_and_what_changed(client: Any) -> None:
    first, second = trusted(first_names="Primera"), trusted(first_names="Segunda")
    article = posts.post_resource(
        theme=ThemeFactory(), by=first, kind=Kind.ARTICLE, title="Rutas", source="Una ruta vieja."
    )
    assert "Lo han escrito" not in client.get(article.get_absolute_url()).content.decode()
    posts.edit(post=article, by=second, revision=1, source="Una ruta <nueva>.")
    html = client.get(article.get_absolute_url()).content.decode()
    assert "Lo han escrito" in html and "Primera (prueba)" in html and "Segunda (prueba)" in html
    html = client.get(article.address("history")).content.decode()
    assert "vieja.</del>" in html and "&lt;nueva&gt;.</ins>" in html
    assert "Así se publicó" in html


def test_the_history_of_a_question_is_for_its_author_and_tutors(client: Any) -> None:
    theme, by = ThemeFactory(), trusted()
    question = ResourceFactory(theme=theme, author=by, source="Con una cédula.")
    posts.edit(post=question, by=by, revision=1, source="Sin nada.")
    html = client.get(question.get_absolute_url()).content.decode()
    assert "Corregido" in html and "historial" not in html
    assert client.get(question.address("history")).status_code == 404
    for user in (by, tutor(theme)):
        client.force_login(user)
        assert "historial" in client.get(question.get_absolute_url()).content.decode()
        assert "cédula" in client.get(question.address("history")).content.decode()


@pytest.mark.parametrize("of", ["article", "reply"])
def test_the_history_of_a_message_costs_the_same_with_more_corrections(
    client: Any, assert_same_queries: Callable[..., int], of: str
) -> None:
    theme, by = ThemeFactory(), trusted()
    post: Any = ResourceFactory(theme=theme, author=by, kind=Kind.ARTICLE, source="Una")
    if of == "reply":
        post = replied(post, by=by)
    client.force_login(by)

    def correct() -> None:
        post.refresh_from_db()
        other = trusted() if of == "article" else by
        posts.edit(post=post, by=other, revision=post.revision, source=f"Otra {post.revision}")

    correct()
    assert assert_same_queries(post.address("history"), lambda: (correct(), correct())) <= 8


@pytest.mark.parametrize("who", ["anonymous", "member", "tutor"])
def test_lists_and_threads_cost_the_same_with_more(
    client: Any, assert_same_queries: Callable[..., int], who: str
) -> None:
    theme = ThemeFactory()
    group = GroupFactory(is_private=False)
    people = cast(theme)
    if who != "anonymous":
        client.force_login(people[who])
    question = ResourceFactory(theme=theme)
    bystander = trusted()
    MembershipFactory(group=group, user=bystander)

    def more() -> None:
        for _ in range(2):
            extra = ResourceFactory(theme=theme, group=group)
            held(theme)
            reply = replied(question, by=bystander)
            replied(question, by=UserFactory())
            gone = replied(question, by=bystander)
            moderation.hide(post=gone, by=people["operator"], reason="x")
            answers.accept_answer(reply=replied(extra, by=bystander), by=people["operator"])
            answers.set_frequent(resource=extra, by=people["operator"], frequent=True)
            moderation.flag(post=reply, by=people["new"], reason="otra")
            MembershipFactory(group=group)
            GroupFactory()
            ThemeFactory()

    more()
    forms = {"/comunidad/preguntar/": 10, f"/comunidad/{theme.slug}/publicar/nota/": 10}
    for address, most in {
        **(forms if who != "anonymous" else {}),
        "/comunidad/": 8,
        "/comunidad/?estado=sin-respuesta": 5,
        f"/comunidad/{theme.slug}/": 11,
        question.get_absolute_url(): 18,
        question.address("replies"): 12,
        "/api/v1/temas": 4,
        "/api/v1/recursos": 6,
        f"/api/v1/recursos/{question.pk}": 6,
        "/feeds/comunidad.atom": 3,
        "/comunidad/grupos/": 6,
        group.get_absolute_url(): 10,
    }.items():
        assert assert_same_queries(address, more) <= most, address


def test_a_title_of_a_hundred_and_sixty_letters_has_an_address() -> None:
    post = ResourceFactory(title="ñandú " * 26)
    assert len(post.slug) <= 80
    assert Theme.objects.get(pk=post.theme_id).get_absolute_url() in post.get_absolute_url()
