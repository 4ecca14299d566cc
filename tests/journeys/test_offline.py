"""Reading a kept guide with the network off, in a real browser, and the ways in which it can go wrong."""

from __future__ import annotations

import contextlib
import http.server
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys.conftest import PATIENCE, needs_js, sign_in, taken, until

GUIDE = "/guias/proceso-de-orientacion/"
CHAPTER = f"{GUIDE}cerrar-y-dejar-constancia/"
SAVE = "Guardar para leer sin conexión"


def save(page: Page) -> None:
    page.get_by_role("button", name=SAVE).click()
    page.get_by_text("Guardada en este equipo").wait_for()


@pytest.fixture
def quiet(chromium, way):
    """Return ``quiet(path)``: a page whose failed requests are no failure of the test."""
    contexts = []

    def go(path: str) -> Page:
        context = chromium.new_context(
            base_url=way.url,
            viewport={"width": 360 if way.phone else 1280, "height": 780},
            java_script_enabled=way.js,
            locale="es-CO",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        taken(page, f"{GUIDE}sin-conexion.json")
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


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
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Ver las guías guardadas").click()
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_visible()
    page.get_by_text("1 guía en este equipo").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Proceso de Orientación").click()
    expect(page.get_by_role("heading", level=1, name="Proceso de Orientación")).to_be_visible()
    page.goto("/directorio/")
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Intentar otra vez").click()
    page.wait_for_url("**/directorio/")
    expect(page.get_by_role("heading", level=1, name="Sin conexión")).to_be_hidden()


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
    page.get_by_role("button", name="Salir de mi cuenta").click()
    page.wait_for_load_state()
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
def test_a_newer_version_replaces_it_and_it_is_said(quiet):
    page = quiet(GUIDE)
    save(page)
    age = """async () => {
        const store = await caches.open("guardadas-1");
        const list = await (await store.match("/guardadas/lista.json")).json();
        const file = list[0].objetos[0];
        const last = file.trozos.length - 2;
        await store.delete(`/guardadas/${file.trozos[last].sha256}`);
        list[0].version = 2;
        file.sha256 = "1".repeat(64);
        file.trozos[last].sha256 = "0".repeat(64);
        await store.put(`/guardadas/${"0".repeat(64)}`, new Response("vieja"));
        await store.put("/guardadas/lista.json", new Response(JSON.stringify(list)));
        return last;
    }"""
    last = page.evaluate(age)
    with page.expect_request("**/sin-conexion/*/?trozos=*") as asked:
        page.reload()
    assert asked.value.url.endswith(f"?trozos={last}")
    page.get_by_text("Su copia se puso al día el").wait_for()
    kept = page.evaluate("async () => (await (await caches.open('guardadas-1')).keys()).map((r) => r.url)")
    assert len([url for url in kept if "0" * 64 in url]) == 0
    page.evaluate(age)
    page.goto("/cuenta/guardadas/")
    page.get_by_text("Se pusieron al día: Proceso de Orientación").wait_for()
    expect(page.get_by_text("antes era la versión 2")).to_be_visible()


@needs_js
def test_two_guides_keep_what_they_share_once(quiet):
    page = quiet(GUIDE)
    other = "/guias/ruta-emprende/"
    taken(page, f"{other}sin-conexion.json")
    save(page)
    page.goto(other)
    page.get_by_role("button", name=SAVE).scroll_into_view_if_needed()
    page.get_by_role("button", name=f"{SAVE} (").wait_for()
    size, whole = page.evaluate(
        """async () => {
            const now = await Guardadas.look("ruta-emprende");
            return [await Guardadas.toBring(now), now.bytes];
        }"""
    )
    assert size < whole - 20_000  # the font and the style are here
    save(page)
    page.goto("/cuenta/guardadas/")
    page.get_by_text("2 guías en este equipo").wait_for()
    page.context.set_offline(True)
    for path, name in ((GUIDE, "Proceso de Orientación"), (other, "Ruta Emprende")):
        page.goto(path)
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        cut_off = "() => [...document.querySelectorAll('h1')].some((h) => h.scrollWidth > h.clientWidth)"
        assert not page.evaluate(cut_off), path
    page.context.set_offline(False)
    page.goto("/cuenta/guardadas/")
    page.get_by_role("button", name="Quitar Proceso de Orientación").click()
    page.get_by_text("Quitamos «Proceso de Orientación»").wait_for()
    page.context.set_offline(True)
    page.goto(other)
    expect(page.get_by_role("heading", level=1, name="Ruta Emprende")).to_be_visible()


@needs_js
def test_what_was_kept_before_there_were_pieces_is_read_and_renewed(quiet):
    page = quiet(GUIDE)
    save(page)
    page.evaluate(
        """async () => {
            const store = await caches.open("guardadas-1");
            const list = await (await store.match("/guardadas/lista.json")).json();
            const file = list[0].objetos[0];
            const whole = await Guardadas.content(file);
            for (const piece of file.trozos) await store.delete(`/guardadas/${piece.sha256}`);
            delete file.trozos;
            await store.put(`/guardadas/${file.sha256}`, new Response(whole));
            await store.put("/guardadas/lista.json", new Response(JSON.stringify(list)));
        }"""
    )
    page.context.set_offline(True)
    page.goto(CHAPTER)
    expect(page.locator("[id='cerrar-y-dejar-constancia'] h1")).to_be_visible()
    page.context.set_offline(False)
    page.goto(GUIDE)
    page.get_by_text("Guardada en este equipo").wait_for()
    page.context.set_offline(True)
    page.goto(CHAPTER)
    expect(page.locator("[id='cerrar-y-dejar-constancia'] h1")).to_be_visible()


@needs_js
def test_no_room_is_said_and_nothing_breaks(quiet):
    page = quiet(GUIDE)
    page.add_init_script(
        """const put = Cache.prototype.put;
        Cache.prototype.put = function (key, answer) {
            if (String(key).length > 60) return Promise.reject(new DOMException("", "QuotaExceededError"));
            return put.call(this, key, answer);
        };"""
    )
    page.reload()
    page.get_by_role("button", name=SAVE).click()
    page.get_by_text("No cabe en este equipo").wait_for()
    page.goto(CHAPTER)
    expect(page.get_by_role("heading", level=1, name="Cerrar y dejar constancia")).to_be_visible()


@needs_js
def test_without_network_saving_says_so(quiet):
    page = quiet(GUIDE)
    page.get_by_role("button", name=SAVE).wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name=SAVE).click()
    page.get_by_text("No hay conexión").wait_for()


