"""An editor changes what the site says, in Spanish, with a menu that shows what she needs."""

import uuid

from tests.journeys.conftest import needs_js


@needs_js
def test_what_an_editor_publishes_is_what_a_visitor_reads(visit, way):
    page = visit("/admin/", who="editora")
    page.goto("/admin/pages/")
    page.get_by_role("link", name="Accesibilidad", exact=True).first.click()
    page.wait_for_load_state()
    words = f"Así está hoy la accesibilidad del portal ({uuid.uuid4().hex[:6]})."
    page.locator("#id_lead").fill(words)
    page.locator("footer").get_by_role("button", name="Más acciones").click()
    page.locator("button[name=action-publish]:visible").click()
    page.wait_for_load_state()
    assert visit("/accesibilidad/").get_by_text(words).first.is_visible()


@needs_js
def test_what_did_not_help_a_reader_reaches_who_mends_it(visit, way):
    chapter = "/guias/proceso-de-orientacion/preparar-la-atencion/"
    words = f"Falta un ejemplo ({uuid.uuid4().hex[:6]})."
    page = visit(chapter)
    page.get_by_role("group", name="¿Le sirvió este capítulo?").get_by_role("button", name="No").click()
    page.get_by_label("No está lo que buscaba").check()
    page.get_by_label("Cuéntenos en sus palabras").fill(words)
    page.get_by_role("button", name="Enviar").click()
    page.get_by_text("lo van a leer").wait_for()
    assert page.url.endswith(chapter)
    desk = visit("/admin/guias/por-mejorar/", who="editora")
    section = desk.locator("section", has_text=words)
    section.get_by_role("button", name="Ya lo atendí").click()
    desk.get_by_text("atendida").first.wait_for()
    assert desk.get_by_text(words).count() == 0
