"""What holds for every screen: accessible, no sideways scroll, light enough, one heading, a way out.

Each is looked at twice with axe, so that light and dark, phone and desk are all seen: at 320 px in the dark
and at 1280 px in the light. Sideways scroll is measured once, at four widths, and with letters twice as
large on a phone and on half a desk: what 200 % and 400 % of zoom make of a page.
"""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.waiting import until

AXE = Axe()
WIDTHS = (1280, 768, 360, 320)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": TAGS, "resultTypes": ["violations"]}
"""Every rule; the elements that keep to it, which nobody reads, are not spelled out: that takes longest."""

FIGURE = "caracterizar-y-enrutar"
"""A chapter that shows a figure."""
PUBLIC = [
    "/",
    "/guias/",
    "/guias/proceso-de-orientacion/",
    "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/",
    "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/opinion/",
    "/guias/paquete/",
    "/guias/glosario/",
    "/guias/formatos/",
    "/guias/formatos/acta-de-compromiso/",
    "/guias/formacion/",
    "/guias/formacion/los-archivos-del-centro/",
    "/guias/formacion/los-archivos-del-centro/sesiones/2/",
    "/guias/certificados/",
    "/q/",
    "/cuenta/guardadas/",
    "/sin-conexion/",
    "/responder/",
    "/directorio/",
    "/directorio/centros/",
    "/directorio/centros/cartagena/",
    "/directorio/proveedores/confecciones-de-demostracion-2/",
    "/directorio/demanda/aseo-de-oficinas-en-la-tarde/",
    "/directorio/instituciones/",
    "/directorio/oferta/",
    "/directorio/proveedores/",
    "/directorio/demanda/",
    "/redip/",
    "/redip/cartagena/",
    "/redip/yopal/",
    "/redip/cartagena/bitacora/",
    "/redip/cartagena/bitacora/barreras/",
    "/redip/cartagena/bitacora/ediciones/1/",
    "/redip/cartagena/bitacora/comparar/1..2/",
    "/comunidad/",
    "/comunidad/orientacion/",
    "/comunidad/grupos/",
    "/buscar/",
    "/buscar/?q=acta+de+compromiso",
    "/buscar/?q=xqzwvk",
    "/guias/listas/",
    "/agenda/",
    "/indicadores/",
    "/ayuda/",
    "/accesibilidad/",
    "/datos-personales/",
    "/datos-abiertos/",
    "/cuenta/entrar/",
    "/cuenta/crear/",
    "/cuenta/clave/",
]
MESA = "/redip/cartagena/microfinanzas/"
COURSE = "/guias/formacion/los-archivos-del-centro/"
SIGNED_IN = [
    ("otro", COURSE),
    ("otro", f"{COURSE}sesiones/3/"),
    ("otro", f"{COURSE}comprobacion/"),
    ("otro", "/cuenta/formacion/"),
    ("tutora", f"{COURSE}sesiones/1/asistencia/"),
    ("tutora", f"{COURSE}sesiones/2/inscribir/"),
    ("tutora", f"{COURSE}sesiones/nueva/"),
    ("tutora", f"{COURSE}sesiones/2/cancelar/"),
    ("tutora", f"{COURSE}certificados/"),
    ("miembro", "/"),
    ("miembro", MESA),
    ("miembro", f"{MESA}compromisos/"),
    ("miembro", f"{MESA}compromisos/nuevo/"),
    ("miembro", f"{MESA}actas/"),
    ("miembro", f"{MESA}actas/1/"),
    ("miembro", f"{MESA}reuniones/nueva/"),
    ("miembro", f"{MESA}archivos/"),
    ("miembro", f"{MESA}conversacion/"),
    ("miembro", f"{MESA}miembros/"),
    ("miembro", "/redip/cartagena/bitacora/borrador/"),
    ("miembro", "/redip/cartagena/bitacora/barreras/editar/"),
    ("miembro", "/comunidad/preguntar/"),
    ("miembro", "/comunidad/orientacion/publicar/encuesta/"),
    ("miembro", "/avisos/"),
    ("miembro", "/cuenta/"),
    ("miembro", "/cuenta/correo/"),
    ("miembro", "/cuenta/datos/"),
    ("tutora", "/comunidad/tutoria/"),
    ("tutora", "/comunidad/moderacion/"),
]


OUT_OF_SIGHT = """() => {
  const found = [];
  const hidden = ".hide, .skip, svg, script, style, noscript, template, [hidden]";
  const scrolls = (one) => one && one !== document.body
    && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest(hidden) || scrolls(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const edge = document.documentElement.clientWidth + 1;
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    const out = boxes.some((box) => box.left < -1 || box.right > edge);
    const clips = /hidden|clip/.test(getComputedStyle(holder).overflow) && holder.clientWidth > 2
      && (holder.scrollWidth > holder.clientWidth + 1 || holder.scrollHeight > holder.clientHeight + 2);
    if (out || clips) found.push(text.data.trim().slice(0, 60));
  }
  return found;
}"""


