"""The PDF, taken apart by readers that are not ours: pikepdf, PDFium and veraPDF."""

from __future__ import annotations

import io
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from wagtail.images.models import Image
from wagtail_factories import ImageFactory

from guias import exports
from guias.enums import Format
from guias.models import Erratum, Version
from tests.conftest import unavailable
from tests.factories.guias import GuideFactory, block, chapter, every_block, items, published, three_chapters

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def version(media: Path) -> Version:
    """A guide with every kind of block, some right under the title of their chapter."""
    seen = {"image": ImageFactory(title="mapa").pk, "alt": "Un mapa de rutas", "caption": "El mapa"}
    lost = {"image": ImageFactory(title="perdida").pk, "alt": "Una foto perdida", "caption": ""}
    Path(Image.objects.get(pk=lost["image"]).file.path).unlink()
    figures = [block("figure", seen), block("figure", lost)]
    nested = "<h3>Aparte</h3><ol><li>Uno<ul><li>Dentro</li></ul></li><li>Dos</li></ol><h4>Más</h4><p>Fin.</p>"
    steps = {"title": "En orden", "items": items(*({"title": f"Paso {n}", "text": "Así."} for n in range(9)))}
    table = "Documento | Sigla\n" + "\n".join(f"Documento {n} | D{n}" for n in range(60))
    body = [
        *three_chapters(),
        chapter("Sin subtítulos", "sin", *every_block()[2:], block("text", nested), *figures),
        chapter("Largo", "largo", block("steps", steps), block("table", {"caption": "Todos", "text": table})),
    ]
    guide = GuideFactory(slug="orientacion", title="Orientación «uno & dos»", is_demo=True)
    made = published(guide=guide, body=json.dumps(body))
    Erratum.objects.create(version=made, chapter="recibir", said="Reciba", meant="Salude y reciba")
    return Version.objects.select_related("guide").get(pk=made.pk)


@pytest.fixture
def content(version: Version) -> bytes:
    return exports.make(version, Format.PDF)


def elements(node: Any) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def test_a_screen_reader_finds_structure_language_and_title(version: Version, content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "es-CO"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        found = list(elements(root.StructTreeRoot.K))
        kinds = Counter(str(one.S) for one in found)
        assert kinds["/H1"] == 1 + len(version.chapters)
        assert kinds["/Table"] >= 3 and kinds["/TH"] and kinds["/L"] and kinds["/LBody"] and kinds["/Link"]
        levels = [int(str(one.S)[2]) for one in found if str(one.S)[:2] == "/H" and str(one.S)[2:].isdigit()]
        assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), levels
        said = [str(one.Alt) for one in found if str(one.S) == "/Figure"]
        assert "Un mapa de rutas" in said and all(said)
        assert all(not {"/Div", "/NonStruct"} & set(kids(one)) for one in found if str(one.S) == "/LI")


def kids(node: Any) -> list[str]:
    below = node.K if isinstance(node.K, pikepdf.Array) else [node.K]
    return [str(kid.S) for kid in below if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def test_version_date_and_address_are_inside(version: Version, content: bytes) -> None:
    address = f"{settings.ORIGIN}/guias/orientacion/v1/"
    with pikepdf.open(io.BytesIO(content)) as document:
        info = document.docinfo
        assert str(info["/Title"]) == "Orientación «uno & dos» · Versión 1"
        assert str(info["/Author"]) == "Red Cemprende"
        assert "versión 1" in str(info["/Keywords"]) and address in str(info["/Keywords"])
        assert str(info["/CreationDate"]).startswith(f"D:{version.published_on:%Y%m%d}")
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        links = {
            str(a.A.URI)
            for page in document.pages
            for a in page.get("/Annots", [])
            if "/URI" in a.get("/A", {})
        }
        assert address in links


def test_contents_and_bookmarks_lead_to_their_pages(version: Version, content: bytes) -> None:
    paper = pypdfium2.PdfDocument(content)
    marks = {mark.get_title(): mark.get_dest().get_index() for mark in paper.get_toc()}
    first = paper[0].get_textpage().get_text_bounded()
    for one in version.chapters:
        name = f"{one.number}. {one.title}"
        page = marks[name]
        assert name in paper[page].get_textpage().get_text_bounded()
        (line,) = [line for line in first.splitlines() if one.title in line and line.rstrip()[-1].isdigit()]
        assert line.rstrip().rpartition(" ")[2].strip(".") == str(page + 1)


def test_every_font_is_inside(content: bytes) -> None:
    found = set()
    with pikepdf.open(io.BytesIO(content)) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in one or "/FontFile3" in one
                found.add(str(one.FontName).partition("+")[2])
    assert {"Ancizar-Sans", "Ancizar-Sans-Bold"} <= found


def test_the_head_of_a_long_table_stands_on_each_of_its_pages(content: bytes) -> None:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    long = [text for text in pages if "D59" in text or "D40" in text or "D5\r" in text]
    assert len(long) >= 2
    assert all("Documento Sigla" in text.replace("\r\n", " ") for text in long)


@pytest.mark.slow
def test_the_reference_checker_finds_nothing(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "guia.pdf"
    file.write_bytes(content)
    done = subprocess.run([ROOT / "bin" / "verapdf", file], capture_output=True, text=True, timeout=280)
    if done.returncode == 3:
        unavailable(f"veraPDF cannot be had here: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stdout + done.stderr
