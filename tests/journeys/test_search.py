"""Everyone searches in one box: Spanish as typed, facets, suggestions, and only what she may read."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import in_browser, needs_js


def total(page):
    return int(page.locator("[data-total]").first.get_attribute("data-total"))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("orientacion", "guia"),
        ("cartagena", "centro"),
        ("SENA", "institucion"),
        ("valledupar", "red"),
        ("microfinanzas", "mesa"),
        ("bitácora cartagena", "bitacora"),
        ("empleabilidad", "tema"),
        ("desistimiento", "recurso"),
        ("accesibilidad", "pagina"),
    ],
)
def test_every_kind_is_found(visit, typed, kind):
    page = visit(f"/buscar/?q={typed}")
    expect(page.locator(f"main [data-tipo={kind}][data-id]")).not_to_have_count(0)


@pytest.mark.parametrize("typed", ["ACTAS de compromisos", "acta de compromiso", "ácta de compromíso"])
def test_accents_capitals_and_plurals_are_forgiven(visit, typed):
    assert total(visit(f"/buscar/?q={typed}")) > 0


def test_facets_narrow_and_let_go(visit):
    page = visit("/buscar/?q=cartagena")
    everything = total(page)
    page.goto("/buscar/?q=cartagena&tipo=centro")
    assert 0 < total(page) < everything
    with page.expect_navigation():
        page.locator(".results-active a").first.click()
    assert total(page) == everything


def test_the_name_of_a_guide_is_as_easy_to_touch_as_the_rest(visit):
    page = visit("/buscar/?q=proceso de empleabilidad")
    for link in page.locator(".family-title a").all():
        assert link.bounding_box()["height"] >= 44


def test_a_result_is_pressed_anywhere(visit):
    page = visit("/buscar/?q=desistimiento")
    hit = page.locator("main .hit").first
    leads = hit.get_by_role("link").get_attribute("href")
    hit.locator(".hit-text").click(force=True)  # the link of the title lies over it
    page.wait_for_url(f"**{leads}")


@needs_js
def test_the_magnifier_leads_to_where_one_types(visit, way):
    page = visit("/guias/")
    page.locator(".top-tool[href='/buscar/']:visible").first.click()
    page.wait_for_url("**/buscar/")
    expect(page.locator("main input[name=q]")).to_be_focused()


def test_what_is_private_to_a_mesa_is_found_by_its_members_alone(visit):
    words = "/buscar/?q=microfinanzas&tipo=acta"
    assert total(visit(words, who="miembro")) >= 1
    for who in (None, "otro", "asesor"):
        expect(visit(words, who=who).locator("[data-tipo=acta][data-id]"), who).to_have_count(0)


def test_a_search_that_finds_nothing_helps(visit):
    page = visit("/buscar/?q=xqzwvk zzqwj")
    expect(page.locator("[data-total='0']")).not_to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("link", name="Preguntar", exact=False).last.click()
    assert "/comunidad/preguntar/" in page.url


@pytest.mark.parametrize("typed", ['"sin cerrar', "foo:bar", "(", "%F0%9F%98%80", "%00", "a" * 6000])
def test_no_text_breaks_it(visit, typed):
    page = visit("/buscar/")
    assert page.goto(f"/buscar/?q={typed}").status == 200


@pytest.mark.parametrize("letters", [150_000, 1_000_000])
def test_an_endless_text_is_answered_with_a_sentence(visit, letters):
    page = visit("/buscar/")
    said = page.goto(f"/buscar/?q={'a' * letters}").status
    assert said in {400, 414}, "ours, or that of nginx before it"
    expect(page.get_by_text("es demasiado larga")).to_be_visible()


@needs_js
@pytest.mark.parametrize("address", ["/", "/buscar/"])
def test_suggestions_come_while_one_types(visit, way, address):
    page = visit(address)
    box = page.locator("main input[name=q]")
    box.press_sequentially("orienta", delay=30)
    page.locator("[role=option]").first.wait_for()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert page.locator("[role=option]").evaluate_all(cut) == []
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    chosen = page.locator("[role=option][aria-selected=true]").get_attribute("data-href")
    box.press("Enter")
    page.wait_for_url(f"**{chosen}*")


@needs_js
def test_suggestions_stay_while_the_next_ones_are_slow(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("orie", delay=10)
    page.locator("[role=option]").first.wait_for()
    page.route("**/buscar/sugerencias/**", lambda route: None)
    for letter in "nt":  # the second gives up the first, which has not been answered
        with page.expect_request("**/buscar/sugerencias/**"):
            box.press(letter)
    page.wait_for_timeout(100)
    assert page.locator("[role=option]:visible").count() > 0


class Finger:
    """A finger on a phone's screen, as the browser is told of it."""

    def __init__(self, page):
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def feel(self, kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def at_rest(page, option):
    """Return where ``option`` is once the page has rolled out: a touch before that only stops the rolling."""
    before, still = option.bounding_box(), 0
    for _try in range(100):
        page.wait_for_timeout(100)
        place = option.bounding_box()
        still = still + 1 if place == before else 0
        if still >= 5:
            return place
        before = place
    raise AssertionError("the page goes on rolling")


@in_browser
def test_a_finger_that_scrolls_the_suggestions_takes_none_and_a_tap_does(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("orienta", delay=10)
    option = page.locator("[role=option]").nth(1)
    option.wait_for()
    place = option.bounding_box()
    x, y = place["x"] + 40, place["y"] + place["height"] / 2
    finger = Finger(page)
    finger.feel("touchStart", (x, y))
    for step in range(1, 9):
        finger.feel("touchMove", (x, y - step * 12))
    finger.feel("touchEnd")
    place = at_rest(page, option)
    assert page.url.endswith("/buscar/")
    expect(option).to_be_visible()
    chosen = option.get_attribute("data-href")
    finger.feel("touchStart", (place["x"] + 40, place["y"] + 10))
    finger.feel("touchEnd")
    page.wait_for_url(f"**{chosen}*")


@in_browser
def test_a_mouse_takes_where_it_lets_go_and_the_field_keeps_the_focus(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("orienta", delay=10)
    option = page.locator("[role=option]").first
    option.wait_for()
    option.hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    expect(box).to_be_focused()
    expect(option).to_be_visible()
    assert page.url.endswith("/buscar/")
    chosen = option.get_attribute("data-href")
    page.mouse.up()
    page.wait_for_url(f"**{chosen}*")


@needs_js
def test_the_search_that_is_offered_is_the_one_that_is_typed(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("ho", delay=10)
    last = page.locator("[role=option]").last
    expect(last).to_have_text("Buscar «ho»")
    page.route("**/buscar/sugerencias/**", lambda route: None)
    box.press_sequentially("ja & vida", delay=5)
    expect(last).to_have_text("Buscar «hoja & vida»")
    last.click()
    page.wait_for_url("**/buscar/?q=hoja*")
    expect(box.first).to_have_value("hoja & vida")


@in_browser
def test_escape_closes_the_suggestions_for_good(visit, way):
    page = visit("/buscar/")
    box = page.locator("main input[name=q]")
    box.press_sequentially("orie", delay=10)
    page.locator("[role=option]").first.wait_for()
    slow = "new Promise(done => setTimeout(done, 400)).then(() => answer(...asked))"
    page.evaluate(f"() => {{ const answer = window.fetch; window.fetch = (...asked) => {slow}; }}")
    box.press("n")
    page.wait_for_timeout(250)  # longer than it waits for another letter: the answer is under way
    box.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    page.wait_for_timeout(900)
    expect(page.locator("[role=listbox]")).to_be_hidden()


@needs_js
def test_suggestions_of_one_name_say_where_they_are_and_come_where_a_page_is_lost(visit, way):
    page = visit("/no-existe-esta-pagina/")
    page.locator("main input[name=q]").press_sequentially("microfin", delay=10)
    mesas = page.get_by_role("option", name="Mesa Microfinanzas")
    expect(mesas).to_have_count(2)
    assert {*mesas.locator("small").all_inner_texts()} == {"Mesa · Cartagena", "Mesa · Riohacha"}
    expect(page.get_by_role("option", name="Mesa Microfinanzas Mesa · Riohacha")).to_have_count(1)


@needs_js
def test_that_a_result_was_opened_is_told_and_nothing_else(visit, way):
    page = visit("/buscar/?q=cartagena")
    hit = page.locator(".hit").first
    document = f"{hit.get_attribute('data-tipo')}:{hit.get_attribute('data-id')}"
    with page.expect_request("**/buscar/elegido/") as told:
        hit.get_by_role("link").first.click()
    assert parse_qs(told.value.post_data) == {"q": ["cartagena"], "d": [document]}
