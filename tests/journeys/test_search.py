"""Everyone searches in one box: Spanish as typed, facets, suggestions, and only what she may read."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import needs_js


def total(page):
    return int(page.locator("[data-total]").first.get_attribute("data-total"))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("orientacion", "guia"),
        ("cartagena", "centro"),
        ("SENA", "institucion"),
        ("valledupar", "red"),
        ("microfinanzas", "mesa"),
        ("bitácora cartagena", "bitacora"),
        ("empleabilidad", "tema"),
        ("desistimiento", "recurso"),
        ("accesibilidad", "pagina"),
    ],
)
def test_every_kind_is_found(visit, typed, kind):
    page = visit(f"/buscar/?q={typed}")
    expect(page.locator(f"main [data-tipo={kind}][data-id]")).not_to_have_count(0)


@pytest.mark.parametrize("typed", ["ACTAS de compromisos", "acta de compromiso", "ácta de compromíso"])
def test_accents_capitals_and_plurals_are_forgiven(visit, typed):
    assert total(visit(f"/buscar/?q={typed}")) > 0


def test_facets_narrow_and_let_go(visit):
    page = visit("/buscar/?q=cartagena")
    everything = total(page)
    page.goto("/buscar/?q=cartagena&tipo=centro")
    assert 0 < total(page) < everything
    page.locator(".results-active a").first.click()
    page.wait_for_load_state()
    assert total(page) == everything


def test_what_is_private_to_a_mesa_is_found_by_its_members_alone(visit):
    words = "/buscar/?q=microfinanzas&tipo=acta"
    assert total(visit(words, who="miembro")) >= 1
    for who in (None, "otro", "asesor"):
        expect(visit(words, who=who).locator("[data-tipo=acta][data-id]"), who).to_have_count(0)


def test_a_search_that_finds_nothing_helps(visit):
    page = visit("/buscar/?q=xqzwvk zzqwj")
    expect(page.locator("[data-total='0']")).not_to_have_count(0)
    page.get_by_role("link", name="Preguntar", exact=False).last.click()
    page.wait_for_load_state()
    assert "/comunidad/preguntar/" in page.url


@pytest.mark.parametrize("typed", ['"sin cerrar', "foo:bar", "(", "%F0%9F%98%80", "%00", "a" * 6000])
def test_no_text_breaks_it(visit, typed):
    page = visit("/buscar/")
    assert page.goto(f"/buscar/?q={typed}").status == 200


@needs_js
@pytest.mark.parametrize("address", ["/", "/buscar/"])
def test_suggestions_come_while_one_types(visit, way, address):
    page = visit(address)
    box = page.locator("main input[name=q]")
    box.press_sequentially("orienta", delay=30)
    page.locator("[role=option]").first.wait_for()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert page.locator("[role=option]").evaluate_all(cut) == []
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    chosen = page.locator("[role=option][aria-selected=true]").get_attribute("data-href")
    box.press("Enter")
    page.wait_for_url(f"**{chosen}*")


@needs_js
def test_suggestions_stay_while_the_next_ones_are_slow(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("orie", delay=10)
    page.locator("[role=option]").first.wait_for()
    page.route("**/buscar/sugerencias/**", lambda route: None)
    for letter in "nt":  # the second gives up the first, which has not been answered
        with page.expect_request("**/buscar/sugerencias/**"):
            box.press(letter)
    page.wait_for_timeout(100)
    assert page.locator("[role=option]:visible").count() > 0


@needs_js
def test_that_a_result_was_opened_is_told_and_nothing_else(visit, way):
    page = visit("/buscar/?q=cartagena")
    hit = page.locator(".hit").first
    document = f"{hit.get_attribute('data-tipo')}:{hit.get_attribute('data-id')}"
    with page.expect_request("**/buscar/elegido/") as told:
        hit.get_by_role("link").first.click()
    assert parse_qs(told.value.post_data) == {"q": ["cartagena"], "d": [document]}
