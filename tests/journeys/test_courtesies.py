"""The small scripts of the frame: nothing is sent twice, nothing typed is lost, no data is wasted."""

import uuid

from playwright.sync_api import expect

ASK = "/comunidad/preguntar/"
FILES = "/redip/cartagena/microfinanzas/archivos/"
TALK = "/redip/cartagena/microfinanzas/conversacion/"
TEXT = "Esto lo estaba escribiendo cuando se fue la luz."


def _area(page):
    return page.locator("main form[method=post] textarea").first


def test_a_form_that_is_sent_cannot_be_pressed_again(open_page, site):
    page = open_page(TALK, who="miembro")
    sent, words = [], f"Dos veces no ({uuid.uuid4().hex[:6]})."

    def hold(route):
        if route.request.method == "POST":
            sent.append(route.request.url)
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/conversacion/**", hold)
    _area(page).fill(words)
    button = page.get_by_role("button", name="Enviar a la mesa")
    button.evaluate("one => { one.click(); one.click(); one.click(); }")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    assert page.locator("main").inner_text().count(words) == 1


def test_a_long_text_survives_a_reload_and_goes_when_it_is_refused(open_page, site):
    page = open_page(ASK, who="miembro")
    _area(page).fill(TEXT)
    page.wait_for_timeout(700)
    page.reload()
    assert _area(page).input_value() == TEXT
    assert "lo que había escrito" in page.locator(".draft-note").inner_text()
    page.get_by_role("button", name="Borrarlo").click()
    assert _area(page).input_value() == ""
    page.reload()
    assert _area(page).input_value() == ""


def test_what_was_sent_is_not_offered_again(open_page, site):
    page = open_page(TALK, who="miembro")
    _area(page).fill("Un mensaje de prueba que se envía bien.")
    page.get_by_role("button", name="Enviar a la mesa").click()
    page.wait_for_load_state("networkidle")
    page.goto(TALK)
    assert _area(page).input_value() == "" and page.locator(".draft-note").count() == 0


def test_a_lost_connection_loses_no_text(open_page, site):
    page = open_page(TALK, who="miembro")
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    _area(page).fill(TEXT)
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Enviar a la mesa").click()
    page.wait_for_timeout(500)
    page.unroute_all()
    page.goto(TALK)
    assert _area(page).input_value() == TEXT


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(open_page, site):
    page = open_page(FILES, who="miembro")
    field = page.locator("input[type=file]").first
    field.set_input_files(
        {"name": "g.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * 21 * 1024**2}
    )
    words = page.locator(".error[role=alert]")
    assert "pesa 21 MB y caben 20 MB" in words.inner_text()
    assert field.evaluate("one => one.files.length") == 0
    assert words.get_attribute("id") in field.get_attribute("aria-describedby")
    field.set_input_files({"name": "p.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 corto"})
    assert words.count() == 0 and field.get_attribute("aria-invalid") is None


def test_the_focus_starts_at_what_is_wrong(open_page, site):
    page = open_page("/cuenta/crear/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    first = page.locator(".error-summary a").first
    field = first.get_attribute("href")
    first.click()
    assert page.evaluate("document.activeElement.id") == field.removeprefix("#")


def test_the_colours_are_chosen_without_script(open_page, site):
    page = open_page("/guias/", js=False)
    page.get_by_role("button", name="Oscuros").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    assert page.url.endswith("/guias/")
    page.get_by_role("button", name="Como mi equipo").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)


def test_the_keyboard_reaches_the_text_at_once(open_page, site):
    page = open_page("/guias/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "contenido"
