"""What others show of the forum: home, chapters, feeds, programs, editors; and the rows that they share."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from comunidad import tables
from comunidad.actions import answers, posts
from comunidad.enums import GroupState, Kind
from comunidad.models import Follow, Revision, Theme
from nucleo import slots
from portal.demo import accounts
from search.models import PendingChange
from tests.factories.comunidad import (
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, published

pytestmark = pytest.mark.django_db


def render(tag: str, user: Any = None) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load comunidad %}{% " + tag + " %}").render(Context({"request": request}))


def test_home_shows_what_waits_what_was_answered_and_what_is_new() -> None:
    theme = ThemeFactory(name="Orientación")
    waits, settled = ResourceFactory(theme=theme, title="¿Espera?"), ResourceFactory(title="¿Resuelta?")
    answers.accept_answer(reply=replied(settled), by=settled.author)
    held(theme, title="¿Primera?")
    assert "Todo lo que se ha preguntado" not in render("waiting_questions 2")
    html = render("waiting_questions 2")
    assert "¿Espera?" in html and "Orientación" in html and "¿Resuelta?" not in html
    html = render("recently_answered 2")
    assert "¿Resuelta?" in html and "¿Espera?" not in html
    html = render("latest_threads 5")
    assert waits.get_absolute_url() in html and "¿Resuelta?" in html
    for tag in ("waiting_questions 9", "recently_answered 9", "latest_threads 9"):
        assert "¿Primera?" not in render(tag, trusted())


def test_home_says_when_there_is_nothing() -> None:
    assert "Todo lo que se ha preguntado" in render("waiting_questions 2")
    assert "Todavía no hay preguntas respondidas." in render("recently_answered 2")
    assert "Todavía nadie ha escrito." in render("latest_threads 2")


def test_what_she_follows_is_hers_by_itself_by_theme_by_tutoring_or_by_group(
    django_assert_num_queries: Any,
) -> None:
    reader = trusted()
    group = MembershipFactory(user=reader, group__state=GroupState.OPEN).group
    followed, tutored = ThemeFactory(), ThemeFactory()
    tutored.tutors.add(reader)
    Follow.objects.create(user=reader, theme=followed)
    Follow.objects.create(user=UserFactory(), theme=(foreign := ThemeFactory()))
    ResourceFactory(title="De otro", theme=foreign)
    held(followed, title="Sin aprobar")
    of_theme = ResourceFactory(title="Del tema", theme=followed)
    ResourceFactory(title="Del grupo", group=group)
    ResourceFactory(title="De tutoría", theme=tutored)
    by_itself = ResourceFactory(title="Por sí misma")
    for post in (by_itself, of_theme):
        Follow.objects.create(user=reader, resource=post)

    context = Context({"request": RequestFactory().get("/")})
    context["request"].user = reader
    tag = (
        "{% load comunidad %}{% followed_threads 9 as rows %}"
        "{% for row in rows %}{{ row.title }}|{% endfor %}"
    )
    with django_assert_num_queries(4):  # what she follows, tutors and is a member of; then the threads
        found = Template(tag).render(context)
    assert sorted(found.split("|")[:-1]) == ["De tutoría", "Del grupo", "Del tema", "Por sí misma"]
    context["request"].user = UserFactory()
    assert Template(tag).render(context) == ""


def test_each_tag_of_home_is_one_query(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        answers.accept_answer(reply=replied(post := ResourceFactory()), by=post.author)
        ResourceFactory()
    for tag in ("waiting_questions 3", "recently_answered 3", "latest_threads 3"):
        with django_assert_num_queries(1):
            render(tag)


def test_a_tutor_is_told_on_home_what_waits(django_assert_num_queries: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    assert tables.waiting_for(teacher) == tables.waiting_for(trusted()) == tables.waiting_for(None) == []
    ResourceFactory(theme=theme, title="¿La más vieja?")
    ResourceFactory(theme=theme)
    held(theme)
    with django_assert_num_queries(5):
        questions, approvals = tables.waiting_for(teacher)
    assert (questions["title"], questions["text"]) == ("2 preguntas esperan respuesta", "¿La más vieja?")
    assert questions["href"] == "/comunidad/tutoria/#por-responder"
    assert approvals["title"] == "1 mensaje espera aprobación"


def test_a_chapter_shows_its_answered_questions_and_the_way_to_ask() -> None:
    theme = ThemeFactory(slug="orientacion", route="orientacion")
    address = "/guias/proceso/cerrar/"
    settled = ResourceFactory(theme=theme, title="¿Resuelta?", about_url=address, about_label="Cerrar")
    answers.accept_answer(reply=replied(settled, source="La **respuesta**."), by=settled.author)
    ResourceFactory(theme=theme, title="¿Espera?", about_url=address)
    held(theme, title="¿Primera?", about_url=address)
    slot = {"guide_slug": "proceso", "chapter_slug": "cerrar", "guide_title": "P", "chapter_title": "Cerrar",
            "route": "orientacion"}  # fmt: skip
    html = slots.render("chapter_aside", **slot)
    assert "¿Resuelta?" in html and "La respuesta." in html
    assert "¿Espera?" not in html and "¿Primera?" not in html
    asks = (
        "/comunidad/preguntar/?sobre=%2Fguias%2Fproceso%2Fcerrar%2F&amp;sobre_que=Cerrar&amp;tema=orientacion"
    )
    assert asks in html
    empty = slots.render("chapter_aside", **slot | {"chapter_slug": "otro", "route": "redip"})
    assert "Todavía nadie ha preguntado" in empty and "tema=" not in empty


def test_a_guide_is_asked_about_from_its_own_page(client: Any) -> None:
    published(guide=GuideFactory(slug="guia", title="La guía"))
    html = client.get("/guias/guia/").content.decode()
    assert "Preguntar sobre esta guía" in html
    assert "/comunidad/preguntar/?sobre=%2Fguias%2Fguia%2F&amp;sobre_que=La+gu%C3%ADa" in html
    assert 'href="#para-llevar"' in html


def test_the_chapter_page_has_it(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    html = client.get("/guias/guia/cerrar/").content.decode()
    assert "Preguntar sobre este capítulo" in html


def test_a_theme_shows_the_guides_of_its_route(client: Any) -> None:
    guide = published(guide=GuideFactory(route="orientacion")).guide
    theme = ThemeFactory(route="orientacion")
    html = client.get(theme.get_absolute_url()).content.decode()
    assert "La guía del tema" in html and guide.get_absolute_url() in html
    assert "guía del tema" not in client.get(ThemeFactory().get_absolute_url()).content.decode()


def test_the_feed_gives_what_is_public(client: Any) -> None:
    post = ResourceFactory(title="¿En la fuente?", source="Con **detalle**.")
    held(post.theme, title="¿No?")
    response = client.get("/feeds/comunidad.atom")
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert f"{post.theme.name}: ¿En la fuente?" in text and "Con detalle." in text and "¿No?" not in text


def test_programs_are_given_the_same(client: Any) -> None:
    theme = ThemeFactory(slug="orientacion")
    question = ResourceFactory(theme=theme, source="Los detalles.")
    first, best = replied(question, source="Una."), replied(question, source="La mejor.")
    answers.accept_answer(reply=best, by=question.author)
    ResourceFactory(theme=theme, kind=Kind.NOTE)
    held(theme)
    found = client.get("/api/v1/temas").json()
    row = next(row for row in found if row["id"] == "orientacion")
    assert (row["publicaciones"], row["esperan_respuesta"]) == (2, 0)
    assert client.get("/api/v1/recursos?tema=orientacion").json()["count"] == 2
    assert client.get("/api/v1/recursos?clase=nota&tema=orientacion").json()["count"] == 1
    assert client.get("/api/v1/recursos?tema=nada").json()["count"] == 0
    row = client.get(f"/api/v1/recursos/{question.pk}").json()
    assert (row["estado"], row["texto"]) == ("Respondida", "Los detalles.")
    assert [(reply["id"], reply["aceptada"]) for reply in row["hilo"]] == [(best.pk, True), (first.pk, False)]
    assert str(question.author) not in str(row)
    response = client.get("/api/v1/recursos/999999")
    assert response.status_code == 404 and response["Content-Type"] == "application/problem+json"


def test_differences_are_word_by_word() -> None:
    by = trusted()
    post = posts.post_resource(
        theme=ThemeFactory(), by=by, kind=Kind.ARTICLE, title="T", source="Uno dos tres."
    )
    posts.edit(post=post, by=by, revision=1, source="Uno cuatro tres.\nY cinco.")
    post.refresh_from_db()
    last, first = tables.changes(post, list(Revision.objects.of(post)))
    assert last.words == [
        ("", "Uno "),
        ("del", "dos"),
        ("ins", "cuatro"),
        ("", " tres."),
        ("ins", "\nY cinco."),
    ]
    assert first.words == [("", "Uno dos tres.")]


# --- Editors -------------------------------------------------------------------------------------


def form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Un tema",
        "slug": "un-tema",
        "description": "De qué.",
        "route": "orientacion",
        "icon": "compass",
        "order": "5",
        "tutor_name": "Quien Tutora",
        "moderators": "",
        **fields,
    }


def test_an_editor_makes_and_changes_a_theme(client: Any) -> None:
    client.force_login(accounts.load()["editora"])
    teacher = UserFactory()
    add = "/admin/snippets/comunidad/theme/add/"
    assert "Cuentas que moderan" in client.get(add).content.decode()
    assert client.post(add, form(moderators=f" {teacher.email.upper()}\n")).status_code == 302
    theme = Theme.objects.get(slug="un-tema")
    assert list(theme.tutors.all()) == [teacher]
    assert PendingChange.objects.filter(source="tema", object_id=str(theme.pk)).exists()
    post = ResourceFactory(theme=theme)
    edit = f"/admin/snippets/comunidad/theme/edit/{theme.pk}/"
    assert client.post(edit, form(name="Otro nombre", slug="otra-direccion")).status_code == 302
    theme.refresh_from_db()
    assert (theme.name, theme.slug, theme.tutors.count()) == ("Otro nombre", "un-tema", 0)
    assert PendingChange.objects.filter(source="recurso", object_id=str(post.pk)).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "tutoria"}, "La comunidad ya usa"),
        ({"moderators": "nadie@demo.example"}, "No hay una cuenta con este correo: nadie@demo.example"),
        ({"route": "nada"}, "nada"),
    ],
)
def test_a_wrong_theme_is_refused(client: Any, wrong: dict[str, str], said: str) -> None:
    client.force_login(accounts.load()["editora"])
    response = client.post("/admin/snippets/comunidad/theme/add/", form(**wrong))
    assert response.status_code in (200, 422)
    assert said in response.content.decode()
    assert not Theme.objects.exists()
