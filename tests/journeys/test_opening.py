"""What opens and closes: by keyboard alone, Escape where it covers something, and the focus stays there."""

from playwright.sync_api import expect

from tests.journeys.conftest import in_browser

FILTERS = "/directorio/proveedores/"
SEARCH = "/buscar/"


def test_a_part_that_is_closed_on_a_phone_opens_by_keyboard(open_page, site):
    for js in (True, False):
        page = open_page(FILTERS, phone=True, js=js)
        summary = page.locator("details.filters > summary")
        inside = page.get_by_role("button", name="Ver resultados")
        summary.focus()
        expect(inside).to_be_hidden()
        for seen in (True, False):
            page.keyboard.press("Enter")
            expect(inside).to_be_visible(visible=seen)
            expect(summary).to_be_focused()


@in_browser
def test_escape_closes_the_suggestions_and_leaves_what_was_typed(visit):
    page = visit(SEARCH)
    field = page.locator("main input[name=q]")
    field.press_sequentially("orient")
    options = page.get_by_role("listbox")
    expect(options).to_be_visible()
    field.press("ArrowDown")
    expect(field).to_have_attribute(
        "aria-activedescendant", page.get_by_role("option").first.get_attribute("id")
    )
    field.press("Escape")
    expect(options).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("orient")
    expect(field).to_have_attribute("aria-expanded", "false")
