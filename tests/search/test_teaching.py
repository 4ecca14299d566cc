"""Which questions a document answers, as editors say it, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from search import comparing, indexing, teaching
from search.documents import PUBLIC
from search.models import Asked, PendingChange, Pin
from tests.factories.comunidad import ResourceFactory, ThemeFactory
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import (
    CenterFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)
from tests.factories.redip import MesaFactory, RedFactory
from tests.search import ON_EACH_ENGINE

pytestmark = pytest.mark.django_db
DESK = "/admin/busquedas/preguntas/"
QUESTION = "¿Qué hago si la señora ya no quiere volver?"
SEARCH = "la señora no quiere volver"


def found(client: Client, text: str = SEARCH) -> str:
    return client.get("/buscar/", {"q": text}).content.decode()


@ON_EACH_ENGINE
# --- The editor's page ----------------------------------------------------------------------------
def test_an_editor_says_what_a_page_answers_and_people_find_it(
    editor: Client, client: Client, stock: Callable[..., Any], search_index: Any
) -> None:
    (row,) = stock("Desistimiento")
    assert 'data-total="0"' in found(client)
    page = editor.get(DESK, {"q": SEARCH, "otra": "desistimiento"}).content.decode()
    address = f"{DESK}pagina/{row.pk}/"
    assert f"{address}?q=la%20se%C3%B1ora" in page and "Esta la responde" in page
    form = editor.get(address, {"q": SEARCH}).content.decode()
    assert f"{SEARCH}</textarea>" in form, "what was searched stands there, to be said better"
    answer = editor.post(
        address, {"preguntas": f"{QUESTION}\n\n  {QUESTION}", "visto": seen(form)}, follow=True
    )
    assert "responde una pregunta" in answer.content.decode() and "Desistimiento" in answer.content.decode()
    search_index()
    shown = found(client)
    assert 'data-total="1"' in shown
    assert "Responde: ¿Qué hago si la <mark>señora</mark> ya no" in shown


def test_whatever_everybody_reads_can_be_taught(editor: Client) -> None:
    directory = CenterFactory, InstitutionFactory, OfferFactory, SupplierFactory, DemandFactory
    for make in (*directory, RedFactory, MesaFactory, ThemeFactory, ResourceFactory):
        make()
    documents = [one for batch in indexing.everything() for made in batch.rows.values() for one in made]
    public = {(one.kind, one.id) for one in documents if PUBLIC in one.audience}
    assert len({kind for kind, _id in public}) >= 9
    for kind, one in public:
        assert editor.get(f"{DESK}{kind}/{one}/").status_code == 200, kind


def seen(form: str) -> str:
    return form.split('name="visto" value="')[1].split('"')[0]


def test_two_editors_do_not_write_over_one_another(editor: Client, stock: Callable[..., Any]) -> None:
    (row,) = stock("Desistimiento")
    address = f"{DESK}pagina/{row.pk}/"
    state = seen(editor.get(address).content.decode())
    assert editor.post(address, {"preguntas": "¿Lo de ella?", "visto": state}).status_code == 302
    answer = editor.post(address, {"preguntas": "¿Lo mío?", "visto": state})
    page = answer.content.decode()
    assert answer.status_code == 409 and "¿Lo de ella?" in page and "¿Lo mío?</textarea>" in page
    assert Asked.objects.get().questions == "¿Lo de ella?"
    assert editor.post(address, {"preguntas": "¿Lo mío?", "visto": seen(page)}).status_code == 302
    assert Asked.objects.get().questions == "¿Lo mío?"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("¿?", "no tiene palabras"),
        ("palabra " * 20, "letras o menos"),
        ("\n".join(f"¿Qué es {n}?" for n in range(16)), "Hay 16"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(
    editor: Client, stock: Callable[..., Any], written: str, said: str
) -> None:
    (row,) = stock("Desistimiento")
    answer = editor.post(f"{DESK}pagina/{row.pk}/", {"preguntas": written, "visto": Asked().state})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and written.splitlines()[0] in page
    assert not Asked.objects.exclude(questions="").exists()


def test_only_of_what_everybody_may_read(editor: Client, stock: Callable[..., Any], shelf: Any) -> None:
    (row,) = stock("Acta reservada", audience=frozenset({"mesa:1"}))
    shelf.members_only.add(str(row.pk))
    for address in (f"{DESK}pagina/{row.pk}/", f"{DESK}pagina/999999/", f"{DESK}nada/1/"):
        assert editor.get(address).status_code == 404
        assert editor.post(address, {"preguntas": QUESTION}).status_code == 404
    assert "reservada" not in editor.get(DESK, {"otra": "acta"}).content.decode()


def test_only_who_teaches_the_search(client: Client, stock: Callable[..., Any]) -> None:
    (row,) = stock("Desistimiento")
    client.force_login(UserFactory())
    for address in (DESK, f"{DESK}pagina/{row.pk}/"):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"preguntas": QUESTION}).status_code in (302, 403, 405)
    assert not Asked.objects.exists()


def test_the_list_names_what_has_questions(editor: Client, stock: Callable[..., Any]) -> None:
    one, other = stock("Desistimiento", "Otra cosa")
    teaching.teach(("pagina", str(one.pk)), "Desistimiento", QUESTION)
    teaching.teach(("pagina", str(other.pk)), "Otra cosa", "")
    page = editor.get(DESK).content.decode()
    assert QUESTION in page and f"{DESK}pagina/{one.pk}/" in page and "Otra cosa" not in page


@ON_EACH_ENGINE
# --- The index ------------------------------------------------------------------------------------
def test_index_and_database_agree_about_the_questions(
    stock: Callable[..., Any], search_index: Any, client: Client
) -> None:
    (row,) = stock("Desistimiento")
    name = "pagina", str(row.pk)
    teaching.teach(name, "Desistimiento", QUESTION)
    PendingChange.objects.all().delete()
    (late,) = comparing.differences()
    assert late.what == comparing.STALE
    teaching.teach(name, "Desistimiento", "")
    search_index()
    assert list(comparing.differences()) == [] and 'data-total="0"' in found(client)


@ON_EACH_ENGINE
def test_what_is_put_first_is_found_by_who_asks_something_alike(
    editor: Client, client: Client, stock: Callable[..., Any], search_index: Any
) -> None:
    first, second = stock("Desistimiento", "Otra cosa")
    alike = "es que la señora ya no quiere volver al centro"
    teaching.put_first(SEARCH, ("pagina", str(first.pk)), "Desistimiento")
    search_index()
    assert 'data-total="1"' in found(client, alike) and "Desistimiento" in found(client, alike)
    teaching.put_first(SEARCH, ("pagina", str(second.pk)), "Otra cosa")
    search_index()
    shown = found(client, alike)
    assert "Otra cosa" in shown and "Desistimiento" not in shown
    teaching.let_go(SEARCH)
    search_index()
    assert 'data-total="0"' in found(client, alike) and not Pin.objects.exists()
    assert list(comparing.differences()) == []


def test_questions_of_many_documents_are_one_query(
    stock: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    rows = stock("Uno", "Dos", "Tres")
    for row in rows[:2]:
        teaching.teach(("pagina", str(row.pk)), row.name, f"¿Qué es {row.name}?")
    with django_assert_num_queries(1):
        asked = teaching.questions_of("pagina", [str(row.pk) for row in rows])
    assert asked == {str(row.pk): (f"¿Qué es {row.name}?",) for row in rows[:2]}
