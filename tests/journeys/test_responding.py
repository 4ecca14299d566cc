"""What a mail asks is done from its link, by whoever opens it, with nobody signed in."""

import re
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import expect

from tests.journeys.clock import today
from tests.journeys.conftest import needs_js
from tests.journeys.test_account import consent_and_confirm, sign_up
from tests.journeys.test_every_screen import check_screen
from tests.journeys.test_tutor import ask, unique
from tests.journeys.waiting import fits

VALIDITY = "/admin/guias/vigencia/"


def way_to_answer(letter, to, title):
    """Return the link that stands below ``title`` in the letter that asks about it.

    Not the first of the letter: it may ask about more, and each notice ends with a link to have no more.
    """
    link = rf"\d\. {re.escape(title)}.*\n.*https?://[^/\s]+(/responder/\S+)"
    return re.search(link, letter(to, link))[1]


def has_room_below(page):
    """Fail when what stands below the form sticks to it."""
    box, last = (page.locator(part).bounding_box() for part in ("main form", "main form + p"))
    assert last["y"] - box["y"] - box["height"] >= 12


def test_a_link_that_was_cut_says_what_to_do(visit):
    page = visit("/responder/se-corto-al-copiarlo/")
    page.get_by_role("heading", name="No conocemos este enlace").wait_for()
    page.get_by_label("El correo de su cuenta").fill("nadie@demo.example")
    page.get_by_role("button", name="Enviarme mis enlaces").click()
    page.get_by_role("heading", name="Revise su correo").wait_for()
    assert page.context.cookies() == []


def test_who_answers_for_a_chapter_says_by_mail_what_must_change(visit, make_page, way, letter):
    """She is no editor and never signs in; the editor reads what she wrote, and attends to it."""
    # Wagtail's administration needs its scripts; the link does not.
    desk = make_page(way.url, f"{VALIDITY}?ver=todos&ruta=redip", who="editora", phone=way.phone)
    last = desk.locator("section[data-vigencia]").filter(has_not_text="Responde Asesor").last
    number, title = last.get_attribute("data-vigencia"), last.locator("h2").inner_text().strip()
    section = desk.locator(f"section[data-vigencia='{number}']")
    section.get_by_text("Cambiar la fecha o la persona").click()
    section.locator("[name=fecha]").fill(today().isoformat())
    section.locator("[name=correo]").fill("asesor@demo.example")
    section.get_by_role("button", name="Guardar").click()
    desk.get_by_text("Quedó guardado").first.wait_for()
    link = way_to_answer(letter, "asesor@demo.example", title)
    check_screen(make_page(way.url, link, phone=way.phone, dark=way.phone), link)
    for _scan in range(2):
        page = visit(link)
        page.get_by_role("heading", name=f"¿Sigue vigente «{title}»?").wait_for()
    has_room_below(page)
    page.get_by_role("button", name="Hay que cambiarlo").click()
    page.get_by_text("Escriba qué hay que cambiar.").first.wait_for()
    words = f"El formato ya es otro ({uuid.uuid4().hex[:6]})."
    page.get_by_label("¿Qué hay que cambiar?").fill(words)
    page.get_by_role("button", name="Hay que cambiarlo").click()
    page.get_by_role("heading", name="Listo, gracias").wait_for()
    assert page.context.cookies() == []
    again = visit(link)
    again.get_by_role("heading", name="Su respuesta ya está guardada").wait_for()
    again.get_by_role("button", name="Pedir un enlace nuevo").click()
    again.get_by_role("heading", name="Revise su correo").wait_for()
    other = newer(letter, title, link)
    desk.goto("/admin/guias/por-mejorar/")
    told = desk.locator("section", has_text=words)
    assert "Asesor" in told.inner_text()
    told.get_by_role("button", name="Ya lo atendí").click()
    desk.get_by_text("Quedó atendido").first.wait_for()
    expect(desk.get_by_text(words)).to_have_count(0)
    expect(visit(other).get_by_role("heading", name="Este enlace ya no hace falta")).to_be_visible()


