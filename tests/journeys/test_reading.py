"""Reading a guide: a word explained where it stands, and going on where one was."""

import pytest
from playwright.sync_api import expect

from tests.journeys.waiting import until

GUIDE = "/guias/proceso-de-referenciacion/"
CHAPTER = f"{GUIDE}que-es-referenciar/"


def test_a_word_is_explained_where_it_stands(visit, way):
    page = visit(CHAPTER)
    word = page.locator("a.term", has_text="DPS")
    note = page.get_by_role("note").filter(has_text="inclusión social")
    expect(note).to_be_hidden()
    word.click()
    note.wait_for()
    assert note.locator("xpath=preceding::a[1]").inner_text() == "DPS"
    note.get_by_text("Cerrar").click()
    note.wait_for(state="hidden")
    word.click()
    note.get_by_role("link", name="Ver en el glosario").click()
    page.wait_for_url("**/guias/glosario/#dps")
    expect(page.locator("#dps").get_by_text("Departamento para la Prosperidad Social")).to_be_visible()


def test_by_keyboard_it_opens_in_place_and_gives_the_focus_back(open_page):
    page = open_page(CHAPTER, phone=True)
    word = page.get_by_role("button", name="DPS")
    word.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Space")
    note = page.get_by_role("note").filter(has_text="inclusión social")
    note.wait_for()
    assert word.get_attribute("aria-expanded") == "true"
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Cerrar"
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert word.get_attribute("aria-expanded") == "false"
    until(page, "document.activeElement.classList.contains('term')")


def test_who_searches_a_word_reads_what_it_means_first(visit):
    page = visit("/buscar/?q=que+es+el+DPS")
    page.get_by_role("complementary", name="Glosario").get_by_text("inclusión social").wait_for()
    assert int(page.locator("[data-total]").first.get_attribute("data-total")) > 0


def test_from_the_shelf_to_the_words(visit):
    page = visit("/guias/")
    page.get_by_role("main").get_by_role("link", name="Glosario", exact=True).click()
    page.wait_for_url("**/guias/glosario/")
    page.get_by_role("link", name="S", exact=True).click()
    expect(page.locator("#sena")).to_be_visible()


def test_she_goes_on_where_she_was_on_another_device(visit):
    page = visit(f"{GUIDE}escoger-a-donde/", who="asesor")
    page.goto(f"{GUIDE}remitir-con-permiso/")
    other = visit(GUIDE, who="asesor")
    assert opened(other) == ["escoger-a-donde", "remitir-con-permiso"]
    expect(other.get_by_role("link", name="Empezar a leer")).to_be_hidden()
    other.get_by_role("link", name="Seguir en «Remitir con permiso»").click()
    other.wait_for_url(f"**{GUIDE}remitir-con-permiso/")


def opened(page):
    """Return which chapters the list on the first page of the guide says were opened."""
    rows = page.locator("ol.list > [data-tipo=capitulo]", has=page.locator("[data-abierto]:visible"))
    return [row.get_attribute("data-id") for row in rows.all()]


def test_without_an_account_the_browser_remembers(open_page):
    page = open_page(GUIDE, phone=True)
    expect(page.get_by_role("link", name="Seguir en")).to_be_hidden()
    expect(page.get_by_role("link", name="Empezar a leer")).to_be_visible()
    assert opened(page) == []
    page.goto(f"{GUIDE}escoger-a-donde/")
    page.goto(f"{GUIDE}remitir-con-permiso/")
    page.goto(GUIDE)
    page.get_by_role("link", name="Seguir en «Remitir con permiso»").wait_for()
    assert opened(page) == ["escoger-a-donde", "remitir-con-permiso"]
    expect(page.get_by_role("link", name="Empezar a leer")).to_be_hidden()
    done = page.locator("#contenido-guia .step-done")
    expect(done).to_have_count(2)
    assert "(hecho)" in done.first.text_content()
    page.get_by_role("link", name="Seguir en «Remitir con permiso»").click()
    page.wait_for_url(f"**{GUIDE}remitir-con-permiso/")


def test_without_an_account_a_chapter_says_that_it_changed(open_page):
    """What an earlier visit left is written by hand: a version can be published once in a demonstration."""
    guide, slug = "/guias/proceso-de-orientacion/", "cerrar-y-dejar-constancia"
    page = open_page(f"{guide}{slug}/", phone=True)
    notice = page.get_by_text("Este capítulo cambió.")
    expect(notice).to_be_hidden()
    page.goto(guide)
    row = page.locator(f"[data-tipo=capitulo][data-id={slug}]")
    expect(row.get_by_text("Ya lo abrió")).to_be_visible()
    key = "leidos-en:proceso-de-orientacion"
    (said,) = page.evaluate(f"Object.values(JSON.parse(localStorage.getItem('{key}')))")
    assert said == [3, row.get_attribute("data-huella")]
    page.evaluate(f"localStorage.setItem('{key}', JSON.stringify({{'{slug}': [2, 'otracosa']}}))")
    page.reload()
    expect(row.get_by_text("Cambió desde que lo abrió")).to_be_visible()
    expect(row.get_by_text("Ya lo abrió")).to_be_hidden()
    page.goto(f"{guide}{slug}/")
    expect(notice).to_be_visible()
    expect(page.get_by_text("Usted lo leyó en la versión 2.")).to_be_visible()
    href = page.get_by_role("link", name="Ver qué cambió").first.get_attribute("href")
    assert href == f"{guide}cambios/2..3/#c-{slug}"
    page.reload()
    expect(notice).to_be_hidden()


@pytest.mark.parametrize("kept", ["{", "{}", "[1, null]", '["no-hay"]'])
def test_what_the_browser_kept_may_be_nonsense(open_page, kept):
    page = open_page("/guias/glosario/", phone=True)
    for key in ("leidos", "leidos-en"):
        name = f"{key}:proceso-de-referenciacion"
        page.evaluate("([name, kept]) => localStorage.setItem(name, kept)", [name, kept])
    page.goto(GUIDE)
    expect(page.get_by_role("link", name="Seguir en")).to_be_hidden()


def test_a_guide_of_the_list_is_pressed_by_what_it_is_for_and_what_changed_by_a_finger(open_page):
    page = open_page("/guias/", phone=True, js=False)
    row = page.locator("[data-id=proceso-de-orientacion]")
    expect(row.get_by_role("link", name="Descargar")).to_be_visible()
    row.locator(".row-sub").click(force=True)  # the link of the title lies over it
    page.wait_for_url("**/guias/proceso-de-orientacion/")
    changed = page.get_by_role("link", name="Qué cambió", exact=True)
    assert changed.bounding_box()["height"] >= 44
    assert changed.bounding_box()["y"] < page.viewport_size["height"]
    changed.click()
    page.wait_for_url("**/guias/proceso-de-orientacion/cambios/2..3/")


def test_the_route_that_is_chosen_stands_clear_of_the_edge(open_page):
    page = open_page("/guias/", phone=True)
    assert page.locator(".chip[aria-current]").bounding_box()["x"] >= 16
