"""What search is given of the forum, and whom it may show it to."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from comunidad import search_documents
from comunidad.actions import answers, moderation, posts
from comunidad.enums import Kind
from comunidad.models import Resource
from nucleo.uploads import checked
from search import registry
from search.documents import SearchDocument
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory
from tests.factories.papers import pdf_of, upload

pytestmark = pytest.mark.django_db


def document(resource: Resource) -> SearchDocument:
    row = search_documents.resources().get(pk=resource.pk)
    (found,) = search_documents.resource_documents(row)
    return found


def test_a_question_is_found_by_its_replies_and_begins_with_its_answer() -> None:
    theme = ThemeFactory(slug="orientacion", name="Orientación", route="orientacion")
    question = ResourceFactory(theme=theme, title="¿Cuándo?", source="Los **detalles**.")
    assert document(question).status == "Espera respuesta"
    assert document(question).summary == "Los detalles."
    reply = replied(question, source="La *respuesta*.")
    assert document(question).status == "Tiene respuestas"
    answers.accept_answer(reply=reply, by=question.author)
    found = document(question)
    assert (found.kind, found.id, found.label, found.parent) == (
        "recurso",
        str(question.pk),
        "Pregunta",
        "Orientación",
    )
    assert (found.status, found.theme, found.route) == ("Respondida", "orientacion", "orientacion")
    assert found.summary == "La respuesta."
    assert found.body == "Los detalles.\nLa respuesta."
    assert found.audience == {"public"} and found.url == question.get_absolute_url()


def test_other_kinds_have_their_name_and_no_state() -> None:
    found = document(ResourceFactory(kind=Kind.ARTICLE))
    assert (found.label, found.status, found.weight) == ("Artículo", "", 1.0)


def test_every_change_makes_a_newer_document() -> None:
    theme = ThemeFactory()
    question, teacher = ResourceFactory(theme=theme, source="Uno."), tutor(theme)
    versions = [document(question).version]
    reply = replied(question)
    versions.append(document(question).version)
    posts.edit(post=reply, by=reply.author, revision=1, source="Otra.")
    versions.append(document(question).version)
    moderation.hide(post=reply, by=teacher, reason="x")
    versions.append(document(question).version)
    moderation.restore(post=reply, by=teacher)
    versions.append(document(question).version)
    theme.save()
    versions.append(document(question).version)
    assert versions == sorted(set(versions)), "an old text never wins over the one without a hidden reply"


def test_what_is_not_published_has_no_document() -> None:
    theme = ThemeFactory()
    gone = ResourceFactory(theme=theme)
    moderation.hide(post=gone, by=tutor(theme), reason="x")
    inside = held(theme, group=(group := GroupFactory()), by=MembershipFactory(group=group).user)
    for post in (inside, Resource.objects.get(pk=gone.pk)):
        assert list(search_documents.resource_documents(post)) == []
        assert not search_documents.resources().filter(pk=post.pk).exists()


def test_the_audience_of_a_group_and_who_belongs_to_it() -> None:
    group, public = GroupFactory(), GroupFactory(is_private=False)
    member = MembershipFactory(group=group).user
    inside, open_ = ResourceFactory(group=group), ResourceFactory(group=public)
    assert document(inside).audience == {f"group:{group.pk}"}
    assert document(open_).audience == {"public"}
    assert search_documents.audience_of(member) == [f"author:{member.pk}", f"group:{group.pk}"]
    asking = MembershipFactory(group=group, state="pidio-entrar").user
    assert search_documents.audience_of(asking) == [f"author:{asking.pk}"]
    ids = [str(inside.pk), str(open_.pk), "0", "x"]
    assert search_documents.authorised_resources(ids, member) == {str(inside.pk), str(open_.pk)}
    assert search_documents.authorised_resources(ids, UserFactory()) == {str(open_.pk)}


def test_ones_own_held_question_is_found_by_herself_alone() -> None:
    theme = ThemeFactory()
    post = held(theme, by=(by := UserFactory()))
    assert document(post).audience == {f"author:{by.pk}"}
    assert document(post).status == "Espera aprobación"
    assert search_documents.resources().filter(pk=post.pk).exists()
    ids = [str(post.pk)]
    assert search_documents.authorised_resources(ids, by) == set(ids)
    for other in (UserFactory(), tutor(theme), UserFactory(is_superuser=True), AnonymousUser(), None):
        assert search_documents.authorised_resources(ids, other) == set()


def test_who_just_wrote_finds_it_before_a_tutor_has_seen_it(client: Client, search_index: Any) -> None:
    def found(word: str) -> str:
        search_index()
        return client.get(f"/buscar/?q={word}").content.decode()

    theme = ThemeFactory()
    by = UserFactory()
    client.force_login(by)
    post = held(theme, by=by, title="¿Cómo se legaliza una zapatería?")
    assert "legaliza una" in found("zapatería")
    assert "Espera aprobación" in found("zapatería")
    assert "/comunidad/" in client.get("/buscar/sugerencias/?q=legaliza").content.decode()
    client.force_login(tutor(theme))
    assert "legaliza una" not in found("zapatería")
    client.logout()
    assert "legaliza una" not in found("zapatería")
    assert "/comunidad/" not in client.get("/buscar/sugerencias/?q=legaliza").content.decode()
    moderation.approve(post=post, by=tutor(theme))
    assert "legaliza una" in found("zapatería")


def test_ones_own_held_reply_is_found_by_herself_alone(client: Client, search_index: Any) -> None:
    theme = ThemeFactory()
    question = ResourceFactory(theme=theme, title="¿Cómo se abre un local?")
    by, other = UserFactory(), UserFactory()
    reply = posts.reply(resource=question, by=by, source="Con el permiso de bomberos.")
    assert reply.is_held
    name = f"{question.pk}-r{reply.pk}"

    def found(word: str, reader: Any) -> str:
        search_index()
        client.logout()
        if reader:
            client.force_login(reader)
        return client.get(f"/buscar/?q={word}").content.decode()

    page = found("bomberos", by)
    assert "Su respuesta en «¿Cómo se abre un local?»" in page.replace("<mark>", "").replace("</mark>", "")
    assert "Espera aprobación" in page and f"#r-{reply.pk}" in page
    assert "Su respuesta" in client.get("/buscar/sugerencias/?q=su+respuesta").content.decode()
    for reader in (None, other, tutor(theme), UserFactory(is_superuser=True)):
        assert "Su respuesta en" not in found("bomberos", reader)
    assert search_documents.authorised_resources([name], by) == {name}
    wrong = [f"{question.pk + 1}-r{reply.pk}", f"{question.pk}-r0", f"{question.pk}-rx", f"1-r{'9' * 30}"]
    assert search_documents.authorised_resources(wrong, by) == set()
    for reader in (other, tutor(theme), AnonymousUser()):
        assert search_documents.authorised_resources([name], reader) == set()
    moderation.approve(post=reply, by=tutor(theme))
    page = found("bomberos", other)
    assert "¿Cómo se abre un local?" in page and "Su respuesta en" not in page
    assert "Su respuesta en" not in found("bomberos", by)


def test_a_reply_that_waits_in_a_closed_or_hidden_place_is_not_found() -> None:
    theme = ThemeFactory()
    question = ResourceFactory(theme=theme)
    reply = posts.reply(resource=question, by=(by := UserFactory()), source="Así.")
    name = f"{question.pk}-r{reply.pk}"
    made = search_documents.resources().get(pk=question.pk)
    assert [one.id for one in search_documents.resource_documents(made)] == [str(question.pk), name]
    moderation.hide(post=question, by=tutor(theme), reason="x")
    assert not search_documents.resources().filter(pk=question.pk).exists()
    assert search_documents.authorised_resources([name], by) == set()


def test_themes_are_found_and_named_in_the_facet() -> None:
    theme = ThemeFactory(slug="marketplace", name="Marketplace", tutor_name="Quien Tutora")
    (found,) = search_documents.theme_documents(theme)
    assert (found.kind, found.id, found.body) == ("tema", "marketplace", "Quien Tutora")
    assert search_documents.authorised_themes(["marketplace", "nada"], None) == {"marketplace"}
    assert registry.labels("tema", ["marketplace"]) == {"marketplace": "Marketplace"}


def test_who_finds_nothing_is_led_to_asking() -> None:
    address = search_documents.ask_address("permiso de mascotas & más")
    assert address == "/comunidad/preguntar/?titulo=permiso+de+mascotas+%26+m%C3%A1s"


def test_nothing_found_offers_to_ask(client: object, search_index: object) -> None:
    ResourceFactory(author=trusted())
    html = client.get("/buscar/?q=permiso+mascotas").content.decode()  # type: ignore[attr-defined]
    assert "/comunidad/preguntar/?titulo=" in html


def test_a_result_opens_at_the_reply_or_the_page_that_says_it(
    client: Client, search_index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    question = ResourceFactory(title="¿Cómo empiezo?", source="Quiero empezar.")
    replied(question, source="Otra cosa.")
    helpful = replied(question, source="Con un inventario de la tienda.")
    shared = posts.post_resource(
        kind=Kind.FILE,
        theme=question.theme,
        by=trusted(),
        title="Formato",
        source="Para imprimir.",
        upload=checked(upload("Formato.pdf", pdf_of("Uno", "Flujo de caja semanal"))),
    )
    with django_capture_on_commit_callbacks(execute=True):
        search_index()
    search_index()

    def first(words: str) -> dict[str, Any]:
        found: dict[str, Any] = client.get("/api/v1/buscar", {"q": words}).json()["results"][0]
        return found

    found = first("inventario")
    assert found["direccion"].endswith(helpful.get_absolute_url()) and found["lugar"] == "En una respuesta"
    found = first("flujo de caja")
    assert found["id"] == str(shared.pk) and found["lugar"] == "Página 2"
    assert found["direccion"].endswith(f"{shared.attachment.get_absolute_url()}?ver#page=2")