CUT = """() => {
  const real = window.fetch;
  window.asked = [];
  window.fetch = async (address, options) => {
    const answer = await real(address, options);
    if (!String(address).includes("?trozos=")) return answer;
    window.asked.push(String(address).split("=")[1].split(",").map(Number));
    if (window.asked.length > 1) return answer;
    const pieces = [new Uint8Array(await answer.arrayBuffer()).slice(0, 40000)];
    const pull = (way) => (pieces.length ? way.enqueue(pieces.pop()) : way.error(new TypeError("cut")));
    return new Response(new ReadableStream({ pull }), { status: answer.status, headers: answer.headers });
  };
}"""
"""The network breaks after 40,000 bytes of the first file."""


@needs_js
def test_what_broke_off_goes_on_where_it_was(quiet):
    page = quiet(GUIDE)
    page.get_by_role("button", name=SAVE).scroll_into_view_if_needed()
    button = page.get_by_role("button", name=f"{SAVE} (")
    button.wait_for()
    page.evaluate(CUT)
    button.click()
    page.get_by_text("No hay conexión.").wait_for()
    save(page)
    first, then = page.evaluate("window.asked")
    assert first == list(range(len(first)))
    assert then and then == first[-len(then) :] and len(then) < len(first)
    page.context.set_offline(True)
    page.goto(CHAPTER)
    expect(page.locator("[id='cerrar-y-dejar-constancia'] h1")).to_be_visible()


@needs_js
def test_what_comes_wrong_is_not_kept(quiet):
    page = quiet(GUIDE)
    page.get_by_role("button", name=SAVE).wait_for()
    page.route("**/sin-conexion/*/?trozos=*", lambda route: route.fulfill(body="<script>1</script>" * 9000))
    page.get_by_role("button", name=SAVE).click()
    page.get_by_text("La guía llegó incompleta.").wait_for()
    page.unroute_all()
    save(page)


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
            content = (Path(__file__).parents[2] / "static/js/sw_fin.js").read_bytes()
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
    page = quiet("/guias/")
    sign_in(page, "nueva")
    page.goto(GUIDE)
    expect(page.get_by_role("button", name="Avíseme")).to_be_visible()
    save(page)
    page.get_by_text("Le avisaremos cuando cambie.").wait_for()
    page.goto(GUIDE)
    page.get_by_role("button", name="Ya no me avise").click()
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Avíseme")).to_be_visible()
