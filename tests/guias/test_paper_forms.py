"""Forms on paper: defined by an editor, filled by anybody, and nothing of what was typed is left anywhere."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import connection

from guias import policies
from guias.enums import FieldKind, Prefill
from guias.exports import paper_forms as papers
from guias.models import PaperField, PaperForm
from guias.search_documents import authorised_paper_forms, paper_form_documents
from nucleo import word_pdf
from nucleo.counting import MARKS
from portal.demo.formatos import load as load_demonstration
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory
from tests.factories.guias import GuideFactory, editor, published
from tests.factories.paper_forms import paper_form, text_of
from tests.factories.papers import text_of as words_of

pytestmark = pytest.mark.django_db
ADMIN = "/admin/snippets/guias/paperform"
SECRET = "Zoraida Quintanilla Sentinela"


@pytest.fixture(autouse=True)
def from_this_site(client: Any) -> None:
    """A browser says on which site a form stood."""
    client.defaults["HTTP_ORIGIN"] = "http://testserver"


def answers(**typed: str) -> dict[str, str]:
    return {
        "campo-nombre_completo": "Ana",
        "campo-ciudad": "Pasto",
        "campo-compromiso": "Volver",
        "archivo": "docx",
    } | {f"campo-{name}" if name != "archivo" else name: value for name, value in typed.items()}


# --- Filling ------------------------------------------------------------------------------------------


def test_what_is_typed_comes_back_as_word_and_as_pdf(client: Any) -> None:
    CityFactory(name="Pasto")
    paper_form()
    page = client.get("/guias/formatos/acta-de-prueba/")
    assert "el portal no lo guarda" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not page.cookies
    for kind in ("docx", "pdf"):
        response = client.post("/guias/formatos/acta-de-prueba/", answers(archivo=kind))
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Disposition"] == f'attachment; filename="acta-de-prueba.{kind}"'
        assert "Yo, Ana, de Pasto." in text_of(response)
        assert "Volver" in text_of(response)
    assert "formato del 3 de noviembre de 2026" in text_of(response)


def values_in(cache: str) -> bytes:
    """What the cache of this process, or the Redis of all, holds."""
    store = caches[cache]._cache
    if isinstance(store, dict):
        return b"".join(store.values())
    names = store.get_client().keys("*")
    return b"".join(store.get_client().mget(names)) if names else b""


def test_nothing_of_what_is_typed_is_left(client: Any, caplog: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """Database, sessions, cache, logs, stored files, temporary files: the words are in none of them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # of the process that draws
    CityFactory(name="Pasto")
    form = paper_form()
    person = UserFactory()
    client.force_login(person)
    caplog.set_level(logging.DEBUG)
    for kind in ("docx", "pdf"):
        right = client.post("/guias/formatos/acta-de-prueba/", answers(archivo=kind, nombre_completo=SECRET))
        assert SECRET in text_of(right)
    wrong = client.post("/guias/formatos/acta-de-prueba/", answers(nombre_completo=SECRET, ciudad="Nada"))
    assert wrong.status_code == 422
    assert SECRET in wrong.content.decode()
    assert SECRET not in caplog.text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert SECRET not in str(cursor.fetchall()), table
    for name in ("default", MARKS):
        assert SECRET.encode() not in values_in(name)
    assert values_in("default"), "at least how often she asked"
    folders = [Path(form.file.storage.location), tmp_path]
    for file in (file for folder in folders for file in folder.rglob("*") if file.is_file()):
        assert SECRET.encode() not in file.read_bytes(), file
    assert not list(tmp_path.iterdir())


def test_a_drawing_that_fails_says_so_and_keeps_the_words_out_of_the_log(
    client: Any, caplog: Any, monkeypatch: Any
) -> None:
    CityFactory(name="Pasto")
    paper_form()
    monkeypatch.setattr(word_pdf, "SECONDS", 0.01)
    response = client.post("/guias/formatos/acta-de-prueba/", answers(archivo="pdf", nombre_completo=SECRET))
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Descárguelo en Word" in response.content.decode()
    assert SECRET in response.content.decode()
    assert SECRET not in caplog.text


