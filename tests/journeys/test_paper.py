"""What a browser prints, what a printed code opens, and the guide that is opened without a network."""

import pypdfium2
import pytest
from playwright.sync_api import expect

from guias.models.paper import drawn
from tests.journeys.waiting import fits, taken

CHAPTER = "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/"
SUPPLIER = "/directorio/proveedores/confecciones-de-demostracion-2/"
ACTA = "/redip/cartagena/microfinanzas/actas/1/"


def printed(page):
    """The words of each sheet."""
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [sheet.get_textpage().get_text_bounded() for sheet in paper]


@pytest.mark.parametrize(
    ("path", "there", "gone"),
    [
        (CHAPTER, ["Lo principal, en ", "Lista de chequeo", "Página 1 de"], ["Descargar", "Ir al contenido"]),
        (SUPPLIER, ["Qué vende", "Ficha", "Confecciones"], ["Dónde está", "Compartir esta ficha", "Avisar"]),
        ("/redip/cartagena/bitacora/barreras/", ["Barreras para", "Edición"], ["Para llevar", "Anterior"]),
        # What was long ago stands on a page of its own when other journeys have announced many sessions.
        ("/agenda/?tema=asistencia-tecnica", ["Lo que hubo"], ["Buscar", "Ayuda"]),
    ],
)
def test_paper_has_what_is_read_and_nothing_that_is_pressed(open_page, site, path, there, gone):
    words = "\n".join(printed(open_page(path)))
    assert all(word in words for word in there), words
    assert not any(word in words for word in gone), words


def test_every_sheet_says_which_guide_and_which_version(open_page, site):
    sheets = printed(open_page(CHAPTER))
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, start=1):
        assert "Proceso de Orientación · versión 3, del " in sheet
        assert f"Página {number} de {len(sheets)}" in sheet


def test_an_acta_fits_on_one_sheet(open_page, site):
    (sheet,) = printed(open_page(ACTA, who="miembro"))
    assert "Aprobada por los asistentes" in sheet


@pytest.mark.parametrize("path", [CHAPTER, SUPPLIER])
def test_who_reads_in_the_dark_prints_the_same(open_page, site, path):
    colours = "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    cover = "() => getComputedStyle(document.querySelector('.cover-cloth, .motif')).fill"
    found = []
    for dark in (False, True):
        page = open_page(path, dark=dark)
        page.emulate_media(media="print")
        found.append((page.locator("body").evaluate(colours), page.evaluate(cover)))
    assert found[0] == found[1]


@pytest.mark.parametrize("js", [True, False])
def test_the_code_of_an_old_sheet_tells_what_changed(open_page, site, js):
    page = open_page("/guias/", phone=True, js=js)
    taken(page, "/guias/proceso-de-orientacion/v2/descargar/pdf/")
    page.get_by_role("link", name="Mire con su código si sigue vigente").click()
    code = drawn("proceso-de-orientacion", 2, "cerrar-y-dejar-constancia")
    page.get_by_label("Código de la hoja").fill(f"{code[:4]} {code[4:]}".lower())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hay una versión nueva").wait_for()
    expect(page.locator("ins")).not_to_have_count(0)
    fits(page)
    page.get_by_role("link", name="Ver todo lo que cambió").click()
    page.get_by_role("heading", name="Cerrar y dejar constancia").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_the_single_page_opens_by_double_click_without_a_network(open_page, site, chromium, tmp_path, dark):
    file = tmp_path / "guia.html"
    file.write_bytes(taken(open_page("/guias/"), "/guias/proceso-de-orientacion/descargar/html/").body())
    context = chromium.new_context(offline=True, color_scheme="dark" if dark else "light")
    asked, page = [], context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(file.as_uri())
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('1rem \"Ancizar Sans\"'))")
    page.get_by_role("link", name="Cerrar y dejar constancia").click()
    expect(page.locator(":target h1")).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()
