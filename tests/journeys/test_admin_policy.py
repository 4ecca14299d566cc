"""The editors' tools work under a policy that runs no inline script; the fixture fails on any violation."""

import pytest

pytestmark = pytest.mark.browser


def test_an_editor_works_without_inline_scripts(open_page, site):
    page = open_page("/admin/", who="editora")
    page.goto("/admin/pages/")
    page.wait_for_load_state("networkidle")
    page.goto("/admin/snippets/portal/indicator/add/")
    page.wait_for_load_state("networkidle")
    page.locator("#id_rows-ADD").click()
    page.locator("#id_rows-1-label").wait_for()
    page.locator("#id_cut_off").click()
    page.locator(".xdsoft_datetimepicker:visible").wait_for()


def test_an_editor_writes_a_page(open_page, site):
    page = open_page("/admin/pages/", who="editora")
    home = page.url.rstrip("/").rsplit("/", 1)[-1]
    page.goto(f"/admin/pages/{home}/edit/")
    page.locator("#id_headline").wait_for()
    page.wait_for_load_state("networkidle")
    page.goto("/admin/snippets/directorio/offer/add/")
    page.wait_for_load_state("networkidle")
    page.locator("[data-chooser-action-choose]:visible").first.click()
    page.locator(".modal-content").wait_for()
