"""The package on a computer without a network: opened from the disk, read, searched, brought up to date."""

from __future__ import annotations

import json
import re
import time
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect


def wait_for_files(page: Page) -> None:
    """Look at the page of the package until the worker has made all files."""
    end = time.monotonic() + 120
    while re.search("se están? preparando", page.inner_text("main")):
        assert time.monotonic() < end, "the files were never made"
        page.wait_for_timeout(1000)
        page.reload()


@pytest.fixture
def folder(visit, tmp_path) -> Path:
    """The whole package, unzipped, once the worker has made all files of the demonstration."""
    page = visit("/guias/paquete/")
    wait_for_files(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Descargar el paquete").click()
    file = tmp_path / "paquete.zip"
    coming.value.save_as(file)
    with zipfile.ZipFile(file) as found:
        assert found.testzip() is None
        found.extractall(tmp_path / "paquete")
    return tmp_path / "paquete"


def test_it_is_read_and_searched_from_the_disk(folder, chromium: Browser, way):
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, offline=True, java_script_enabled=way.js
    )
    page, problems = context.new_page(), []
    page.on("console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if way.js:
        page.get_by_label("Buscar dentro de las guías").fill("ACTAS de compromisos")
        page.get_by_role("status").get_by_text("resultado").wait_for()
        hit = page.locator("[data-resultados] li").first
        expect(hit.locator("mark")).not_to_have_count(0)
        assert Axe().run(page, options={"preload": False}).violations_count == 0
        hit.get_by_role("link").click()
        anchor = page.evaluate("decodeURIComponent(location.hash.slice(1))")
        expect(page.locator(f"[id='{anchor}']")).to_be_visible()
        page.go_back()
        page.get_by_label("Buscar dentro de las guías").fill("xyzzyx")
        page.get_by_text("No encontramos «xyzzyx»").wait_for()
    else:
        expect(page.get_by_text("Ctrl + F")).to_be_visible()
    page.get_by_role("link", name="¿Sigue vigente?").click()
    expect(page.get_by_text("Este es el paquete número")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if way.js:
        assert Axe().run(page, options={"preload": False}).violations_count == 0
    page.get_by_role("link", name="Volver a las guías").click()
    page.get_by_role("link", name="Leer").first.click()
    page.wait_for_url(lambda address: not address.endswith("/index.html"))
    expect(page.locator("h1").first).to_be_visible()
    context.close()
    assert problems == []


def test_an_older_one_is_brought_up_to_date_by_its_manifest(folder, visit, tmp_path):
    old = json.loads((folder / "manifest.json").read_text("utf-8"))
    gone = old["archivos"][0]["archivo"]
    old["objetos"] = {sha: paths for sha, paths in old["objetos"].items() if gone not in paths}
    old["archivos"] = [file for file in old["archivos"] if file["archivo"] != gone]
    (tmp_path / "manifest.json").write_text(json.dumps(old), "utf-8")
    page = visit("/guias/paquete/")
    page.set_input_files("input[name=manifest]", tmp_path / "manifest.json")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Bajar lo que me falta").click()
    coming.value.save_as(tmp_path / "cambios.zip")
    with zipfile.ZipFile(tmp_path / "cambios.zip") as found:
        assert set(found.namelist()) == {"manifest.json", gone}
        assert found.read(gone) == (folder / gone).read_bytes()
    page.goto("/guias/paquete/")
    page.set_input_files("input[name=manifest]", folder / "manifest.json")
    page.get_by_role("button", name="Bajar lo que me falta").click()
    page.get_by_text("lo que usted tiene sigue vigente").wait_for()
    page.set_input_files("input[name=manifest]", folder / "LEEME.txt")
    page.get_by_role("button", name="Bajar lo que me falta").click()
    expect(page.get_by_role("alert").get_by_text("no es el de un paquete")).to_be_visible()


def test_guides_are_put_into_the_basket_one_by_one(visit):
    slugs = ("ruta-emprende", "proceso-de-orientacion")
    page = visit("/guias/")
    assert page.context.cookies() == []  # who only reads
    for count, slug in enumerate(slugs, start=1):
        page.goto(f"/guias/{slug}/")
        page.get_by_role("button", name="Agregar al paquete").click()
        page.wait_for_url("**#para-llevar")
        page.get_by_text("Está en su paquete").wait_for()
        page.get_by_role("link", name=f"Ver su paquete: {count} guía").wait_for()
    page.get_by_role("link", name="Ver su paquete").click()
    page.get_by_role("heading", name="Su paquete tiene 2 guías").wait_for()
    wait_for_files(page)
    for slug in slugs:
        expect(page.locator(f"input[name=guia][value={slug}]")).to_be_checked()
    expect(page.locator("input[name=guia]:checked")).to_have_count(2)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Descargar el paquete").click()
    assert "seleccion" in coming.value.suggested_filename
    page.get_by_role("button", name="Vaciarlo").click()
    expect(page.locator("input[name=guia]:checked")).to_have_count(0)
    page.goto(f"/guias/{slugs[0]}/")
    page.get_by_role("button", name="Agregar al paquete").wait_for()
