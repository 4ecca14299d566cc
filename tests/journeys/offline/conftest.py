"""Keeping a guide in a real browser: the page it is done on, and a browser whose network may fail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import PATIENCE
from tests.journeys.waiting import taken

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
