"""A visitor opens the home page: what this is, a search, the twenty centres, guides, questions, networks."""

from playwright.sync_api import expect


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