def newer(letter, title, link):
    """Return the link of the letter that came after the one with ``link``."""
    for _try in range(150):
        if (found := way_to_answer(letter, "asesor@demo.example", title)) != link:
            return found
        time.sleep(0.2)
    raise AssertionError("no second letter")


@needs_js
def test_of_many_answers_at_once_one_counts(make_page, way, letter):
    """Four taps, or a tap and its repetition over a bad line, on the database that a portal has."""
    desk = make_page(way.url, f"{VALIDITY}?ver=todos&ruta=referenciacion", who="editora", phone=way.phone)
    section = desk.locator("section[data-vigencia]").filter(has_not_text="Responde Asesor").last
    title = section.locator("h2").inner_text().strip()
    section.get_by_text("Cambiar la fecha o la persona").click()
    section.locator("[name=fecha]").fill(today().isoformat())
    section.locator("[name=correo]").fill("asesor@demo.example")
    section.get_by_role("button", name="Guardar").click()
    desk.get_by_text("Quedó guardado").first.wait_for()
    link = way_to_answer(letter, "asesor@demo.example", title)

    def answer(_turn):
        try:
            return urllib.request.urlopen(f"{way.url}{link}", b"respuesta=vigente", timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, range(4))) == [200, 410, 410, 410]


def new_tutor(visit, make_page, way, letter):
    """Return the address of somebody no letter was sent to before, and who tutors Empleabilidad now."""
    address = f"tutora-{uuid.uuid4().hex[:8]}@correo.example"
    page = visit("/cuenta/crear/")
    sign_up(page, address)
    consent_and_confirm(page, letter, address)
    # Wagtail's administration needs its scripts; the link does not.
    desk = make_page(way.url, "/admin/snippets/comunidad/theme/?q=Empleabilidad", who="editora")
    desk.locator("main").get_by_role("link", name="Empleabilidad").first.click()
    moderators = desk.locator("[name=moderators]")
    moderators.fill(f"{moderators.input_value()}\n{address}")
    desk.get_by_role("button", name="Guardar").first.click()
    expect(desk.locator(".messages .success")).to_be_visible()
    return address


def test_a_tutor_answers_from_her_letter_without_her_account(visit, make_page, way, letter):
    """She never signs in again; the asker reads the answer, and the link does nothing more."""
    tutor = new_tutor(visit, make_page, way, letter)
    title = unique("¿Quién revisa los contratos de aprendizaje?")
    place = ask(visit("/comunidad/", who="asesor"), title)
    link = way_to_answer(letter, tutor, title)
    check_screen(make_page(way.url, link, phone=way.phone, dark=way.phone), link)
    page = visit(link)
    page.get_by_role("heading", name=title).wait_for()
    expect(page.get_by_text("Quiero saberlo para atender mejor")).to_be_visible()
    fits(page)
    has_room_below(page)
    page.get_by_role("button", name="Publicar respuesta").click()
    page.get_by_text("Escriba su respuesta.").first.wait_for()
    words = f"Los revisa el SENA de su ciudad ({uuid.uuid4().hex[:6]})."
    page.get_by_label("Su respuesta").fill(words)
    page.get_by_role("button", name="Publicar respuesta").click()
    page.get_by_role("heading", name="Listo, gracias").wait_for()
    assert page.context.cookies() == []
    expect(visit(place).get_by_text(words)).to_be_visible()
    again = visit(link)
    again.get_by_role("heading", name="Su respuesta ya está guardada").wait_for()
    fits(again)


def test_a_reader_is_told_of_what_nobody_reviewed(visit):
    page = visit("/guias/portafolio-de-servicios/")
    page.get_by_text("no se han revisado a tiempo").wait_for()
    page.locator("main .notice").get_by_role("link", name="Publicarlo y cuidarlo").click()
    page.get_by_text("todavía no se ha revisado").wait_for()
    page.get_by_role("link", name="Preguntar", exact=True).click()
    page.wait_for_url("**#preguntas")
    expect(page.get_by_role("link", name="Preguntar sobre este capítulo")).to_be_visible()
