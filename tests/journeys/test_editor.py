"""An editor changes what the site says, in Spanish, with a menu that shows what she needs."""

import time
import uuid

from playwright.sync_api import expect

from tests.journeys.conftest import needs_js
from tests.journeys.waiting import fits


@needs_js
def test_what_an_editor_publishes_is_what_a_visitor_reads(visit, way):
    page = visit("/admin/", who="editora")
    page.goto("/admin/pages/")
    with page.expect_navigation():
        page.get_by_role("link", name="Accesibilidad", exact=True).first.click()
    words = f"Así está hoy la accesibilidad del portal ({uuid.uuid4().hex[:6]})."
    page.locator("#id_lead").fill(words)
    page.locator("footer").get_by_role("button", name="Más acciones").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]:visible").click()
    expect(visit("/accesibilidad/").get_by_text(words).first).to_be_visible()


@needs_js
def test_what_did_not_help_a_reader_reaches_who_mends_it(visit, way):
    chapter = "/guias/proceso-de-orientacion/preparar-la-atencion/"
    words = f"Falta un ejemplo ({uuid.uuid4().hex[:6]})."
    page = visit(chapter)
    page.get_by_role("group", name="¿Le sirvió este capítulo?").get_by_role("button", name="No").click()
    page.get_by_label("No está lo que buscaba").check()
    page.get_by_label("Cuéntenos en sus palabras").fill(words)
    page.get_by_role("button", name="Enviar").click()
    page.get_by_text("lo van a leer").wait_for()
    assert page.url.endswith(chapter)
    desk = visit("/admin/guias/por-mejorar/", who="editora")
    section = desk.locator("section", has_text=words)
    section.get_by_role("button", name="Ya lo atendí").click()
    desk.get_by_text("atendida").first.wait_for()
    expect(desk.get_by_text(words)).to_have_count(0)


@needs_js
def test_the_next_version_of_a_guide_is_written_published_and_read(visit, way):
    words = f"Cambió la lista de documentos ({uuid.uuid4().hex[:6]})."
    page = visit("/admin/snippets/guias/guide/?q=Documental", who="editora")
    edit = page.get_by_role("link", name="Guía de Gestión Documental").first.get_attribute("href")
    page.goto(f"/admin/guias/{edit.rstrip('/').rpartition('/')[2]}/version-siguiente/")
    with page.expect_navigation():
        page.get_by_role("button", name="Preparar la versión siguiente").click()
    page.locator("textarea[name=changes]").fill(words)
    page.locator("footer").get_by_role("button", name="Más acciones").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]:visible").click()
    reader = visit("/guias/?q=documental")
    reader.get_by_role("link", name="Guía de Gestión Documental", exact=True).click()
    reader.get_by_text(words).wait_for()
    reader.get_by_role("link", name="Ver todas las versiones").click()
    expect(reader.locator("[data-tipo=version]").nth(1)).to_be_visible()


CUT = """() => [...document.querySelectorAll("main select")].filter((list) => {
  const style = getComputedStyle(list), ruler = document.createElement("canvas").getContext("2d");
  ruler.font = style.font;
  const longest = Math.max(...[...list.options].map((one) => ruler.measureText(one.text).width));
  return longest + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight) > list.clientWidth;
}).map((list) => list.name)"""


@needs_js
def test_lists_to_choose_from_and_fields_are_shown_whole(visit, way):
    page = visit("/admin/guias/uso/", who="editora")
    for address in ("/admin/guias/uso/", "/admin/guias/vigencia/"):
        page.goto(address)
        assert page.locator("main select").count() >= 2
        assert page.evaluate(CUT) == [], address
    section = page.locator("section[data-vigencia]").first
    section.get_by_text("Cambiar la fecha o la persona").click()
    box, field = (part.bounding_box() for part in (section, section.locator("[name=fecha]")))
    assert field["x"] + field["width"] <= box["x"] + box["width"]


