"""An editor changes what the site says, in Spanish, with a menu that shows what she needs."""

import uuid

from tests.journeys.conftest import needs_js


@needs_js
def test_what_an_editor_publishes_is_what_a_visitor_reads(visit, way):
    page = visit("/admin/", who="editora")
    page.goto("/admin/pages/")
    page.get_by_role("link", name="Accesibilidad", exact=True).first.click()
    page.wait_for_load_state()
    words = f"Así está hoy la accesibilidad del portal ({uuid.uuid4().hex[:6]})."
    page.locator("#id_lead").fill(words)
    page.locator("footer").get_by_role("button", name="Más acciones").click()
    page.locator("button[name=action-publish]:visible").click()
    page.wait_for_load_state()
    assert visit("/accesibilidad/").get_by_text(words).first.is_visible()
