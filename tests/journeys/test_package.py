"""The package on a computer without a network: opened from the disk, read, searched, brought up to date."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nucleo.stored_zip import Part, StoredZip
from tests.journeys.conftest import in_browser, needs_js, new_page
from tests.journeys.waiting import fits

BRING = "Bajar lo que me falta"


def wait_for_files(page: Page) -> None:
    """Look at the page of the package until the worker has made all files."""
    end = time.monotonic() + 120
    while re.search("se están? preparando", page.inner_text("main")):
        assert time.monotonic() < end, "the files were never made"
        page.wait_for_timeout(1000)
        page.reload()


def download(page: Page, button: str, file: Path) -> Path:
    """Press a button that gives a file, and keep it as ``file``."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    coming.value.save_as(file)
    return file


def download_link(page: Page, name: str, file: Path) -> Path:
    """Follow a link that gives a file, and keep it as ``file``."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    coming.value.save_as(file)
    return file


def publish_next_version(visit) -> None:
    """Publish the next version of a guide, as an editor does."""
    page = visit("/admin/snippets/guias/guide/?q=Documental", who="editora")
    edit = page.get_by_role("link", name="Guía de Gestión Documental").first.get_attribute("href")
    page.goto(f"/admin/guias/{edit.rstrip('/').rpartition('/')[2]}/version-siguiente/")
    with page.expect_navigation():
        page.get_by_role("button", name="Preparar la versión siguiente").click()
    page.locator("textarea[name=changes]").fill("Cambió la lista de documentos.")
    title = page.locator("input[name=body-1-value-title]")
    title.fill(f"{title.input_value()} (cambió)")
    page.locator("footer").get_by_role("button", name="Más acciones").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]:visible").click()


def today(page: Page) -> bytes:
    """The ZIP that a first download gives now."""
    return page.request.get("/guias/paquete/descargar/").body()


@pytest.fixture
def folder(visit, tmp_path) -> Path:
    """The whole package, unzipped, once the worker has made all files of the demonstration."""
    page = visit("/guias/paquete/")
    wait_for_files(page)
    file = tmp_path / "paquete.zip"
    download(page, "Descargar el paquete", file)
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
    fits(page)
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
    fits(page)
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
    old["objetos"]["0" * 64] = ["orientacion/de-antes-v1.pdf"]
    (tmp_path / "manifest.json").write_text(json.dumps(old), "utf-8")
    page = visit("/guias/paquete/")
    page.set_input_files("input[name=manifest]", tmp_path / "manifest.json")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Bajar lo que me falta").click()
    coming.value.save_as(tmp_path / "cambios.zip")
    with zipfile.ZipFile(tmp_path / "cambios.zip") as found:
        assert set(found.namelist()) == {"manifest.json", "BORRAR.txt", gone}
        assert found.read(gone) == (folder / gone).read_bytes()
        assert "orientacion/de-antes-v1.pdf" in found.read("BORRAR.txt").decode("utf-8-sig")
    page.goto("/guias/paquete/")
    page.set_input_files("input[name=manifest]", folder / "manifest.json")
    page.get_by_role("button", name="Bajar lo que me falta").click()
    page.get_by_text("lo que usted tiene sigue vigente").wait_for()
    whole = (folder / "manifest.json").read_text("utf-8")
    later = re.sub(r"-v(\d+)\.", lambda found: f"-v{int(found[1]) + 1}.", whole)
    for words, content in {
        "no es el de un paquete": (folder / "LEEME.txt").read_text("utf-8-sig"),
        "escoja el manifest.json": whole[:-200],
        "escoja el manifest.json de": "x" * 5_000_000,
        "es más nuevo que este portal": later,
    }.items():
        (tmp_path / "otro.json").write_text(content, "utf-8")
        page.set_input_files("input[name=manifest]", tmp_path / "otro.json")
        page.get_by_role("button", name="Bajar lo que me falta").click()
        expect(page.get_by_role("alert").get_by_text(re.compile(words, re.I))).to_be_visible()


@needs_js
def test_an_earlier_zip_becomes_the_one_of_today(folder, visit, tmp_path):
    earlier = tmp_path / "paquete.zip"
    publish_next_version(visit)
    page = visit("/guias/paquete/")
    wait_for_files(page)
    fits(page)
    page.get_by_label("El ZIP de su paquete").set_input_files(earlier)
    renewed = download(page, BRING, tmp_path / "nuevo.zip")
    assert renewed.read_bytes() == today(page) != earlier.read_bytes()
    said = page.get_by_role("status").inner_text()
    found = re.search(r"bajaron (\d+)\sKB de 1,\d\sMB", said)
    assert found and int(found[1]) <= 0.05 * len(renewed.read_bytes()) / 1024, said
    assert Axe().run(page, options={"preload": False}).violations_count == 0
    again = download_link(page, "Guardarlo otra vez", tmp_path / "otra.zip")
    assert again.read_bytes() == renewed.read_bytes()
    page.get_by_label("El ZIP de su paquete").set_input_files(renewed)
    page.get_by_role("button", name=BRING).click()
    page.get_by_role("status").get_by_text("lo que usted tiene sigue vigente").wait_for()


@in_browser
def test_its_folder_does_as_well_and_what_is_damaged_in_it_is_mended(folder, visit, tmp_path):
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    pdf, page_of_guide, index = (file["archivo"] for file in told["archivos"][:3])
    (folder / pdf).unlink()
    content = bytearray((folder / index).read_bytes())
    content[100:104] = b"ajeno"[:4]
    (folder / index).write_bytes(content)
    (folder / "LEEME.txt").write_bytes(b"corto")
    (folder / page_of_guide).write_bytes((folder / page_of_guide).read_bytes() + b" ")
    page = visit("/guias/paquete/")
    page.get_by_label("O la carpeta donde lo abrió").set_input_files(folder)
    renewed = download(page, BRING, tmp_path / "nuevo.zip")
    assert renewed.read_bytes() == today(page)
    expect(page.get_by_role("status")).to_contain_text("en el nuevo están bien")


def packed(folder: Path, file: Path, how: int, **changed: bytes) -> Path:
    """A ZIP of ``folder`` that some program made."""
    with zipfile.ZipFile(file, "w", how) as target:
        for path in sorted(folder.rglob("*.*")):
            name = path.relative_to(folder).as_posix()
            target.writestr(f"paquete/{name}", changed.get(path.stem, path.read_bytes()))
    return file


def never() -> IO[bytes]:
    raise AssertionError("a hole")


@in_browser
def test_a_package_of_more_than_four_gigabytes_is_read_without_reading_it(visit, tmp_path):
    """The file has holes where its PDF files would be: they take no room, and nothing reads them."""
    told = [Part("a.pdf", 5 * 1024**3, 7, never), Part.of(".json", b"{}"), Part("b.pdf", 10, 8, never)]
    zipped = StoredZip(told)
    with (tmp_path / "x.zip").open("wb") as target:
        target.truncate(zipped.size)
        for segment in zipped.segments:
            if not segment.name.endswith("pdf"):
                target.seek(segment.start)
                target.write(segment.open().read())
    page = visit("/guias/paquete/")
    page.set_input_files("input[name=manifest]", tmp_path / "x.zip")
    found = page.evaluate(
        """async () => {
          const found = await PaqueteZip.files(document.querySelector("input[name=manifest]").files[0]);
          return found.map(({ path, begin, crc, content }) => [path, begin, content.size, crc]);
        }"""
    )
    starts = {segment.name: segment.start for segment in zipped.segments}
    assert found == [[one.name, starts[one.name], one.size, one.crc] for one in told]


@in_browser
def test_what_is_no_earlier_package_gets_a_sentence_and_nothing_is_saved(folder, visit, tmp_path):
    whole = (tmp_path / "paquete.zip").read_bytes()
    (tmp_path / "nada.zip").write_bytes(b"")
    (tmp_path / "texto.zip").write_bytes(b"no es un ZIP" * 100)
    (tmp_path / "cortado.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "sin-principio.zip").write_bytes(whole[len(whole) // 2 :])
    packed(folder, tmp_path / "comprimido.zip", zipfile.ZIP_DEFLATED)
    foreign = (folder / "manifest.json").read_bytes().replace(b'"sitio":"http', b'"sitio":"https://x.example')
    packed(folder, tmp_path / "ajeno.zip", zipfile.ZIP_STORED, manifest=foreign)
    packed(folder, tmp_path / "roto.zip", zipfile.ZIP_STORED, manifest=b"{")
    with zipfile.ZipFile(tmp_path / "otra-cosa.zip", "w") as other:
        other.writestr("fotos/1.jpg", b"x")
    with zipfile.ZipFile(tmp_path / "cambios.zip", "w") as other:
        other.write(folder / "manifest.json", "manifest.json")
    page, saved = visit("/guias/paquete/"), []
    page.on("download", lambda one: saved.append(one))
    page.get_by_role("button", name=BRING).click()
    page.get_by_role("status").get_by_text("Escoja primero el ZIP").wait_for()
    for words, names in {
        "no es un paquete": ("nada", "texto", "otra-cosa", "roto"),
        "no está completo": ("cortado", "sin-principio"),
        "lo armó otro programa": ("comprimido",),
        "es de otro sitio": ("ajeno",),
        "más de la mitad": ("cambios",),
    }.items():
        for name in names:
            page.get_by_label("El ZIP de su paquete").set_input_files(tmp_path / f"{name}.zip")
            page.get_by_role("button", name=BRING).click()
            page.get_by_role("status").get_by_text(words).wait_for()
    assert saved == []


@in_browser
def test_a_manifest_that_lies_does_no_harm(folder, visit, tmp_path):
    """It says of a file that it is as it is today, and it is not: that file comes again."""
    old = json.loads((folder / "manifest.json").read_text("utf-8"))
    pdf = next(file["archivo"] for file in old["archivos"] if file["archivo"].endswith(".pdf"))
    content = (folder / pdf).read_bytes()
    (folder / pdf).write_bytes(bytes(len(content)))
    lying = packed(folder, tmp_path / "miente.zip", zipfile.ZIP_STORED, sigue=b"")
    page = visit("/guias/paquete/")
    publish_next_version(visit)
    wait_for_files(page)
    page.get_by_label("El ZIP de su paquete").set_input_files(lying)
    renewed = download(page, BRING, tmp_path / "nuevo.zip")
    assert renewed.read_bytes() == today(page)
    expect(page.get_by_role("status")).to_contain_text("o estaban dañados: en el nuevo están bien")


@in_browser
def test_a_connection_that_breaks_off_is_told_and_tried_again(folder, visit, way, chromium, tmp_path):
    publish_next_version(visit)
    page = new_page(chromium, way.url, [], phone=way.phone)
    page.goto("/guias/paquete/")
    wait_for_files(page)
    page.get_by_label("El ZIP de su paquete").set_input_files(tmp_path / "paquete.zip")
    page.route("**/guias/paquete/al-dia/", lambda route: route.abort())
    page.get_by_role("button", name=BRING).click()
    page.get_by_role("status").get_by_text("Se cortó la conexión").wait_for()
    page.unroute("**/guias/paquete/al-dia/")
    assert download(page, BRING, tmp_path / "nuevo.zip").read_bytes() == today(page)
    page.context.close()


class BreakingLine:
    """A way to the portal that breaks the first time that what is missing is under way."""

    def __init__(self, portal: str) -> None:
        self._portal = urlsplit(portal)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.passed: list[int] = []
        """Bytes of each answer with what is missing."""
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self._socket.accept()
                there = socket.create_connection((self._portal.hostname, self._portal.port))
                renewing = threading.Event()
                for source, target, watch in ((here, there, self._asked), (there, here, self._answered)):
                    threading.Thread(target=watch, args=(source, target, renewing), daemon=True).start()

    def _asked(self, source: socket.socket, target: socket.socket, renewing: threading.Event) -> None:
        with suppress(OSError), target:
            while content := source.recv(65536):
                if content.startswith(b"POST /guias/paquete/al-dia/"):
                    self.passed.append(0)
                    renewing.set()
                target.sendall(content)

    def _answered(self, source: socket.socket, target: socket.socket, renewing: threading.Event) -> None:
        with suppress(OSError), target:
            while content := source.recv(4096):
                if renewing.is_set():
                    self.passed[-1] += len(content)
                target.sendall(content)
                if len(self.passed) == 1 and self.passed[0] > 24_000:
                    time.sleep(3)  # the browser forgets what its page has not taken when the line breaks
                    break
            target.shutdown(socket.SHUT_RDWR)
            source.shutdown(socket.SHUT_RDWR)


@in_browser
def test_what_came_before_the_line_broke_does_not_come_again(folder, visit, way, chromium, tmp_path):
    publish_next_version(visit)
    line = BreakingLine(way.url)
    page = new_page(chromium, line.url, [], phone=way.phone)
    page.goto("/guias/paquete/")
    wait_for_files(page)
    page.get_by_label("El ZIP de su paquete").set_input_files(tmp_path / "paquete.zip")
    assert download(page, BRING, tmp_path / "nuevo.zip").read_bytes() == today(page)
    first, *rest = line.passed  # mostly one more; a busy machine may break the line by itself
    assert rest
    page.get_by_label("El ZIP de su paquete").set_input_files(tmp_path / "paquete.zip")
    download(page, BRING, tmp_path / "otra-vez.zip")
    whole = line.passed[-1]
    assert 24_000 < first < whole and sum(rest) < whole - 10_000, line.passed
    page.context.close()
    line.close()


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