@needs_js
def test_what_is_read_today_is_on_the_board_of_use_within_seconds(visit, way):
    guide = "Guía de Negocios Inclusivos"
    reader = visit("/guias/?q=inclusivos")
    with reader.expect_navigation():
        reader.get_by_role("link", name=guide, exact=True).click()
    board = visit("/admin/guias/uso/", who="editora")
    expect(board.get_by_role("heading", name="Las más usadas")).to_be_visible()
    for label in ("Desde", "Hasta"):
        board.get_by_label(label, exact=True).select_option(index=0)
    board.get_by_label("Ruta", exact=True).select_option("emprendimiento")  # of all, only ten are shown
    with board.expect_navigation():
        board.get_by_role("button", name="Ver", exact=True).click()
    rows = board.locator("tr[data-guia]", has_text=guide)
    for _ in range(40):  # figures gather for ten seconds
        if rows.count():
            break
        board.wait_for_timeout(500)
        board.reload()
    expect(board.locator(".use-said")).to_contain_text("En ")
    expect(rows.first).to_be_visible()
    fits(board)
    address = board.get_by_role("link", name="Bajar esta tabla en CSV").first.get_attribute("href")
    assert guide in board.request.get(address).text()


@needs_js
def test_what_is_said_of_a_draft_is_read_above_it_and_settled(visit, way):
    words = f"Falta decir quién firma ({uuid.uuid4().hex[:6]})."
    page = visit("/admin/snippets/guias/guide/?q=Referenciación", who="admin")
    edit = page.get_by_role("link", name="Proceso de Referenciación").first.get_attribute("href")
    page.goto(f"/admin/guias/{edit.rstrip('/').rpartition('/')[2]}/version-siguiente/")
    with page.expect_navigation():
        page.locator("main form button.button").last.click()  # a draft may be open already
    page.get_by_role("link", name="Comentar este borrador").or_(
        page.get_by_role("link", name="Ver los comentarios y resolverlos")
    ).click()
    page.get_by_label("Capítulo").select_option(label="4. Remitir con permiso")
    page.get_by_label("Comentario").fill(words)
    page.get_by_role("button", name="Comentar").click()
    page.get_by_role("link", name="Volver al borrador").click()
    page.get_by_text(words).wait_for()
    page.get_by_role("link", name="Ver los comentarios y resolverlos").click()
    row = page.locator("[data-tipo=comentario]", has_text=words)
    row.get_by_role("button", name="Ya está resuelto").click()
    page.locator("[data-tipo=comentario]", has_text=words).get_by_text("Resuelto por").wait_for()


@needs_js
def test_the_second_to_save_a_page_reads_what_the_first_saved_and_decides(visit, way):
    mine, theirs = (f"Los datos abiertos del portal ({uuid.uuid4().hex[:6]})." for _ in range(2))
    pages = visit("/admin/pages/", who="editora")
    address = pages.get_by_role("link", name="Datos abiertos", exact=True).first.get_attribute("href")
    first, second = visit(address, who="editora"), visit(address, who="admin")
    for page, words in ((first, theirs), (second, mine)):
        page.locator("#id_lead").fill(words)
    first.locator("footer").get_by_role("button", name="Guardar borrador").click()
    first.get_by_text("ha sido actualizad").wait_for()
    second.locator("#page-edit-form").evaluate("form => form.requestSubmit()")  # before Wagtail's script asks
    told = second.get_by_role("alert").filter(has_text="Editora (demostración) guardó otros cambios")
    expect(told.locator("del")).to_contain_text(theirs[-8:-2])
    expect(told.locator("ins")).to_contain_text(mine[-8:-2])
    expect(second.locator("#id_lead")).to_have_value(mine)
    fits(second)
    told.get_by_role("button", name="Guardar lo mío").click()
    second.get_by_text("ha sido actualizad").wait_for()
    expect(visit(address, who="editora").locator("#id_lead")).to_have_value(mine)


LOW = "all => all.filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.innerText)"


def test_editors_read_what_there_is_to_do_first_and_press_it_with_a_finger(open_page):
    open_page("/buscar/?q=zzqwjx")
    page = open_page("/admin/busquedas/", who="editora", phone=True)
    line = page.locator("tr[data-busqueda=zzqwjx]")
    end = time.monotonic() + 30
    while not line.count() and time.monotonic() < end:  # what was searched is written some seconds later
        page.wait_for_timeout(1000)
        page.reload()
    expect(line.get_by_role("link", name="Decir qué página la responde")).to_be_visible()
    assert line.bounding_box()["y"] < page.get_by_text("Cómo se cuenta").bounding_box()["y"]
    for path in ("/admin/busquedas/", "/admin/guias/vigencia/", "/admin/guias/uso/"):
        page.goto(path)
        pressed = page.locator("main :is(.button, summary, select):visible")
        assert pressed.count() > 0 and pressed.evaluate_all(LOW) == [], path
    assert page.locator(".use-said").bounding_box()["y"] < page.locator(".use-filter").bounding_box()["y"]