def _read_large(page, path):
    """Letters of 200 % on half a desk and on a phone: no text out of sight, no sideways scroll."""
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        lost = page.evaluate(OUT_OF_SIGHT)
        page.evaluate("document.documentElement.style.fontSize = ''")
        assert more <= 0 and not lost, f"{path}: with large letters {more} px sideways at {width} px, {lost}"


def _measure(page, path):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert more <= 0, f"{path}: scrolls {more} px sideways at {width} px"
    _read_large(page, path)


def check_screen(page, path, *, width=320):
    """Look at the screen whole at ``width``; on a phone, measure how it fits the other widths too."""
    expect(page.locator("h1"), f"{path}: {page.locator('h1').count()} h1").to_have_count(1)
    expect(page.locator("html[lang=es-CO]")).to_have_count(1)
    expect(page.locator("main#contenido")).to_have_count(1)
    if width <= PHONE["width"]:
        _measure(page, path)
    page.set_viewport_size({"width": width, "height": 800})
    # In a short window axe reports what lies under the bottom bar, which scrolling frees.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height + 80, 15_000)})
    results = AXE.run(page, options=ASKED)
    assert results.violations_count == 0, f"{path}\n{results.generate_report()}"


@pytest.mark.parametrize("path", PUBLIC)
def test_public_screen_on_a_small_dark_phone(see, path):
    check_screen(see(path, phone=True, dark=True), path)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_screen_on_the_desk(see, path):
    check_screen(see(path), path, width=1280)


@pytest.mark.parametrize(("who", "path"), SIGNED_IN)
def test_signed_in_screen_on_a_small_dark_phone(see, who, path):
    check_screen(see(path, who=who, phone=True, dark=True), path)


@pytest.mark.parametrize("path", [MESA, f"{MESA}reuniones/nueva/", "/comunidad/preguntar/", "/cuenta/"])
def test_signed_in_screen_on_the_desk(see, path):
    check_screen(see(path, who="miembro"), path, width=1280)


AFTER_A_LINK = 2
"""How many pages of a view are fetched for their links."""
ELSEWHERE = ("/api/", "/admin/", "/static/", "/media/", "/cuenta/salir/")


def _reached(page, start):
    """Follow the links from ``start`` on; return one address for each view that gives a page.

    Every link must lead somewhere: what does not answer, or answers with an error, fails the test.
    """
    seen, views, waiting = set(), {}, [(start, "")]
    while waiting:
        address, origin = waiting.pop(0)
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            pytest.fail(f"{origin} leads to {address}, which is no address")
        name = match.view_name or f"page:{address}"
        if name == "wagtail_serve":
            name = f"page:{address}"
        if address in seen or len(views.setdefault(name, [])) >= AFTER_A_LINK:
            continue
        seen.add(address)
        answer = page.request.get(address)
        assert answer.status in (200, 202), f"{origin} leads to {address}: {answer.status}"
        kept = "attachment" in answer.headers.get("content-disposition", "")
        if answer.status != 200 or kept or not answer.headers["content-type"].startswith("text/html"):
            continue
        views[name].append(urlsplit(answer.url).path)
        for href in re.findall(r'<a\b[^>]*?\shref="([^"]+)"', answer.text()):
            target = urlsplit(urljoin(answer.url, unescape(href)))
            if target.netloc == urlsplit(answer.url).netloc and not target.path.startswith(ELSEWHERE):
                waiting.append((target.path + (f"?{target.query}" if target.query else ""), address))
    return {name: found[0] for name, found in views.items() if found}


@pytest.mark.parametrize("who", [None, "miembro", "tutora"])
def test_every_view_that_a_link_leads_to(see, who):
    """No link is dead, and what the lists above do not name is looked at too."""
    page = see("/", who=who, phone=True, dark=True)
    listed = set(PUBLIC) | {path for someone, path in SIGNED_IN if someone == who}
    known = {resolve(path.partition("?")[0]).view_name for path in listed}
    reached = _reached(page, "/").items()
    for path in dict.fromkeys(path for name, path in reached if name not in known and path not in listed):
        page.goto(path)
        check_screen(page, path)


def test_what_is_wrong_on_a_screen_is_found_wherever_it_stands(see):
    page = see("/ayuda/")
    wrong = """main => {
      main.insertAdjacentHTML("beforeend", '<img src="data:,"><p>Gris</p>'.repeat(3));
      for (const one of main.querySelectorAll(":scope > p")) one.style.color = "#ccc";
    }"""
    page.locator("main").evaluate(wrong)
    with pytest.raises(AssertionError) as found:
        check_screen(page, "/ayuda/", width=1280)
    assert str(found.value).count("<img ") == 3 and str(found.value).count(">Gris</p>") == 3


