"""How a kept guide travels: only what is missing, on from where it broke off, and never wrong."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import needs_js
from tests.journeys.offline.conftest import CHAPTER, GUIDE, SAVE, save
from tests.journeys.waiting import taken, until


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
    file = "(await Guardadas.list())[0].objetos[0]"
    # The page brings its scripts by itself, and some time after it is there.
    until(page, f"async () => typeof Guardadas === 'object' && 'trozos' in {file}")
    assert page.evaluate(f"async () => (await Guardadas.content({file})).size === {file}.bytes")


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
