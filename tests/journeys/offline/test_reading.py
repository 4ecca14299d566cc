"""Reading a kept guide with the network off, in a real browser, and the ways in which it can go wrong."""

from __future__ import annotations

import contextlib
import http.server
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.journeys.conftest import in_browser, needs_js, sign_in
from tests.journeys.offline.conftest import CHAPTER, GUIDE, SAVE, save
from tests.journeys.waiting import fits, taken, until


@needs_js
def test_a_kept_guide_is_read_without_network(quiet):
    page = quiet(GUIDE)
    page.get_by_role("button", name=SAVE).scroll_into_view_if_needed()
    page.get_by_role("button", name=f"{SAVE} (").wait_for()  # its size, beforehand
    save(page)
    expect(page.get_by_text("Guardada en este equipo: versión 3")).to_be_visible()
    page.context.set_offline(True)
    page.goto(CHAPTER)
    assert page.url.endswith(f"{GUIDE}#cerrar-y-dejar-constancia")
    expect(page.locator("[id='cerrar-y-dejar-constancia'] h1")).to_be_visible()
    expect(page.get_by_text("Guardada en este equipo: versión 3")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Ver las guías guardadas").click()
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_visible()
    page.get_by_text("1 guía en este equipo").wait_for()
    fits(page)
    page.get_by_role("link", name="Proceso de Orientación").click()
    expect(page.get_by_role("heading", level=1, name="Proceso de Orientación")).to_be_visible()
    page.goto("/directorio/")
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Intentar otra vez").click()
    page.wait_for_url("**/directorio/")
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_hidden()


@in_browser
def test_that_a_guide_is_being_kept_is_said_from_the_first_moment(quiet):
    """What keeps it may be long in coming: a button that is busy says nothing to who does not see it."""
    page = quiet(CHAPTER)
    held = []
    page.route("**/js/guardadas*.js", lambda route: held.append(route))
    button = page.get_by_role("button", name=SAVE)
    with page.expect_request("**/js/guardadas*.js"):
        button.click()
    status = page.locator("[data-guardar] [role=status]")
    expect(status).to_have_text("Preparando…")
    expect(button).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(status).to_contain_text("Guardada en este equipo: versión 3")


@in_browser
def test_what_keeps_a_guide_comes_when_it_is_wanted(quiet):
    page = quiet(GUIDE)
    brought = []
    page.on("request", lambda request: brought.append(request.url.rpartition("/")[2].partition(".")[0]))
    page.goto(CHAPTER)
    button = page.get_by_role("button", name=f"{SAVE} (")  # its size, beforehand
    button.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert "ofrecer" in brought and not {"guardadas", "guardar", "sin-conexion"} & set(brought)
    page.context.set_offline(True)
    button.click()
    expect(page.get_by_text("No hay conexión. Intente otra vez cuando vuelva.")).to_be_visible()
    page.context.set_offline(False)
    save(page)
    brought.clear()
    page.reload()
    page.get_by_text("Guardada en este equipo").wait_for()
    until(page, "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('.json'))")
    assert {"guardadas", "guardar", "sin-conexion"} <= set(brought), "it is renewed"
    other = "/guias/conformacion-de-redip/"
    taken(page, f"{other}sin-conexion.json")
    page.goto(other)
    page.get_by_role("button", name=SAVE).scroll_into_view_if_needed()
    expect(page.get_by_role("button", name=f"{SAVE} (")).to_be_visible()


@needs_js
def test_nobody_s_name_is_kept(quiet):
    page = quiet("/cuenta/entrar/")
    sign_in(page, "asesor")
    page.goto(CHAPTER)
    assert "Su cuenta:" in page.content()
    save(page)
    kept = page.evaluate(
        """async () => {
            const texts = [];
            for (const name of await caches.keys()) {
                const store = await caches.open(name);
                for (const request of await store.keys()) {
                    texts.push([new URL(request.url).pathname, await (await store.match(request)).text()]);
                }
            }
            return texts;
        }"""
    )
    places = {path.split("/")[1] for path, _text in kept}
    assert places == {"guardadas", "sin-conexion", "static"}
    for path, text in kept:
        for word in ("Su cuenta:", "csrfmiddlewaretoken", "demo.example"):
            assert word not in text, path
    page.goto("/cuenta/")
    with page.expect_navigation():
        page.get_by_role("button", name="Salir de mi cuenta").click()
    page.context.set_offline(True)
    for path in (CHAPTER, "/cuenta/", "/avisos/", "/"):
        page.goto(path)
        assert "asesor@demo.example" not in page.content()
        assert "Su cuenta:" not in page.content()


@needs_js
def test_what_is_kept_is_listed_and_taken_away(quiet):
    page = quiet(GUIDE)
    save(page)
    page.get_by_role("link", name="Ver las guías guardadas").click()
    page.wait_for_url("**/cuenta/guardadas/")
    row = page.locator("[data-id=proceso-de-orientacion]")
    row.wait_for()
    assert "KB" in row.inner_text()
    row.get_by_role("button", name="Quitar").click()
    page.get_by_text("Todavía no ha guardado ninguna").wait_for()
    until(page, "async () => !(await navigator.serviceWorker.getRegistration('/'))")
    assert page.evaluate("caches.keys()") == []


@needs_js
def test_a_broken_store_never_breaks_the_site(quiet):
    page = quiet(GUIDE)
    save(page)
    page.evaluate(
        """async () => {
            const store = await caches.open("guardadas-1");
            await store.put("/guardadas/lista.json", new Response("{no es json"));
            for (const name of await caches.keys()) if (name.startsWith("portada")) await caches.delete(name);
        }"""
    )
    page.goto("/guias/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(CHAPTER)
    expect(page.get_by_role("heading", level=1, name="Cerrar y dejar constancia")).to_be_visible()
    page.context.set_offline(True)
    with contextlib.suppress(Error):  # as without a service worker: the browser's own page
        page.goto(CHAPTER)
    page.context.set_offline(False)
    page.goto("/directorio/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


class Between(http.server.BaseHTTPRequestHandler):
    """Stands before the portal, and can put the way out in the place of the service worker."""

    site = ""
    ended = False

    def do_GET(self) -> None:
        if self.path == "/sw.js" and type(self).ended:
            status, kind = 200, "text/javascript"
            content = (Path(__file__).parents[3] / "static/js/sw_fin.js").read_bytes()
        else:
            try:
                answer = urllib.request.urlopen(type(self).site + self.path)
            except urllib.error.HTTPError as error:
                answer = error
            status, kind, content = answer.status, answer.headers["Content-Type"], answer.read()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def between(way):
    """Return the address of a portal whose service worker can be replaced (``Between.ended``)."""
    Between.site, Between.ended = way.url, False
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@needs_js
def test_the_way_out_takes_everything_away(quiet, between):
    """What ``OFFLINE_READING=0`` serves, in place of the service worker that a browser already has."""
    page = quiet(f"{between}{GUIDE}")
    save(page)
    until(page, "async () => (await caches.keys()).length > 0")
    Between.ended = True
    page.evaluate("navigator.serviceWorker.getRegistration('/').then((found) => found.update())")
    until(page, "async () => !(await navigator.serviceWorker.getRegistration('/'))")
    until(page, "async () => !(await caches.keys()).length")


def test_without_scripts_there_is_the_file(visit, way):
    if way.js:
        pytest.skip("for who has no scripts")
    page = visit(GUIDE)
    expect(page.get_by_role("button", name=SAVE)).to_be_hidden()
    expect(page.get_by_role("link", name="Guardar sin internet")).to_be_visible()
    page.get_by_role("link", name="Guías guardadas").click()
    expect(page.get_by_text("En este navegador no se pueden guardar.")).to_be_visible()


@needs_js
def test_who_keeps_a_guide_in_her_name_hears_of_its_next_version(quiet):
    guide = "/guias/ruta-desarrolla/"  # nobody else keeps it: who kept one in her name hears of it already
    page = quiet("/guias/")
    taken(page, f"{guide}sin-conexion.json")
    sign_in(page, "nueva")
    page.goto(guide)
    expect(page.get_by_role("button", name="Avíseme")).to_be_visible()
    save(page)
    page.get_by_text("Le avisaremos cuando cambie.").wait_for()
    page.goto(guide)
    page.get_by_role("button", name="Ya no me avise").click()
    expect(page.get_by_role("button", name="Avíseme")).to_be_visible()


def list_of(page: Page) -> Locator:
    """The boxes of the kept copy."""
    return page.locator("[id='cerrar-y-dejar-constancia'] .tickable").first.get_by_role("checkbox")


@needs_js
def test_what_is_ticked_without_network_is_ticked_with_it(quiet):
    page = quiet(CHAPTER)
    save(page)
    page.context.set_offline(True)
    page.goto(CHAPTER)
    list_of(page).nth(1).check()
    expect(page.get_by_text("Sus marcas quedan en este equipo.").first).to_be_visible()
    fits(page)
    page.reload()
    expect(list_of(page).nth(0)).not_to_be_checked()
    expect(list_of(page).nth(1)).to_be_checked()
    page.context.set_offline(False)
    page.goto(CHAPTER)
    boxes = page.locator("form[data-marcas]").first.get_by_role("checkbox")
    expect(boxes.nth(1)).to_be_checked()
    expect(boxes.nth(0)).not_to_be_checked()
    assert page.evaluate("localStorage.getItem('marcas-por-enviar:proceso-de-orientacion')") is None


@needs_js
def test_what_is_ticked_without_network_comes_to_the_account(quiet, way):
    page = quiet("/cuenta/entrar/")
    sign_in(page, "nueva" if way.phone else "asesor")
    page.goto(CHAPTER)
    save(page)
    page.context.set_offline(True)
    page.goto(CHAPTER)
    list_of(page).nth(2).check()
    page.context.set_offline(False)
    page.goto(CHAPTER)
    page.get_by_text("Sus marcas quedaron guardadas.").wait_for()
    until(page, "() => !Object.keys(localStorage).some((key) => key.startsWith('marcas-por-enviar'))")
    page.evaluate("localStorage.clear()")
    page.reload()
    form = page.locator("form[data-marcas]").first
    expect(form.get_by_role("checkbox").nth(2)).to_be_checked()
    form.get_by_role("checkbox").nth(2).uncheck()
    page.get_by_text("Sus marcas quedaron guardadas.").wait_for()
