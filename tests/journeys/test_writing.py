"""Long texts get their shape from a bar of buttons, by hand and by keyboard, and are seen before they go."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import in_browser, needs_js
from tests.journeys.test_every_screen import ASKED

SECTION = "/redip/cartagena/bitacora/propuesta/editar/"
ASK = "/comunidad/preguntar/"


@pytest.fixture
def area(visit):
    """The empty text of a section, with the focus in it."""
    found = visit(SECTION, who="miembro").locator("textarea")
    found.fill("")
    found.focus()
    return found


def press(area, name):
    area.page.get_by_role("toolbar").get_by_role("button", name=name).click()


def type_(area, text):
    area.page.keyboard.type(text)


@in_browser
def test_the_buttons_write_what_the_text_becomes(area):
    type_(area, "Barreras de transporte")
    press(area, "Subtítulo")
    area.page.keyboard.press("End")
    type_(area, "\nFalta ruta")
    press(area, "Negrita")
    assert area.input_value() == "### Barreras de transporte\nFalta **ruta**"
    press(area, "Negrita")
    press(area, "Cursiva")
    assert area.input_value() == "### Barreras de transporte\nFalta *ruta*"
    area.page.keyboard.press("End")
    type_(area, "\n\nuno\ndos")
    area.evaluate("one => one.setSelectionRange(one.value.length - 7, one.value.length)")
    press(area, "Lista numerada")
    assert area.input_value().endswith("*ruta*\n\n1. uno\n2. dos")
    press(area, "Cita")
    assert area.input_value().endswith("\n\n> uno\n> dos")
    press(area, "Cita")
    assert area.input_value().endswith("\n\nuno\ndos")


@in_browser
def test_nothing_selected_leaves_a_word_to_type_over(area):
    press(area, "Negrita")
    type_(area, "importante")
    assert area.input_value() == "**importante**"


@in_browser
def test_a_list_parts_from_the_text_above_and_goes_on_by_itself(area):
    type_(area, "Se acordó:\ncomprar")
    press(area, "Lista numerada")
    type_(area, "\nvender\n\nDespués")
    assert area.input_value() == "Se acordó:\n\n1. comprar\n2. vender\n\nDespués"


@in_browser
def test_undo_takes_back_what_a_button_did(area):
    type_(area, "una palabra")
    press(area, "Negrita")
    press(area, re.compile(r"Lista$"))
    area.page.keyboard.press("Control+z")
    area.page.keyboard.press("Control+z")
    assert area.input_value() == "una palabra"


@in_browser
def test_a_link_is_pasted_and_a_wrong_address_is_said(area):
    page = area.page
    type_(area, "la agencia")
    page.keyboard.press("Shift+Control+ArrowLeft")
    press(area, "Enlace")
    field = page.get_by_label("Dirección de la página")
    expect(field).to_be_focused()
    field.fill("agencia de empleo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("le falta algo")
    field.fill("www.sena.edu.co/agencia")
    page.keyboard.press("Enter")
    assert area.input_value() == "la [agencia](https://www.sena.edu.co/agencia)"
    expect(area).to_be_focused()
    press(area, "Enlace")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(area).to_be_focused()


@needs_js
def test_all_of_it_by_keyboard(area):
    page = area.page
    type_(area, "claro")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    assert area.input_value() == "***claro***"
    page.keyboard.press("Shift+Tab")
    bar = page.get_by_role("toolbar")
    expect(bar.get_by_role("button", name="Negrita")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bar.get_by_role("button", name="Cita")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert area.input_value() == "**claro**"
    expect(area).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    seen = page.get_by_role("region", name="Así queda")
    expect(seen.locator("strong")).to_have_text("claro")
    expect(seen).to_be_focused()
    page.get_by_role("button", name="Seguir escribiendo").press("Enter")
    expect(area).to_be_focused()
    expect(seen).to_be_hidden()


def test_how_it_looks_is_seen_before_it_is_sent(way, visit):
    page = visit(ASK, who="miembro")
    page.get_by_label("Su pregunta en una frase").fill("¿Cómo se ve esto?")
    page.get_by_label("Cuente un poco más").fill("- uno\n- <b>dos</b>")
    if way.js:
        page.get_by_role("button", name="Ver cómo queda").click()
        seen = page
    else:
        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Ver cómo queda").click()
        seen = opened.value
        assert "Ciérrela y siga escribiendo" in seen.inner_text("main")
    expect(seen.locator(".prose li")).to_have_text(["uno", "<b>dos</b>"])
    assert page.get_by_label("Su pregunta en una frase").input_value() == "¿Cómo se ve esto?"
    assert page.url.endswith(ASK)


def test_enter_in_a_field_sends_the_form(visit):
    page = visit(ASK, who="miembro")
    with page.expect_navigation():
        page.get_by_label("Su pregunta en una frase").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert len(page.context.pages) == 1


def test_without_script_a_hint_says_the_marks(way, visit):
    page = visit(ASK, who="miembro")
    hint = page.get_by_text("Un renglón que empieza por")
    described = page.get_by_label("Cuente un poco más").get_attribute("aria-describedby").split()
    assert all(page.locator(f"#{one}").count() == 1 for one in described)
    if way.js:
        expect(page.get_by_role("toolbar")).to_be_visible()
        expect(hint).to_have_count(0)
    else:
        expect(hint).to_be_visible()
        expect(page.get_by_role("toolbar")).to_be_hidden()
        assert hint.get_attribute("id") in described


@needs_js
def test_every_button_is_large_and_what_opens_is_accessible(area):
    page = area.page
    press(area, "Enlace")
    page.get_by_label("Dirección de la página").fill("mal")
    page.get_by_role("button", name="Poner el enlace").click()
    boxes = [one.bounding_box() for one in page.locator(".writer button:visible").all()]
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    found = Axe().run(page, context=".writer", options=ASKED)
    assert found.violations_count == 0, found.generate_report()
    area.fill("### Título\n\n> cita")
    page.get_by_role("button", name="Ver cómo queda").click()
    expect(page.locator(".writer-seen h3")).to_have_text("Título")
    found = Axe().run(page, context=".writer", options=ASKED)
    assert found.violations_count == 0, found.generate_report()


def test_only_pages_with_a_long_text_load_it(open_page, site):
    asked = []
    page = open_page("about:blank", phone=True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/")
    assert asked and not any("escribir" in url or "vista" in url for url in asked)
