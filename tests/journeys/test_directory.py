"""The public browses the directory: lists with filters, entries, files of what was filtered."""

import csv
import io
import json

import pytest
from playwright.sync_api import expect

LISTS = {"centros": 20, "instituciones": 60, "oferta": 5, "proveedores": 3, "demanda": 3}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_its_rows_and_each_leads_to_its_entry(visit, name):
    page = visit("/directorio/")
    page.goto(f"/directorio/{name}/")
    assert int(page.locator("[data-total]").get_attribute("data-total")) >= LISTS[name]
    with page.expect_navigation():
        page.locator("main [data-tipo] a").first.click()
    data = json.loads(page.locator("script[type='application/ld+json']").first.text_content())
    assert "schema.org" in json.dumps(data)


def test_a_filter_narrows_the_list_its_address_and_its_file(visit, way):
    page = visit("/directorio/instituciones/")
    everything = int(page.locator("[data-total]").get_attribute("data-total"))
    if way.phone:
        page.locator("details.filters > summary").click()
    page.locator("[data-faceta=sector] input").first.check()
    page.get_by_role("button", name="Ver resultados").click()
    page.wait_for_url("**sector=*")
    narrowed = int(page.locator("[data-total]").get_attribute("data-total"))
    assert 0 < narrowed < everything
    shared = page.url
    link = page.locator("a[href*='.csv']").get_attribute("href")
    rows = list(csv.reader(io.StringIO(page.request.get(link).body().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) - 1 == narrowed
    again = visit(shared)
    assert int(again.locator("[data-total]").get_attribute("data-total")) == narrowed


def test_a_centre_says_where_it_is_with_whom_and_since_when(visit):
    page = visit("/directorio/centros/")
    page.locator("main").get_by_role("link", name="Cartagena").first.click()
    page.wait_for_url("**/directorio/centros/cartagena/")
    for words in ("Socios", "Abierto desde", "DIVIPOLA 13001"):
        expect(page.locator("main").get_by_text(words), words).not_to_have_count(0)


def test_demonstration_rows_say_that_they_are(visit):
    for name in ("proveedores", "demanda"):
        page = visit(f"/directorio/{name}/")
        with page.expect_navigation():
            page.locator("main [data-tipo] a").first.click()
        assert "demostración" in page.locator("main").inner_text().lower()


def test_on_a_phone_the_centres_come_before_their_map(open_page):
    page = open_page("/directorio/centros/", phone=True, js=False)
    row, drawn = page.locator("main [data-tipo=centro]").first, page.locator("main .map")
    assert row.bounding_box()["y"] < page.viewport_size["height"] < drawn.bounding_box()["y"]


def test_a_centre_says_how_to_reach_it_on_the_first_screen(open_page):
    page = open_page("/directorio/centros/cartagena/", phone=True, js=False)
    heading = page.get_by_role("heading", name="Llamar o llegar")
    assert heading.bounding_box()["y"] < page.viewport_size["height"]


def test_after_filtering_a_phone_shows_what_was_found(open_page, site):
    page = open_page("/directorio/proveedores/", phone=True, js=False)
    page.locator("details.filters > summary").click()
    page.get_by_label("Qué necesita comprar").fill("uniformes")
    page.get_by_role("button", name="Ver resultados").click()
    first = page.locator("[data-tipo=proveedor] a").first
    expect(first).to_be_visible()
    box = first.bounding_box()
    assert box["y"] + box["height"] <= 780 - 60, "what was found is under the filters"
    page.locator("main").get_by_role("link", name="Quitar los filtros").click()
    expect(page.locator("[data-tipo=proveedor]")).to_have_count(6)
