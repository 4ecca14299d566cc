"""Suggestions by keyboard and for who cannot see them, as the ARIA practices describe a combobox.

https://www.w3.org/WAI/ARIA/apg/patterns/combobox/: the editable one whose list completes what is typed, with
manual selection. Where the practice leaves a choice (Home, End), the field moves its own cursor and lets go
of the suggestion, since a reader corrects what she typed more often than she jumps.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import in_browser, needs_js
from tests.journeys.test_every_screen import MESA, check_screen


def typed(page: Page, text: str = "orienta") -> Locator:
    """Write in the box of the page at once, so that one answer comes; return it when that is shown."""
    box = page.locator("main input[type=search]")
    box.fill(text)
    expect(page.locator("[role=option]").last).to_contain_text(f"«{text}»")
    expect(page.locator("[role=listbox]")).to_be_visible()
    return box


def chosen(page: Page, box: Locator, at: int | None) -> None:
    """Expect that the suggestion ``at`` is the one chosen, for eyes and for ears; or none."""
    options = page.locator("[role=option]")
    marked = page.locator("[role=option][aria-selected=true]")
    if at is None:
        expect(marked).to_have_count(0)
        expect(page.locator("[aria-activedescendant]")).to_have_count(0)
        return
    expect(marked).to_have_count(1)
    one = options.nth(at)
    expect(one).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", one.get_attribute("id") or "no id")
    expect(box).to_be_focused()


@needs_js
def test_it_is_a_combobox_that_says_whether_its_list_is_open(visit, way):
    page = visit("/buscar/")
    box = page.get_by_role("combobox", name="Buscar en todo el portal")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    typed(page)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Sugerencias")).to_have_id(box.get_attribute("aria-controls"))
    outside = "all => all.filter(one => one.tabIndex >= 0).length"
    assert page.locator("[role=listbox], [role=option]").evaluate_all(outside) == 0, "Tab walks past the list"


@in_browser
def test_the_arrows_go_round_by_way_of_the_field(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    last = page.locator("[role=option]").count() - 1
    assert last >= 2
    for key, at in [
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", None),
        ("ArrowUp", last),
        ("ArrowDown", None),
        ("ArrowDown", 0),
    ]:
        box.press(key)
        chosen(page, box, at)
    expect(box).to_have_value("orienta")


@in_browser
@pytest.mark.parametrize(
    ("key", "place"), [("Home", 0), ("End", 7), ("ArrowLeft", 6), ("ArrowRight", 7)], ids=lambda one: str(one)
)
def test_keys_that_move_in_the_text_let_go_of_the_suggestion(visit, way, key, place):
    page = visit("/buscar/")
    box = typed(page)
    box.press("ArrowDown")
    chosen(page, box, 0)
    box.press(key)
    chosen(page, box, None)
    assert box.evaluate("one => one.selectionStart") == place
    expect(page.locator("[role=listbox]")).to_be_visible()


@in_browser
def test_a_letter_more_lets_go_of_what_was_chosen_before_it(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    box.press("ArrowDown")
    chosen(page, box, 0)
    page.route("**/buscar/sugerencias/**", lambda route: None)  # the answer for the next letter is slow
    box.press("c")
    chosen(page, box, None)
    box.press("Enter")
    page.wait_for_url("**/buscar/?q=orientac")


@in_browser
def test_new_suggestions_come_with_none_chosen(visit, way):
    page = visit("/buscar/")
    box = typed(page, "orien")
    box.press("ArrowDown")
    chosen(page, box, 0)
    box.press_sequentially("ta", delay=5)
    expect(page.locator("[role=option]").last).to_contain_text("«orienta»")
    chosen(page, box, None)


@in_browser
def test_a_late_answer_does_not_take_away_what_one_chooses_from(visit, way):
    page = visit("/buscar/")
    box = typed(page, "orien")
    slow = "new Promise(done => setTimeout(done, 400)).then(() => answer(...asked))"
    page.evaluate(f"() => {{ const answer = window.fetch; window.fetch = (...asked) => {slow}; }}")
    box.press("t")
    page.wait_for_timeout(250)  # longer than it waits for another letter: the answer is under way
    box.press("ArrowDown")
    chosen(page, box, 0)
    page.wait_for_timeout(900)
    chosen(page, box, 0)


@in_browser
def test_tab_leaves_and_closes(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    box.press("ArrowDown")
    box.press("Tab")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(page.locator("main .search-button")).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    chosen(page, box, None)
    expect(box).to_have_value("orienta")


@in_browser
def test_escape_closes_keeps_the_text_and_the_arrows_open_again(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    listbox = page.locator("[role=listbox]")
    box.press("ArrowDown")
    box.press("Escape")
    expect(listbox).to_be_hidden()
    expect(box).to_have_value("orienta")
    expect(box).to_be_focused()
    chosen(page, box, None)
    box.press("Alt+ArrowDown")
    expect(listbox).to_be_visible()
    chosen(page, box, None)
    box.press("Alt+ArrowUp")
    expect(listbox).to_be_hidden()
    box.press("ArrowDown")
    expect(listbox).to_be_visible()
    chosen(page, box, 0)
    box.press("Escape")
    box.press("ArrowUp")
    chosen(page, box, page.locator("[role=option]").count() - 1)


@in_browser
def test_what_was_suggested_for_a_text_that_is_gone_does_not_come_back(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    box.fill("")
    box.press("ArrowDown")
    expect(page.locator("[role=option]:visible")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")


@in_browser
def test_the_arrow_asks_when_nothing_was_asked_yet(visit, way):
    page = visit("/buscar/?q=orienta")
    box = page.locator("main input[type=search]")
    box.focus()
    box.press("ArrowDown")
    expect(page.locator("[role=listbox]")).to_be_visible()
    chosen(page, box, 0)


@needs_js
def test_enter_opens_the_one_chosen_and_without_one_searches_what_is_typed(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen(page, box, 1)
    leads = page.locator("[role=option][aria-selected=true]").get_attribute("data-href")
    box.press("Enter")
    page.wait_for_url(f"**{leads}*")
    page.goto("/buscar/")
    typed(page).press("Enter")
    page.wait_for_url("**/buscar/?q=orienta")


def said(page: Page) -> Locator:
    """What is said to who cannot see the list."""
    return page.locator("main [data-sugerencias] [role=status]").first


@in_browser
def test_how_many_there_are_is_said_once_and_taken_back(visit, way):
    page = visit("/buscar/")
    box = typed(page)
    many = page.locator("[role=option]").count()
    assert many > 1
    expect(said(page)).to_have_text(f"{many} sugerencias. Use las flechas para recorrerlas.")
    box.press("Escape")
    expect(said(page)).to_have_text("")
    box.fill("xqzwvk")
    expect(said(page)).to_have_text("1 sugerencia. Use las flechas para recorrerlas.")
    expect(page.locator("[role=option]")).to_have_text("Buscar «xqzwvk»")


@in_browser
def test_that_none_of_a_long_list_is_meant_is_said_and_shown(visit, way):
    """A field that names one thing of many (components/finder.html): there is no search to fall back on."""
    page = visit(f"{MESA}compromisos/nuevo/", who="miembro")
    box = page.get_by_role("combobox", name="Entidad")
    none = page.locator(".finder [role=status]")
    box.fill("xqzwvk")
    expect(none).to_have_text("No hay ninguna con esas letras.")
    assert none.bounding_box()["height"] > 10, "only who hears the page is told"
    box.fill("")
    expect(none).to_have_text("")
    box.press_sequentially("servicio nacional", delay=10)
    page.locator("[role=option]").first.wait_for()
    box.press("ArrowDown")
    name = page.locator("[role=option][aria-selected=true]").get_attribute("data-value")
    box.press("Enter")
    expect(box).to_have_value(name)
    expect(none).to_have_text(f"Escogió {name}.")
    expect(page.locator("[role=listbox]:visible")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@pytest.mark.parametrize("path", ["/", "/buscar/"])
def test_the_open_list_keeps_every_rule_of_axe(see, path, dark, width):
    page = see(path, phone=width == 320, dark=dark)
    box = typed(page)
    box.press("ArrowDown")
    chosen(page, box, 0)
    check_screen(page, f"{path} with suggestions", width=width)
    expect(page.locator("[role=option][aria-selected=true]")).to_be_visible()


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_the_one_chosen_has_a_ring_as_what_has_the_focus_has(see, dark):
    page = see("/buscar/", phone=True, dark=dark)
    typed(page).press("ArrowDown")
    ring = page.locator("[role=option][aria-selected=true]").evaluate(
        "one => { const s = getComputedStyle(one); return [s.outlineStyle, s.outlineWidth, s.outlineColor]; }"
    )
    ink = page.locator("[role=option]").first.evaluate("one => getComputedStyle(one).color")
    assert ring == ["solid", "3px", ink]
