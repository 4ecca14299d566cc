"""Staff of a centre read a guide by chapters, tick its list, and take it home in three forms."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import in_browser, needs_js
from tests.journeys.waiting import taken, until

GUIDE = "/guias/proceso-de-orientacion/"
CHAPTER = f"{GUIDE}cerrar-y-dejar-constancia/"


def test_the_shelf_is_filtered_and_says_what_state_means(visit):
    page = visit("/guias/")
    expect(page.locator("main [data-tipo=guia]")).to_have_count(13)
    page.goto("/guias/?ruta=empleabilidad")
    expect(page.locator("main [data-tipo=guia]")).to_have_count(1)
    page.goto("/guias/?estado=en-construccion")
    with page.expect_navigation():
        page.locator("main [data-tipo=guia] a").first.click()
    expect(page.get_by_text("Está en construcción.")).to_be_visible()


def test_a_guide_is_read_chapter_after_chapter(visit):
    page = visit("/guias/?ruta=orientacion")
    page.get_by_role("link", name="Proceso de Orientación", exact=True).first.click()
    page.get_by_role("link", name="Empezar a leer").click()
    page.wait_for_url(f"**{GUIDE}*/")
    seen = [page.locator("h1").inner_text()]
    while page.locator("a[rel=next]").count():
        with page.expect_navigation():
            page.locator("a[rel=next]").first.click()
        seen.append(page.locator("h1").inner_text())
    assert len(seen) == len(set(seen)) >= 4
    expect(page.locator("a[rel=prev]")).to_have_count(1)


def test_a_chapter_begins_with_its_five_minutes(visit):
    page = visit(CHAPTER)
    expect(page.get_by_text("Lo principal, en ").first).to_be_visible()
    expect(page.locator("nav[aria-label=Capítulos] [aria-current]")).to_have_count(1)


def test_ticks_stay_with_the_account(visit, way):
    page = visit(CHAPTER, who="asesor")
    boxes = page.locator("form[data-marcas] input[type=checkbox]")
    before = boxes.nth(1).is_checked()
    boxes.nth(1).set_checked(not before)
    if way.js:
        page.get_by_text("Sus marcas quedaron guardadas.").wait_for()
    else:
        with page.expect_navigation():
            page.get_by_role("button", name="Guardar mis marcas").click()
    again = visit(CHAPTER, who="asesor")
    assert again.locator("form[data-marcas] input[type=checkbox]").nth(1).is_checked() is not before


@needs_js
def test_ticks_of_who_has_no_account_stay_in_her_browser(visit):
    page = visit(CHAPTER)
    box = page.locator("form[data-marcas] input[type=checkbox]").nth(1)
    box.check()
    page.reload()
    expect(box).to_be_checked()
    box.uncheck()
    page.reload()
    expect(page.locator("form[data-marcas] [data-con-script]").first).to_be_visible()
    expect(box).not_to_be_checked()
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK\x03\x04"), ("html", b"<!DOCTYPE html>")]
)
def test_a_guide_is_taken_home(visit, form, begins):
    page = visit(GUIDE)
    link = page.locator(f"main a[data-formato={form}]").get_attribute("href")
    answer = taken(page, link)
    assert answer.body()[:15].lower().startswith(begins.lower())
    assert f"proceso-de-orientacion-v3.{form}" in answer.headers["content-disposition"]


def test_what_changed_since_the_version_before_can_be_read(visit):
    page = visit(f"{GUIDE}cambios/2..3/")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main ins")).not_to_have_count(0)


def test_an_old_version_keeps_its_address_and_says_so(visit):
    page = visit(f"{GUIDE}v1/")
    expect(page.get_by_text("Está leyendo la versión 1.")).to_be_visible()
    page.get_by_role("link", name="Leer la versión vigente").click()
    page.wait_for_url(f"**{GUIDE}")


def test_the_package_is_one_zip(visit):
    page = visit("/guias/paquete/")
    expect(page.get_by_role("button", name="Descargar el paquete")).to_be_visible()


def test_a_reader_says_whether_a_chapter_helped(visit):
    chapter = "/guias/proceso-de-orientacion/recibir-y-escuchar/"
    page = visit(chapter)
    page.get_by_role("button", name="Sí", exact=True).click()
    page.get_by_role("heading", name="Gracias por decirlo").wait_for()
    page.get_by_role("link", name="Volver al capítulo").click()
    page.wait_for_url(f"**{chapter}")


VOICES = """
SpeechSynthesis.prototype.getVoices = () => [
  {lang: "en-US", localService: true},
  {lang: "es-ES", localService: true},
  {lang: "es_US", localService: true},
];
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
SpeechSynthesis.prototype.speak = (one) => {
  window.said.push([one.lang, one.text]);
  if (window.said.length < 8) setTimeout(() => one.onend(), 0);
};
"""
"""A browser with voices, as phones have them; this one has none. Its eighth piece is never over."""


@in_browser
def test_a_chapter_is_read_aloud_where_the_browser_has_a_voice(visit, way):
    chapter = "/guias/proceso-de-orientacion/recibir-y-escuchar/"
    page = visit(chapter)
    listen = page.get_by_role("button", name="Escuchar este capítulo")
    expect(listen).to_have_count(0)
    page.add_init_script(VOICES)
    page.reload()
    listen.click()
    stop = page.get_by_role("button", name="Dejar de escuchar")
    until(page, "window.said.length === 8")
    said = page.evaluate("window.said")
    assert said[0] == ["es_US", "Recibir y escuchar"]
    assert all(text.count(".") <= 1 for _lang, text in said)
    assert not [text for _lang, text in said if "se lee en" in text.lower()]
    page.get_by_role("button", name="Pausar").click()
    go_on = page.get_by_role("button", name="Seguir escuchando")
    go_on.wait_for()
    assert page.evaluate("window.said.length") == 8
    go_on.press("Enter")
    assert page.evaluate("window.said")[8:] == [said[7]]  # what was cut off, and not the title
    stop.click()
    expect(stop).to_be_hidden()
    listen.click()
    assert page.evaluate("window.said")[9] == said[0]


@in_browser
def test_what_a_figure_shows_and_what_stands_before_a_list_is_read_aloud_too(visit, way):
    page = visit("/guias/proceso-de-orientacion/caracterizar-y-enrutar/")
    page.add_init_script(VOICES.replace("< 8", "< 1000"))
    page.reload()
    alt = page.locator("#capitulo figure img").get_attribute("alt")
    page.locator("#capitulo").evaluate(
        "(one) => one.insertAdjacentHTML('beforeend', '<ul><li>Lleve: <ul><li>la cédula</li></ul></li></ul>')"
    )
    page.get_by_role("button", name="Escuchar este capítulo").click()
    until(page, "window.said.at(-1)?.[1] === 'la cédula'")
    said = [text for _lang, text in page.evaluate("window.said")]
    assert said[-2] == "Lleve:"
    assert " ".join(said).count(" ".join(alt.split())) == 1
