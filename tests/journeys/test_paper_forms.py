"""Forms on paper: an editor makes one of a Word file, and staff fill it and leave nothing behind."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.factories.papers import docx_of, text_of
from tests.journeys.conftest import needs_js
from tests.journeys.waiting import fits

FORM = "/guias/formatos/acta-de-compromiso/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(page: Any, button: str, folder: Path) -> tuple[str, str]:
    """Press ``button`` and return the name of the file that comes and its words."""
    expect(page.locator("form[data-sent]")).to_have_count(0)  # a second click at once is taken for a slip
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    name = waiting.value.suggested_filename
    waiting.value.save_as(folder / name)
    return name, text_of((folder / name).read_bytes())


def fill(page: Any, name: str) -> None:
    page.get_by_label("Ciudad").select_option("Ibagué")
    page.get_by_label("Nombre completo de la persona").fill(name)
    page.get_by_label("Número de cédula").fill("1110234567")
    page.get_by_label("Empleabilidad").check()
    page.get_by_label("A qué más se compromete").fill("Traer la hoja de vida.\nLlamar el lunes.")
    page.get_by_label("Próxima cita").fill("2026-12-03")


def test_staff_fill_an_acta_from_the_home_page_and_take_it_in_pdf_and_word(visit, way, tmp_path):
    page = visit("/", who="asesor")
    page.get_by_role("link", name="Guías", exact=True).locator("visible=true").first.click()
    page.get_by_role("link", name="Actas y formatos para llenar").click()
    page.get_by_role("link", name="Acta de compromiso", exact=True).click()
    page.wait_for_url(f"**{FORM}")
    assert page.get_by_label("Nombre de quien orienta").input_value().startswith("Asesor")
    name = f"María Ñúñez {uuid.uuid4().hex[:6]}"
    fill(page, name)
    page.get_by_label("Número de cédula").fill("no sé")
    page.get_by_role("button", name="Descargar en PDF").click()
    page.get_by_role("alert").get_by_text("Escriba solo el número").wait_for()
    assert page.get_by_label("Nombre completo de la persona").input_value() == name
    page.get_by_label("Número de cédula").fill("1.110.234.567")
    for button, expected in (("Descargar en PDF", "pdf"), ("Descargar en Word", "docx")):
        called, words = download(page, button, tmp_path)
        assert called == f"acta-de-compromiso.{expected}"
        words = " ".join(words.split())
        assert f"Yo, {name}, con cédula de ciudadanía 1.110.234.567" in words
        assert "3 de diciembre de 2026" in words and "Llamar el lunes." in words
    if way.js:  # what was wrong is right, and the page is the same one
        expect(page.locator(".error-summary, .error, .field-wrong, [aria-invalid]")).to_have_count(0)
    fits(page)


@needs_js
def test_a_lost_connection_loses_nothing_and_the_next_person_finds_nothing(visit, way):
    page = visit(FORM)
    fill(page, "Persona de Prueba")
    page.get_by_text("queda en esta pestaña").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="Descargar en Word").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto(FORM)
    page.get_by_text("Aquí está lo que había escrito").wait_for()
    assert page.get_by_label("Nombre completo de la persona").input_value() == "Persona de Prueba"
    expect(page.get_by_label("Empleabilidad")).to_be_checked()
    other = page.context.new_page()
    other.goto(FORM)
    assert other.get_by_label("Nombre completo de la persona").input_value() == ""
    page.get_by_role("button", name="Borrar lo escrito").click()
    page.get_by_text("Se borró de esta pestaña").wait_for()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.reload()
    assert page.get_by_label("Nombre completo de la persona").input_value() == ""
    expect(page.get_by_text("lo que había escrito")).to_be_hidden()


@needs_js
def test_who_signs_in_after_another_does_not_find_her_words(visit, way):
    page = visit(FORM, who="asesor")
    fill(page, "Persona de Prueba")
    page.get_by_text("queda en esta pestaña").wait_for()
    page.context.clear_cookies()
    page.goto(FORM)
    assert page.get_by_label("Nombre completo de la persona").input_value() == ""
    assert page.evaluate("sessionStorage.length") == 0


@needs_js
def test_an_editor_makes_a_form_of_a_word_file_and_a_visitor_fills_it(visit, way, tmp_path):
    number = uuid.uuid4().hex[:6]
    title = f"Constancia {number}"
    page = visit("/admin/snippets/guias/paperform/add/", who="editora")
    page.locator("#id_title").fill(title)
    page.locator("#id_slug").fill(f"constancia-{number}")
    page.locator("#id_lead").fill("Se entrega al terminar.")
    page.locator("#id_route").select_option("empleabilidad")

    def choose(*paragraphs: str) -> None:
        content = docx_of(*paragraphs)
        page.set_input_files("#id_file", {"name": "constancia.docx", "mimeType": WORD, "buffer": content})

    def save() -> None:
        with page.expect_navigation():
            page.get_by_role("button", name="Guardar").first.click()

    choose("{% for x in y %}{{ nombre }}{% endfor %}")
    save()
    page.get_by_text("no lleva instrucciones ni repeticiones").first.wait_for()
    assert page.locator("#id_title").input_value() == title
    choose("Consta que {{ Nombre completo }} vino el {{ fecha }}.")
    save()
    page.get_by_role("link", name="Llenarlo de prueba").wait_for()
    assert page.locator("#id_fields-0-name").input_value() == "nombre_completo"
    assert page.locator("#id_fields-1-kind").input_value() == "fecha"
    choose("Consta que {{ Nombre completo }} vino el {{ fecha }} con {{ acompañante }}.")
    save()
    page.get_by_text("El Word pide {{ acompanante }}").first.wait_for()
    choose("Consta que {{ Nombre completo }} vino el {{ fecha }} con {{ acompañante }}.")
    page.locator("#id_create_fields").check()
    page.locator("#id_is_public").check()
    save()
    page.goto("/admin/snippets/guias/paperform/")
    page.get_by_role("link", name=title).first.wait_for()
    reader = visit("/guias/formatos/?q=constancia")
    reader.get_by_role("link", name=title).click()
    reader.get_by_label("Nombre completo").fill("Ana")
    reader.get_by_label("Fecha").fill("2026-11-03")
    reader.get_by_label("Acompañante").fill("su hija")
    _name, words = download(reader, "Descargar en PDF", tmp_path)
    assert "Consta que Ana vino el 3 de noviembre de 2026 con su hija." in " ".join(words.split())
