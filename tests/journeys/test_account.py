"""A person makes her account, confirms her mail, keeps her data, and finds her way back in."""

import uuid

from playwright.sync_api import expect

from tests.journeys.conftest import link_in


def sign_up(page, address):
    page.fill("input[name=first_names]", "Ana María")
    page.fill("input[name=last_names]", "Prueba Recorrido")
    page.fill("input[name=email]", address)
    page.fill("input[name=password1]", "una frase larga")
    page.select_option("select[name=city]", label="Ibagué")
    page.locator("input[name=requested_role][value=centro]").check()


def consent_and_confirm(page, letter, address):
    """Send the form of a new account, and open the link of its letter."""
    page.fill("input[name=password1]", "una frase larga")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Crear mi cuenta").click()
    page.get_by_role("heading", name="Revise su correo").wait_for()
    page.goto(link_in(letter(address)))
    with page.expect_navigation():
        page.get_by_role("button", name="Sí, es mi correo").click()


def test_sign_up_confirm_profile_and_out(visit, letter):
    address = f"ana-{uuid.uuid4().hex[:8]}@correo.example"
    page = visit("/cuenta/crear/")
    sign_up(page, address)
    expect(page.locator("input[name=consent]")).not_to_be_checked()
    page.get_by_role("button", name="Crear mi cuenta").click()
    page.locator("[role=alert]").first.wait_for()
    assert page.input_value("input[name=first_names]") == "Ana María"
    consent_and_confirm(page, letter, address)
    page.goto("/cuenta/")
    assert page.input_value("input[name=first_names]") == "Ana María"
    page.fill("input[name=last_names]", "Otra Prueba")
    page.get_by_role("button", name="Guardar mis datos").click()
    page.get_by_text("Sus datos quedaron guardados.").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Salir de mi cuenta").click()
    page.goto("/cuenta/")
    assert "/cuenta/entrar/" in page.url


def test_a_forgotten_password_is_set_anew(visit, letter):
    address = f"ana-{uuid.uuid4().hex[:8]}@correo.example"
    page = visit("/cuenta/crear/")
    sign_up(page, address)
    consent_and_confirm(page, letter, address)

    page = visit("/cuenta/entrar/?next=/avisos/")
    page.get_by_role("link", name="Olvidé mi contraseña").click()
    page.fill("input[name=email]", address)
    page.locator("main form button").first.click()
    page.get_by_role("heading", name="Revise su correo").wait_for()
    page.goto(link_in(letter(address, "/clave/")))
    page.fill("input[name=password1]", "otra frase distinta")
    page.get_by_role("button", name="Guardar mi contraseña").click()
    page.get_by_role("alert").get_by_text("en las dos casillas").wait_for()
    page.fill("input[name=password1]", "otra frase distinta")
    page.fill("input[name=password2]", "otra frase distinta")
    page.get_by_role("button", name="Guardar mi contraseña").click()
    page.wait_for_url("**/avisos/")
    expect(page.get_by_text("Su contraseña cambió.")).to_be_visible()

    page = visit("/cuenta/entrar/")
    enter(page, address, "una frase larga")
    page.get_by_text("El correo o la contraseña no son correctos.").first.wait_for()
    with page.expect_navigation():
        enter(page, address, "otra frase distinta")
    page.goto("/cuenta/")
    assert page.input_value("input[name=first_names]") == "Ana María"


def enter(page, address, password):
    page.fill("input[name=login]", address)
    page.fill("input[name=password]", password)
    page.locator("main form button[type=submit]").first.click()


def test_a_wrong_password_is_said_in_words_and_keeps_the_address(visit):
    page = visit("/cuenta/entrar/")
    page.fill("input[name=login]", "asesor@demo.example")
    page.fill("input[name=password]", "no es esta clave")
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.get_by_text("El correo o la contraseña no son correctos.").first.wait_for()
    assert page.input_value("input[name=login]") == "asesor@demo.example"


def test_one_takes_ones_data_along(visit):
    page = visit("/cuenta/datos/", who="miembro")
    answer = page.request.get(page.get_by_role("link", name="Descargar mis datos").get_attribute("href"))
    assert answer.json()["cuenta"]["correo"] == "miembro@demo.example"


def test_an_institution_is_named_by_typing(visit, way):
    page = visit("/cuenta/crear/")
    sign_up(page, f"ana-{uuid.uuid4().hex[:8]}@correo.example")
    page.locator("input[name=consent]").check()
    line = page.locator("input[name=institution]")
    if not way.js:
        line.fill("camara de comercio")
        page.get_by_role("button", name="Crear mi cuenta").click()
        page.get_by_text("Escoja una de estas", exact=True).wait_for()
        page.locator("input[name=institution_cual]").first.check()
        page.fill("input[name=password1]", "una frase larga")
        page.locator("input[name=consent]").check()
        page.get_by_role("button", name="Crear mi cuenta").click()
        page.get_by_role("heading", name="Revise su correo").wait_for()
        return
    line.press_sequentially("camara")
    page.locator("[role=option]").first.wait_for()
    assert line.get_attribute("role") == "combobox" and line.get_attribute("aria-expanded") == "true"
    line.press("ArrowDown")
    name = page.locator("[role=option][aria-selected=true] span").inner_text()
    line.press("Enter")
    assert line.input_value() == name and line.get_attribute("aria-expanded") == "false"
    assert page.url.endswith("/cuenta/crear/")
    line.fill("cam")
    page.locator("[role=option]").first.wait_for()
    line.press("Escape")
    expect(page.locator("[role=option]:visible")).to_have_count(0)
    line.fill("camara")
    page.locator("[role=option]").nth(1).click()
    assert line.input_value() not in ("", "camara")
