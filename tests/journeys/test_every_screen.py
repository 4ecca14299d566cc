"""What holds for every screen: accessible, no sideways scroll, light enough, one heading, a way out."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PUBLIC = [
    "/",
    "/guias/",
    "/guias/proceso-de-orientacion/",
    "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/",
    "/guias/paquete/",
    "/directorio/",
    "/directorio/centros/",
    "/directorio/centros/cartagena/",
    "/directorio/instituciones/",
    "/directorio/oferta/",
    "/directorio/proveedores/",
    "/directorio/demanda/",
    "/redip/",
    "/redip/cartagena/",
    "/redip/yopal/",
    "/redip/cartagena/bitacora/",
    "/comunidad/",
    "/comunidad/orientacion/",
    "/comunidad/grupos/",
    "/buscar/",
    "/buscar/?q=acta+de+compromiso",
    "/buscar/?q=xqzwvk",
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
SIGNED_IN = [
    ("miembro", "/"),
    ("miembro", "/redip/cartagena/microfinanzas/"),
    ("miembro", "/redip/cartagena/microfinanzas/compromisos/"),
    ("miembro", "/comunidad/preguntar/"),
    ("miembro", "/avisos/"),
    ("miembro", "/cuenta/"),
    ("tutora", "/comunidad/tutoria/"),
    ("tutora", "/comunidad/moderacion/"),
]


def _check(page, path, *, missing=False):
    assert page.locator("h1").count() == 1, f"{path}: {page.locator('h1').count()} h1"
    assert page.locator("html[lang=es-CO]").count() == 1
    assert page.locator("main#contenido").count() == 1
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{path}: scrolls {width} px sideways"
    # In a short window axe reports what lies under the bottom bar, which scrolling frees.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": min(height + 80, 15_000)})
    results = AXE.run(page, options={"runOnly": TAGS})
    assert results.violations_count == 0, f"{path}\n{results.generate_report()}"


@pytest.mark.parametrize("phone", [True, False], ids=["360", "1280"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_screen(open_page, site, path, phone):
    _check(open_page(path, phone=phone), path)


@pytest.mark.parametrize(("who", "path"), SIGNED_IN)
def test_signed_in_screen(open_page, site, who, path):
    _check(open_page(path, who=who, phone=True), path)


@pytest.mark.parametrize(
    "path", ["/", "/guias/", "/guias/proceso-de-orientacion/", "/redip/", "/comunidad/", "/buscar/?q=acta"]
)
def test_dark(open_page, site, path):
    _check(open_page(path, phone=True, dark=True), path)


def test_not_found_is_friendly(open_page, site):
    page = open_page("/no-existe/", phone=True)
    _check(page, "/no-existe/")
    assert page.locator("form[action='/buscar/']").count() >= 1


def test_a_first_visit_is_light(open_page, site):
    page = open_page("about:blank", phone=True)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}
    session.on("Network.responseReceived", lambda e: kinds.__setitem__(e["requestId"], e["type"]))
    session.on("Network.loadingFinished", lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"]))
    page.goto(f"{site}/")
    page.wait_for_load_state("networkidle")
    weight = {kinds.get(key, "?"): 0 for key in sizes}
    for key, size in sizes.items():
        weight[kinds.get(key, "?")] += size
    total = sum(size for kind, size in weight.items() if kind != "Image")
    assert sizes and total <= 60_000, weight
