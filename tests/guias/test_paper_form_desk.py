"""Forms on paper in the admin: what an editor uploads, what is made of it, and what is refused by name."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from directorio.models import City
from guias import policies
from guias.exports.paper_forms import blank_pdf
from guias.forms.paper_forms import NOT_IN_PDF, REFUSED
from guias.models import ChapterReview, Guide, PaperForm, RouteEditor
from search.models import PendingChange
from tests.factories.directorio import CityFactory
from tests.factories.guias import GuideFactory, editor, published
from tests.factories.paper_forms import paper_form, text_of
from tests.factories.papers import changed_docx, docx_of, flood_docx, pdf_of, related

pytestmark = pytest.mark.django_db
ADMIN = "/admin/snippets/guias/paperform"


@pytest.fixture(autouse=True)
def from_this_site(client: Any) -> None:
    """A browser says on which site a form stood."""
    client.defaults["HTTP_ORIGIN"] = "http://testserver"


@pytest.fixture
def desk(client: Any) -> Any:
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    client.user = user
    return client


def row(name: str, /, **fields: Any) -> dict[str, Any]:
    usual = {
        "id": "",
        "name": name,
        "label": name.capitalize(),
        "kind": "corto",
        "help": "",
        "required": "on",
    }
    return {**usual, "max_length": "", "choices": "", "prefill": "", **fields}


def sent(
    content: bytes | None, *rows: dict[str, Any], name: str = "acta.docx", **fields: Any
) -> dict[str, Any]:
    kept = sum(1 for one in rows if one["id"])
    data = {
        "title": "Acta nueva",
        "slug": "acta-nueva",
        "lead": "Se firma al cerrar.",
        "route": "orientacion",
        "guide": "",
        "fields": inline_formset(list(rows), initial=kept),
        **fields,
    }
    data = nested_form_data(data)
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content)
    return data


def errors(response: Any) -> str:
    form = response.context["form"]
    return " ".join([str(form.errors), *(str(one.errors) for one in form.formsets["fields"].forms)])


def test_the_first_upload_makes_the_fields_that_it_finds(desk: Any) -> None:
    content = docx_of("Yo, {{ Nombre del Líder }}, el {{ fecha }}, en {{ciudad}}.")
    response = desk.post(f"{ADMIN}/add/", sent(content, create_fields="on"))
    form = PaperForm.objects.get()
    assert response.status_code == 302, errors(response)
    assert response["Location"] == f"{ADMIN}/edit/{form.pk}/"
    made = [(field.name, field.label, field.kind) for field in form.fields.all()]
    assert made == [
        ("nombre_del_lider", "Nombre del Líder", "corto"),
        ("fecha", "Fecha", "fecha"),
        ("ciudad", "Ciudad", "ciudad"),
    ]
    assert not form.is_public
    assert form.blank
    assert PendingChange.objects.filter(source="formato", object_id=str(form.pk)).exists()
    page = desk.get(response["Location"]).content.decode()
    assert "Llenarlo de prueba" in page


def test_what_the_file_and_the_fields_do_not_share_is_named(desk: Any) -> None:
    content = docx_of("{{ nombre }} {{ otro dato }}")
    response = desk.post(f"{ADMIN}/add/", sent(content, row("nombre"), row("firma")))
    said = errors(response)
    assert not PaperForm.objects.exists()
    assert "El Word pide {{ otro_dato }}" in said
    assert "Abajo están los campos {{ firma }}" in said
    again = sent(content, row("nombre"), row("firma"), create_fields="on", drop_fields="on")
    assert desk.post(f"{ADMIN}/add/", again).status_code == 302
    assert [field.name for field in PaperForm.objects.get().fields.all()] == ["nombre", "otro_dato"]


def test_a_new_file_that_does_not_fit_leaves_the_published_one(
    desk: Any, client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    form = paper_form("{{ nombre }}", slug="acta-nueva")
    kept = [row("nombre", id=field.pk) for field in form.fields.all()]
    seen = form.updated_at.isoformat()
    response = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(docx_of("{{ nobre }}"), *kept, seen=seen))
    assert "{{ nobre }}" in errors(response)
    again = PaperForm.objects.get()
    assert (again.names, again.template_on, again.file.name) == (form.names, form.template_on, form.file.name)
    fine = sent(docx_of("Señora {{ nombre }}"), *kept, is_public="on", seen=seen)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"{ADMIN}/edit/{form.pk}/", fine).status_code == 302
    again = PaperForm.objects.get()
    assert again.template_on > form.template_on
    assert not form.file.storage.exists(form.file.name)
    assert again.file.storage.exists(again.file.name)
    typed = {"campo-nombre": "Ana"}
    assert text_of(client.post("/guias/formatos/acta-nueva/", typed)) == "Señora Ana"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "opciones", "choices": "Una"}, "dos opciones"),
        ({"prefill": "hoy"}, "no cabe"),
        ({"name": "a.b"}, "letras, números y espacios"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(desk: Any, fields: dict[str, str], said: str) -> None:
    response = desk.post(f"{ADMIN}/add/", sent(docx_of("{{ nombre }}"), row("nombre", **fields)))
    assert said in errors(response)
    assert not PaperForm.objects.exists()


def test_the_same_field_twice_is_refused(desk: Any) -> None:
    response = desk.post(f"{ADMIN}/add/", sent(docx_of("{{ el dato }}"), row("el dato"), row("El_Dato")))
    assert "Hay dos campos {{ el_dato }}" in errors(response)


GOOD = docx_of("{{ a }}")
WITH_MACROS = changed_docx(
    GOOD, "[Content_Types].xml", lambda old: old.replace(b"document.main", b"document.macroEnabled.main")
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (docx_of("{% for x in y %}{{ x }}{% endfor %}"), "no lleva instrucciones ni repeticiones"),
        (docx_of("{{ a|upper }}"), "no es el nombre de un campo"),
        (docx_of("{{ a }} {{ b"), "sin cerrar"),
        (docx_of("nada"), "ningún campo"),
        (lambda: pdf_of("{{ a }}"), "Esto es un PDF"),
        (b"<!doctype html><p>{{ a }}", "Esto es una página web"),
        (GOOD[: len(GOOD) // 2], "llegó incompleto"),
        (b"", "Ábralo en su equipo"),
        (flood_docx, "se infla"),
        (related(GOOD, "attachedTemplate", "file:///C:/x.dotm", external=True), "plantilla"),
        (related(GOOD, "image", "https://x.example/a.png", external=True), "busca algo fuera"),
        (WITH_MACROS, "macros"),
    ],
)
def test_what_is_no_form_is_refused_with_a_sentence(desk: Any, content: Any, said: str) -> None:
    content = content() if callable(content) else content  # made here: collecting would pay for it
    response = desk.post(f"{ADMIN}/add/", sent(content, create_fields="on"))
    assert said in errors(response)
    assert "Acta nueva" in response.content.decode()
    assert not PaperForm.objects.exists()


def test_a_form_of_many_pages_is_refused(desk: Any) -> None:
    long = docx_of("{{ a }}", *(["Renglón"] * 600))
    response = desk.post(f"{ADMIN}/add/", sent(long, create_fields="on"))
    assert "páginas y caben 8" in errors(response)


def test_what_the_pdf_shows_otherwise_is_said(desk: Any) -> None:
    form = paper_form(not_in_pdf=["boxes", "math"])
    page = desk.get(f"{ADMIN}/edit/{form.pk}/").content.decode()
    assert str(NOT_IN_PDF["boxes"]) in page
    assert all(str(sentence) for sentence in REFUSED.values())


def test_the_word_with_its_names_is_for_editors(desk: Any) -> None:
    form = paper_form()
    assert "{{ ciudad }}" in text_of(desk.get(f"/admin/guias/formatos/{form.pk}/word/"))
    desk.logout()
    assert desk.get(f"/admin/guias/formatos/{form.pk}/word/").status_code in (302, 403)


def test_a_form_says_which_chapters_use_it_by_their_addresses(desk: Any) -> None:
    guide = published(guide=GuideFactory(slug="guia")).guide
    fields = {"create_fields": "on", "chapter_addresses": "http://testserver/guias/guia/v1/cerrar/\n\n"}
    desk.post(f"{ADMIN}/add/", sent(docx_of("{{ nombre }}"), **fields))
    form = PaperForm.objects.get()
    assert [one.chapter for one in form.chapters.all()] == ["cerrar"]
    page = desk.get(f"{ADMIN}/edit/{form.pk}/").content.decode()
    assert f"{guide.get_absolute_url()}cerrar/</textarea>" in page
    for wrong in ("/guias/guia/nada/", "/guias/guia/", "cerrar", "/guias/guia/cerrar/\n/guias/otra/cerrar/"):
        seen = {"seen": form.updated_at.isoformat(), "create_fields": "on", "chapter_addresses": wrong}
        response = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(None, **seen))
        assert "Este capítulo no está en la versión vigente de una guía pública" in errors(response), wrong
    assert form.chapters.count() == 1


def test_chapters_of_a_guide_that_was_taken_away_stand_in_nobody_s_way(desk: Any) -> None:
    guide = published(guide=GuideFactory(slug="guia")).guide
    form = paper_form("{{ nombre }}", slug="acta-nueva")
    form.chapters.set(guide.chapter_reviews.filter(chapter="cerrar"))
    Guide.objects.update(state="retirada")
    page = desk.get(f"{ADMIN}/edit/{form.pk}/").content.decode()
    shown = re.search(r'name="chapter_addresses"[^>]*>\s*([^<]*)</textarea>', page)
    assert shown and shown[1].strip() == "/guias/guia/cerrar/"
    kept = [row("nombre", id=field.pk) for field in form.fields.all()]
    asked = {"seen": form.updated_at.isoformat(), "chapter_addresses": shown[1], "lead": "Otra."}
    response = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(None, *kept, **asked))
    assert response.status_code == 302, errors(response)
    form.refresh_from_db()
    assert (form.lead, form.chapters.count()) == ("Otra.", 1)


def test_an_editor_of_other_routes_changes_no_chapters_of_theirs(desk: Any) -> None:
    for slug, route in (("una", "orientacion"), ("otra", "redip")):
        published(guide=GuideFactory(slug=slug, route=route))
    RouteEditor.objects.create(user=desk.user, route="redip")
    form = paper_form("{{ nombre }}", slug="acta-nueva", route="redip")
    form.chapters.set(ChapterReview.objects.filter(guide__slug="una", chapter="cerrar"))
    kept = [row("nombre", id=field.pk) for field in form.fields.all()]
    theirs, hers = "/guias/una/cerrar/", "/guias/otra/cerrar/"
    for typed, refused in (
        (hers, theirs),
        (f"{theirs}\n/guias/una/recibir/", "/guias/una/recibir/"),
        (f"{theirs}\n{hers}", ""),
    ):
        asked = {"seen": form.updated_at.isoformat(), "chapter_addresses": typed, "route": "redip"}
        response = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(None, *kept, **asked))
        if refused:
            assert f"de una ruta que usted no edita. Déjelo como estaba: {refused}" in errors(response)
        else:
            assert response.status_code == 302, errors(response)
    assert form.chapters.count() == 2


def test_cities_are_those_of_the_network(client: Any) -> None:
    paper_form("{{ ciudad }}")
    CityFactory(name="Pasto")
    page = client.get("/guias/formatos/acta-de-prueba/").content.decode()
    assert page.count("<option") == City.objects.count() + 1


def test_an_editor_of_other_routes_may_not_change_it(desk: Any) -> None:
    form = paper_form()
    assert policies.can_write_paper_form(desk.user, form)
    RouteEditor.objects.create(user=desk.user, route="redip")
    del desk.user._own_routes
    assert not policies.can_write_paper_form(desk.user, form)
    assert desk.get(f"{ADMIN}/edit/{form.pk}/").status_code in (302, 403)
    assert desk.get(f"/admin/guias/formatos/{form.pk}/word/").status_code in (302, 403)


def test_the_second_of_two_who_save_is_told_and_may_save_again(desk: Any) -> None:
    form = paper_form("{{ nombre }}", slug="acta-nueva")
    seen = form.updated_at.isoformat()
    kept = [row("nombre", id=field.pk) for field in form.fields.all()]
    form.lead = "Lo que guardó otra persona."
    form.save()
    response = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(None, *kept, lead="Lo mío.", seen=seen))
    assert "otra persona guardó cambios" in response.content.decode()
    assert "Lo mío." in response.content.decode()
    assert PaperForm.objects.get().lead == "Lo que guardó otra persona."
    offered = response.context["form"]["seen"].value()
    again = desk.post(f"{ADMIN}/edit/{form.pk}/", sent(None, *kept, lead="Lo mío.", seen=offered))
    assert again.status_code == 302, errors(again)
    assert PaperForm.objects.get().lead == "Lo mío."


def test_a_form_that_is_deleted_leaves_neither_files_nor_a_hit(
    desk: Any, django_capture_on_commit_callbacks: Any
) -> None:
    form = paper_form()
    blank_pdf(form, list(form.fields.all()))
    names = [form.file.name, form.blank.name]
    assert all(form.file.storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"{ADMIN}/delete/{form.pk}/").status_code == 302
    assert not any(form.file.storage.exists(name) for name in names)
    assert PendingChange.objects.filter(source="formato", object_id=str(form.pk)).exists()