def test_no_year_is_cut_in_two_in_the_title_of_a_meeting(open_page, site):
    page = open_page(f"{MESA}reuniones/1/", who="miembro", phone=True)
    lines = """() => {
      const text = document.querySelector("h1").firstChild;
      const range = document.createRange();
      const at = text.data.search(/\\d{4}/);
      range.setStart(text, at);
      range.setEnd(text, at + 4);
      return range.getClientRects().length;
    }"""
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate(lines) == 1


@pytest.mark.parametrize(("path", "words"), [("/tema/", "con un botón"), ("/admin/", "no le corresponde")])
def test_what_went_wrong_is_said_with_a_way_on(open_page, site, path, words):
    page = open_page(path, who="miembro", phone=True)
    check_screen(page, path, width=360)
    assert words in page.inner_text("h1") and page.locator("main a.chip").count() >= 2


@pytest.mark.parametrize("path", [f"{MESA}miembros/", "/directorio/instituciones/"])
@pytest.mark.parametrize("js", [True, False], ids=["js", "noscript"])
def test_the_current_tab_is_in_sight_on_a_phone(open_page, site, path, js):
    page = open_page(path, who="miembro", phone=True, js=js)
    box = page.locator(".tabs [aria-current]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]


def test_a_column_taller_than_the_window_shows_what_has_focus(open_page, site):
    page = open_page("/directorio/demanda/")
    page.set_viewport_size({"width": 1280, "height": 500})
    last = page.locator(".nav input[type=checkbox]").last
    last.focus()
    box = last.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 500


COVERED = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  if (one === document.body || box.width < 2) return "";
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const seen = [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
    const over = document.elementFromPoint(box.left + box.width * x, top + (bottom - top) * y);
    return over && (one.contains(over) || (over.contains(one) && bottom > top));
  }));
  return seen ? "" : one.outerHTML.slice(0, 120);
}"""


@pytest.mark.parametrize(
    "path", ["/guias/", "/directorio/proveedores/", "/comunidad/preguntar/", f"{MESA}actas/1/"]
)
def test_what_has_the_focus_is_never_covered_at_four_times_the_size(open_page, site, path):
    page = open_page(path, who="miembro")
    page.set_viewport_size({"width": 320, "height": 256})
    for key in ["Tab"] * 40 + ["Shift+Tab"] * 20:
        page.keyboard.press(key)
        assert page.evaluate(COVERED) == ""


def test_not_found_is_friendly(see):
    page = see("/no-existe/", phone=True)
    check_screen(page, "/no-existe/", width=360)
    expect(page.locator("form[action='/buscar/']")).not_to_have_count(0)


LIGHT = 60_000
"""Bytes that a first visit may cost somebody who pays for them, all of the page scrolled through."""
SCROLLED = """async () => {
  for (let at = 0; at < document.body.scrollHeight; at += innerHeight / 2) {
    scrollTo(0, at);
    await new Promise((done) => setTimeout(done, 50));
  }
}"""


@pytest.mark.parametrize("fine", [1, 2], ids=["coarse", "fine"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/guias/proceso-de-orientacion/",
        "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/",
        f"/guias/proceso-de-orientacion/{FIGURE}/",
    ],
)
def test_a_first_visit_is_light(open_page, site, path, fine):
    """With its figure, as it is drawn for a screen of so many points a pixel, headers included."""
    page = open_page("about:blank", phone=True)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    screen = {"width": PHONE["width"], "height": PHONE["height"], "deviceScaleFactor": fine, "mobile": True}
    session.send("Emulation.setDeviceMetricsOverride", screen)
    names, sizes = {}, {}
    session.on("Network.responseReceived", lambda e: names.__setitem__(e["requestId"], e["response"]["url"]))
    session.on("Network.loadingFinished", lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"]))
    page.goto(f"{site}{path}")
    page.evaluate(SCROLLED)
    figures = page.locator("#capitulo figure img")
    assert figures.count() == (FIGURE in path)
    until(page, "[...document.querySelectorAll('figure img')].every((one) => one.naturalWidth > 0)")
    assert all(one.evaluate("one => one.currentSrc").endswith(".webp") for one in figures.all())
    page.wait_for_load_state("networkidle")
    weight = {names.get(key, "?"): size for key, size in sizes.items()}
    assert any(name.endswith(".woff2") for name in weight), "its font is counted"
    assert sum("/media/" in name for name in weight) == figures.count(), "and its figure"
    assert sum(sizes.values()) <= LIGHT, weight
