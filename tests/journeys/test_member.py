"""A member of a mesa: what she owes, what was agreed, what comes next; and nobody else sees it."""

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.clock import today

MESA = "/redip/cartagena/microfinanzas/"


def test_the_board_leads_from_a_city_to_its_mesa(visit):
    page = visit("/", who="miembro")
    page.goto("/redip/")
    for stage in ("Fortalecimiento", "Conformación", "Acercamiento"):
        expect(page.get_by_role("heading", name=stage), stage).to_have_count(1)
    assert page.locator("main [data-tipo=red]").count() >= 16
    page.locator("main").get_by_role("link", name="Cartagena").first.click()
    page.wait_for_url("**/redip/cartagena/")
    page.locator("main").get_by_role("link", name="Microfinanzas").first.click()
    page.wait_for_url(f"**{MESA}")
    for words in ("Próxima reunión", "Compromisos", "Actas", "Archivos", "Miembros"):
        expect(page.get_by_role("heading", name=words), words).not_to_have_count(0)


def test_a_part_of_a_long_page_is_two_presses_away(visit, way):
    page = visit(MESA, who="miembro")
    menu = page.locator("main details", has_text="En esta página")
    if not way.phone:
        expect(menu).to_be_hidden()
        return
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Actas").press("Enter")
    heading = page.get_by_role("heading", name="Actas")
    expect(heading).to_be_in_viewport()
    bar = page.locator(".tabs-bottom").bounding_box()
    assert heading.bounding_box()["y"] < bar["y"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[aria-labelledby=actas]') !== null")


def test_she_says_whether_she_comes(visit):
    page = visit(MESA, who="miembro")
    page.get_by_role("button", name="Sí voy").click()
    page.get_by_text("Usted dijo que va.").wait_for()
    page.get_by_role("button", name="No puedo").click()
    page.get_by_text("Usted dijo que no puede.").wait_for()


def test_she_adds_a_commitment_and_tells_how_it_goes(visit):
    page = visit(f"{MESA}compromisos/", who="miembro")
    page.get_by_role("link", name="Agregar un compromiso").first.click()
    page.get_by_role("button", name="Agregar el compromiso").click()
    page.locator("[role=alert]").first.wait_for()
    what = f"Reunir las direcciones de prueba {uuid.uuid4().hex[:6]}"
    page.fill("[name=what]", what)
    herself = page.locator("[name=member] option", has_text="Miembro (demostración)")
    page.locator("[name=member]").select_option(herself.get_attribute("value"))
    page.fill("[name=until]", (today() + dt.timedelta(20)).isoformat())
    with page.expect_navigation():
        page.get_by_role("button", name="Agregar el compromiso").click()
    page.goto(f"{MESA}compromisos/?ver=todos")
    row = page.locator("[data-tipo=compromiso]", has_text=what)
    row.get_by_role("link", name="Contar cómo voy").click()
    page.fill("[name=text]", "Voy bien: ya tengo la mitad.")
    page.fill("[name=percent]", "55")
    with page.expect_navigation():
        page.get_by_role("button", name="Guardar el avance").click()
    expect(page.locator("main").get_by_text("Voy bien: ya tengo la mitad.")).not_to_have_count(0)


def begin_acta(page):
    """Call a meeting that was yesterday, and begin its acta; return the address of the form."""
    page.goto(f"{MESA}reuniones/nueva/")
    page.fill("[name=day]", (today() - dt.timedelta(1)).isoformat())
    page.fill("[name=starts]", "09:00")
    page.fill("[name=ends]", "10:00")
    page.fill("[name=place]", f"Sala de prueba {uuid.uuid4().hex[:6]}")
    page.fill("[name=agenda]", f"Leer el acta anterior\nRevisar la prueba {uuid.uuid4().hex[:6]}")
    with page.expect_navigation():
        page.locator("main form button.btn-main").click()
    page.get_by_role("button", name="Escribir el acta").click()
    page.wait_for_url("**/editar/")
    return page.url


def test_she_writes_the_minutes_of_a_meeting(visit):
    page = visit(who="miembro")
    begin_acta(page)
    words = f"Se habló de la prueba {uuid.uuid4().hex[:6]}."
    page.fill("[name=topics]", words)
    page.locator("[name=members]").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Guardar el borrador").click()
    expect(page.get_by_text(words)).not_to_have_count(0)
    expect(page.get_by_role("button", name="Enviar a aprobación")).to_be_visible()


def first_acta(page):
    """Return the address of the newest acta of the list on ``page``."""
    links = page.locator("main a[href*='/actas/']").all()
    found = [link.get_attribute("href") for link in links]
    return next(href for href in found if href.rstrip("/").rsplit("/", 1)[-1].isdigit())


def test_two_people_who_write_one_acta_lose_nothing(visit):
    first = visit(who="miembro")
    second = visit(begin_acta(first), who="secretaria")
    first.fill("[name=decisions]", "Lo que decidió la primera.")
    with first.expect_navigation():
        first.get_by_role("button", name="Guardar el borrador").click()
    second.fill("[name=decisions]", "Lo que decidió la segunda.")
    second.get_by_role("button", name="Guardar el borrador").click()
    second.locator("[role=alert]").first.wait_for()
    assert second.input_value("[name=decisions]") == "Lo que decidió la segunda."
    expect(second.get_by_text("Lo que decidió la primera.")).not_to_have_count(0)


def test_an_approved_acta_cannot_be_changed_and_goes_to_paper(visit):
    page = visit(f"{MESA}actas/", who="miembro")
    with page.expect_navigation():
        page.locator(f"main a[href='{MESA}actas/1/']").first.click()
    expect(page.get_by_text("Está cerrada")).to_be_visible()
    assert page.goto(f"{page.url}editar/").status == 403
    page.go_back()
    answer = page.request.get(page.get_by_role("link", name="Descargar en PDF").get_attribute("href"))
    assert answer.body().startswith(b"%PDF-")


PRIVATE = ["compromisos/", "compromisos.csv", "actas/", "archivos/", "conversacion/", "miembros/"]


@pytest.mark.parametrize("who", [None, "otro", "asesor", "tutora"])
def test_what_is_private_is_invisible_to_everyone_else(visit, who):
    inside = visit(f"{MESA}actas/", who="miembro")
    found = first_acta(inside)
    page = visit(MESA, who=who)
    assert "Lo demás es de sus miembros." in page.locator("main").inner_text()
    for path in [*(MESA + one for one in PRIVATE), found, f"{found.rstrip('/')}.pdf"]:
        answer = page.request.get(path, max_redirects=0)
        assert answer.status == (302 if who is None else 404), path


def test_the_bitacora_reads_as_one_document(visit):
    page = visit("/redip/cartagena/")
    page.goto("/redip/cartagena/bitacora/")
    for title in ("Diagnósticos territoriales y poblacionales", "Mapeo de actores", "Propuesta de trabajo"):
        expect(page.get_by_role("heading", name=title), title).not_to_have_count(0)
    page.goto("/redip/cartagena/bitacora/ediciones/1/")
    expect(page.locator("h1")).to_have_count(1)
    page.goto("/redip/yopal/bitacora/")
    expect(page.locator("h1")).to_have_count(1)
