"""A visitor opens the home page: what this is, a search, the twenty centres, guides, questions, networks."""

import pytest
from playwright.sync_api import expect

from tests.journeys.waiting import fits, until


def test_home_says_what_this_is_and_leads_everywhere(visit):
    page = visit()
    assert page.locator("h1").inner_text().strip()
    expect(page.locator(".doors a")).to_have_count(4)
    main = page.locator("main")
    assert main.locator("[data-tipo=guia]").count() >= 3
    assert main.locator("[data-tipo=recurso]").count() >= 2
    for city in ("Cartagena", "Puerto Asís", "Yopal"):
        expect(main.get_by_text(city, exact=False), city).not_to_have_count(0)
    for heading in (
        "Los veinte centros",
        "Últimas guías",
        "Esperan respuesta",
        "Las redes, ciudad por ciudad",
    ):
        expect(main.get_by_role("heading", name=heading), heading).to_have_count(1)


def test_home_finds(visit):
    page = visit()
    page.locator("main input[name=q]").first.fill("acta de compromiso")
    page.locator("main input[name=q]").first.press("Enter")
    page.wait_for_url("**/buscar/?q=acta+de+compromiso*")
    assert int(page.locator("[data-total]").first.get_attribute("data-total")) > 0
    expect(page.locator("main [data-tipo]").first.locator("mark")).not_to_have_count(0)


def test_the_map_shows_every_centre_and_the_list_beside_it_leads_to_each(visit):
    page = visit()
    expect(page.locator("svg[role=img]")).not_to_have_count(0)
    links = page.locator("section[aria-labelledby=centros] a[href^='/directorio/centros/']")
    expect(links).to_have_count(20)
    links.first.click()
    page.wait_for_url("**/directorio/centros/*/")
    expect(page.locator("h1")).to_have_count(1)


def test_the_four_doors_open(visit):
    page = visit()
    doors = [link.get_attribute("href") for link in page.locator(".doors a").all()]
    for door in doors:
        assert page.goto(door).status == 200, door


FILTERED = (
    "/agenda/",
    "/guias/",
    "/directorio/proveedores/",
    "/comunidad/orientacion/",
    "/buscar/?q=acta&tipo=guia&tipo=formato&ruta=orientacion&ciudad=cartagena&desde=2015-01-01",
)
LINES = "() => new Set([...document.querySelectorAll('main nav.chips a')].map((one) => one.offsetTop)).size"
WHOLE = "() => [...document.querySelectorAll('nav.chips')].every((one) => one.scrollWidth <= one.clientWidth)"

IN_SIGHT = """() => {
  const { left, right } = document.activeElement.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
}"""


@pytest.mark.parametrize("path", FILTERED)
def test_filters_take_one_line_of_a_phone_and_each_is_reached_by_keyboard(visit, way, path):
    page = visit(path)
    chips = page.locator("main nav.chips a")
    if not way.phone:
        assert page.evaluate(WHOLE)
        return
    fits(page)
    assert chips.count() > 2 and page.evaluate(LINES) == 1
    expect(page.locator("main nav.chips [aria-current]").first).to_be_in_viewport(ratio=1)
    chips.first.focus()
    for _ in range(chips.count() - 1):
        page.keyboard.press("Tab")
    expect(chips.last).to_be_focused()
    until(page, IN_SIGHT)
