"""What a browser prints: the same page for who reads in the dark, without what is pressed."""

import pypdfium2
import pytest

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
        (CHAPTER, ["En cinco minutos", "Lista de chequeo", "Página 1 de"], ["Descargar", "Ir al contenido"]),
        (SUPPLIER, ["Qué vende", "Ficha", "Confecciones"], ["Dónde está", "Compartir esta ficha", "Avisar"]),
        ("/redip/cartagena/bitacora/barreras/", ["Barreras para", "Edición"], ["Para llevar", "Anterior"]),
        ("/agenda/", ["Lo que hubo"], ["Buscar", "Ayuda"]),
    ],
)
def test_paper_has_what_is_read_and_nothing_that_is_pressed(open_page, site, path, there, gone):
    words = "\n".join(printed(open_page(path)))
    assert all(word in words for word in there), words
    assert not any(word in words for word in gone), words


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