def test_when_many_draw_at_once_the_next_is_told_to_wait(client: Any, monkeypatch: Any) -> None:
    CityFactory(name="Pasto")
    paper_form()
    monkeypatch.setattr(word_pdf, "PATIENCE", 0.01)
    turns = word_pdf._turns
    for _n in range(word_pdf.AT_ONCE):
        assert turns.acquire(blocking=False)
    try:
        response = client.post("/guias/formatos/acta-de-prueba/", answers(archivo="pdf"))
    finally:
        turns.release(word_pdf.AT_ONCE)
    assert response.status_code == 503
    assert "muchas personas" in response.content.decode()


def test_wrong_answers_come_back_as_typed(client: Any) -> None:
    form = paper_form("{{ cedula }} {{ fecha }} {{ valor }} {{ texto }}")
    PaperField.objects.filter(form=form, name="texto").update(max_length=5)
    typed = {
        "campo-cedula": "doce",
        "campo-fecha": "ayer",
        "campo-valor": "1e9",
        "campo-texto": "seis66",
        "archivo": "pdf",
    }
    response = client.post("/guias/formatos/acta-de-prueba/", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert page.count("Escriba solo el número") >= 2
    for value in ("doce", "ayer", "1e9", "seis66"):
        assert f'value="{value}"' in page
    right = client.post(
        "/guias/formatos/acta-de-prueba/",
        {
            "campo-cedula": "1 110 234.567",
            "campo-fecha": "3/11/2026",
            "campo-valor": "$ 1500000,5",
            "campo-texto": "cinco",
        },
    )
    assert text_of(right).replace("\xa0", " ") == "1.110.234.567 3 de noviembre de 2026 $ 1.500.000,5 cinco"


def test_the_end_of_a_line_takes_the_room_of_one_letter(client: Any) -> None:
    form = paper_form("{{ relato }}")
    PaperField.objects.filter(form=form).update(kind=FieldKind.LONG, max_length=5)
    address = "/guias/formatos/acta-de-prueba/"
    assert 'maxlength="5"' in client.get(address).content.decode()
    fits = client.post(address, {"campo-relato": "ab\r\ncd"})
    assert fits.status_code == 200 and text_of(fits).split() == ["ab", "cd"]
    over = client.post(address, {"campo-relato": "ab\r\ncde"})
    assert over.status_code == 422 and "Caben 5 letras y hay 6." in over.content.decode()


def test_a_form_says_already_what_the_portal_knows(client: Any) -> None:
    form = paper_form("{{ ciudad }} {{ fecha }} {{ nombre }} {{ si }} {{ otra }}")
    known = {"ciudad": Prefill.CITY, "fecha": Prefill.TODAY, "nombre": Prefill.NAME}
    for name, prefill in known.items():
        PaperField.objects.filter(form=form, name=name).update(prefill=prefill)
    PaperField.objects.filter(form=form, name="si").update(kind=FieldKind.YES_NO, required=False)
    PaperField.objects.filter(form=form, name="otra").update(kind=FieldKind.CHOICE, choices="Uno\nDos\nUno")
    person = UserFactory(first_names="Luz Dary", last_names="Rojas", city=CityFactory(name="Ipiales"))
    assert "Luz Dary" not in client.get("/guias/formatos/acta-de-prueba/").content.decode()
    client.force_login(person)
    page = client.get("/guias/formatos/acta-de-prueba/").content.decode()
    assert 'value="Luz Dary Rojas"' in page
    assert '<option value="Ipiales" selected>' in page
    assert page.count('type="radio"') == 4


def test_a_form_of_another_site_is_refused(client: Any) -> None:
    paper_form()
    response = client.post(
        "/guias/formatos/acta-de-prueba/", answers(), headers={"origin": "https://x.example"}
    )
    assert response.status_code == 403


def test_the_empty_form_has_lines_and_is_drawn_once(client: Any, monkeypatch: Any) -> None:
    form = paper_form()
    word = client.get("/guias/formatos/acta-de-prueba/en-blanco.docx")
    assert "____" in text_of(word)
    assert "{{" not in text_of(client.get("/guias/formatos/acta-de-prueba/en-blanco.docx"))
    assert "____" in text_of(client.get("/guias/formatos/acta-de-prueba/en-blanco.pdf"))
    monkeypatch.setattr(word_pdf, "SECONDS", 0.01)
    assert client.get("/guias/formatos/acta-de-prueba/en-blanco.pdf").status_code == 200
    PaperForm.objects.filter(pk=form.pk).update(title="Otro nombre")
    late = client.get("/guias/formatos/acta-de-prueba/en-blanco.pdf")
    assert late.status_code == 302
    assert client.get("/guias/formatos/acta-de-prueba/en-blanco.html").status_code == 404


# --- Who sees what -------------------------------------------------------------------------------------


def test_drafts_are_seen_by_editors_alone(client: Any) -> None:
    form = paper_form(is_public=False, guide=published().guide)
    people = {"nobody": AnonymousUser(), "member": UserFactory(), "editor": editor()}
    for name, person in people.items():
        seen = policies.can_see_paper_form(person, form)
        assert seen == (name == "editor")
        assert PaperForm.objects.visible_to(person).exists() == seen
        assert authorised_paper_forms([str(form.pk)], person) == ({str(form.pk)} if seen else set())
    addresses = ("", "en-blanco.docx", "en-blanco.pdf")
    for address in addresses:
        assert client.get(f"/guias/formatos/acta-de-prueba/{address}").status_code == 404
    assert client.post("/guias/formatos/acta-de-prueba/", answers()).status_code == 404
    for address in ("/guias/formatos/", form.guide.get_absolute_url(), "/sitemap-formatos-1.xml"):
        assert "acta-de-prueba" not in client.get(address).content.decode()
    assert client.get("/api/v1/formatos").json()["count"] == 0
    assert list(paper_form_documents(form)) == []
    client.force_login(people["editor"])
    assert client.get("/guias/formatos/acta-de-prueba/").status_code == 200


def test_it_is_found_listed_and_shown_beside_its_guide(
    client: Any, assert_same_queries: Callable[..., int]
) -> None:
    guide = published().guide
    form = paper_form(guide=guide)
    found = list(paper_form_documents(form))
    assert (found[0].kind, found[0].url) == ("formato", "/guias/formatos/acta-de-prueba/")
    assert "Nombre completo" not in found[0].body
    for address in ("/guias/formatos/", guide.get_absolute_url()):
        assert 'data-tipo="formato" data-id="acta-de-prueba"' in client.get(address).content.decode()
    assert "/guias/formatos/" in client.get("/guias/").content.decode()
    assert guide.title in client.get("/guias/formatos/acta-de-prueba/").content.decode()
    assert "acta-de-prueba" in client.get("/sitemap-formatos-1.xml").content.decode()
    api = client.get("/api/v1/formatos?ruta=orientacion").json()
    assert [one["nombre"] for one in api["results"][0]["campos"]] == [
        "nombre_completo",
        "ciudad",
        "compromiso",
    ]
    assert client.get("/guias/formatos/?q=nada").content.decode().count('data-total="0"') == 1

    def more() -> None:
        paper_form(slug="dos", title="Dos", guide=guide)
        paper_form(slug="tres", title="Tres", route="redip", guide=guide)

    assert assert_same_queries("/guias/formatos/", more) <= 3


def test_filling_costs_the_same_with_more_fields(client: Any, django_assert_max_num_queries: Any) -> None:
    CityFactory(name="Pasto")
    paper_form()
    paper_form(" ".join(f"{{{{ ciudad {n} }}}}" for n in range(9)), slug="larga")
    for chapter in published().guide.chapter_reviews.all():
        chapter.paper_forms.add(*PaperForm.objects.filter(slug="larga"))
    for slug in ("acta-de-prueba", "larga"):
        with django_assert_max_num_queries(4):
            client.get(f"/guias/formatos/{slug}/")


def test_an_empty_form_reads_what_it_asks_once(client: Any, django_assert_num_queries: Any) -> None:
    paper_form()
    client.get("/guias/formatos/acta-de-prueba/en-blanco.pdf")
    for kind in ("docx", "pdf"):
        with django_assert_num_queries(2):
            client.get(f"/guias/formatos/acta-de-prueba/en-blanco.{kind}")


def test_the_address_is_no_guide_s() -> None:
    with pytest.raises(Exception, match="formatos"):
        GuideFactory.build(slug="formatos").full_clean()


def test_the_forms_of_the_demonstration_are_whole_and_loaded_once() -> None:
    assert load_demonstration() == PaperForm.objects.count() == load_demonstration()
    for form in PaperForm.objects.all():
        fields = list(form.fields.all())
        assert [field.name for field in fields] != [] and {f.name for f in fields} == set(form.names)
        for field in fields:
            field.full_clean()
        drawn = papers.as_pdf(form, papers.filled_docx(form, papers.blank_values(fields)))
        assert (drawn.pages, drawn.lost) == (1, ())
        assert form.title in words_of(drawn.content)
