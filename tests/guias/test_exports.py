"""The files, opened with readers that are not ours."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import itertools
import re
import zlib
from typing import Any

import docx
import mammoth
import pypdfium2
import pytest
import time_machine
from django.conf import settings
from docx.oxml.ns import qn
from wagtail_factories import DocumentFactory, ImageFactory

from guias import exports
from guias.blocks import ContentBlock
from guias.enums import Failure, Format, RenditionState
from guias.exports.docx import WRITERS
from guias.models import Rendition, Version
from guias.tasks import make_files, make_pictures
from nucleo.paper import fetcher
from nucleo.templatetags.telar import fecha
from tests.factories.guias import GuideFactory, block, chapter, every_block, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return Version.objects.select_related("guide").get(
        pk=published(guide=GuideFactory(title="Orientación", is_demo=True)).pk
    )


def unpacked(content: bytes) -> bytes:
    """All streams of a PDF, inflated where they are deflated."""
    found = b""
    for piece in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found += zlib.decompress(piece)
    return found + content


def test_every_kind_of_block_can_be_written_in_word() -> None:
    assert set(WRITERS) == set(ContentBlock.base_blocks)


def test_the_pdf_has_its_chapters_bookmarks_and_version(version: Version) -> None:
    content = exports.make(version, Format.PDF)
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    for words in (
        "Recibir y escuchar",
        "Cerrar y dejar constancia",
        "Preguntas frecuentes",
        "Orientación, versión 1",
    ):
        assert words in text
    assert "Cédula guardada como CC_#" in text
    assert f"/v{version.number}/" in text
    titles = [mark.get_title() for mark in document.get_toc()]
    assert "2. Cerrar y dejar constancia" in titles
    assert document.is_tagged()
    assert b"pdfuaid" in unpacked(content)
    assert "Página 1 de" in text.replace("\r\n", " ")


def test_the_pdf_fetches_nothing_from_outside() -> None:
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "https://x.example/a.png"):
        with pytest.raises(ValueError, match="disallowed"):
            fetcher().fetch(url)


def test_word_has_real_headings_lists_and_tables(version: Version) -> None:
    document = docx.Document(io.BytesIO(exports.make(version, Format.DOCX)))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["1. Recibir y escuchar", "2. Cerrar y dejar constancia", "3. Preguntas frecuentes"]
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["Orientación"]
    assert any(p.style.name == "List Bullet" and p.text == "Primera razón" for p in document.paragraphs)
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Documento", "Sigla"]
    assert document.core_properties.language == "es-CO"
    assert "versión 1" in document.sections[0].footer.tables[0].cell(0, 0).text


def test_a_reader_that_is_not_the_writer_finds_all_of_it_in_the_word_file(version: Version) -> None:
    """mammoth shares no line with python-docx, which wrote it: headings, lists and tables are real ones."""
    read = mammoth.convert_to_html(io.BytesIO(exports.make(version, Format.DOCX)))
    html = read.value
    names = re.findall(r"<h1>(.*?)</h1>", html)
    assert [re.sub(r"<.*?>", "", name) for name in names if "Orientación" not in name] == [
        "1. Recibir y escuchar",
        "2. Cerrar y dejar constancia",
        "3. Preguntas frecuentes",
    ]
    assert "<li>Primera razón</li>" in html and "<strong>decisión</strong>" in html
    assert re.search(r"<t[hd]>(<p>)?(<strong>)?Documento", html) and "Cierre de la orientación" in html
    words = re.sub(r"<.*?>", " ", html)
    missing = [
        text
        for chapter in version.chapters
        for paragraph in chapter.paragraphs
        for text in re.findall(r"\w+", paragraph)
        if text not in words
    ]
    assert missing == []
    assert not [message for message in read.messages if message.type == "error"]


def test_a_checklist_in_word_is_ticked_with_a_press(version: Version) -> None:
    content = exports.make(version, Format.DOCX)
    body = docx.Document(io.BytesIO(content)).element.body
    boxes = body.xpath(".//w:sdt[w:sdtPr/*[local-name()='checkbox']]")
    assert len(boxes) == 3 and len(set(body.xpath(".//w:sdt/w:sdtPr/w:id/@w:val"))) == 3
    for box in boxes:
        text = "".join(box.getparent().xpath("./w:r/w:t/text()"))
        assert box.find(f".//{qn('w:alias')}").get(qn("w:val")) == text
        assert "".join(one.text for one in box.iter(qn("w:t"))) == "☐", "for who has no such control"
        assert box.xpath(".//*[local-name()='checked']/@*[local-name()='val']") == ["0"]
    html = mammoth.convert_to_html(io.BytesIO(content)).value
    assert re.findall(r'<p><input type="checkbox" ?/>\s*(\w+)', html) == ["Cédula", "Acta", "Acta"]


def test_a_list_inside_a_list_is_one_in_word_too() -> None:
    prose = "<ol><li>Uno<ul><li>Dentro<ol><li>Más</li></ol></li></ul></li><li>Dos</li></ol>"
    document = docx.Document(
        io.BytesIO(exports.make(published(body=[chapter("A", "a", block("text", prose))]), Format.DOCX))
    )
    found = {p.text: p.style.name for p in document.paragraphs}
    assert [found[text] for text in ("Uno", "Dentro", "Más", "Dos")] == [
        "List Number",
        "List Bullet 2",
        "List Number 3",
        "List Number",
    ]


def test_word_navigates_by_headings_that_skip_no_level() -> None:
    body = [chapter("Uno", "uno", *every_block()[2:]), chapter("Dos", "dos", *every_block())]
    document = docx.Document(io.BytesIO(exports.make(published(body=body), Format.DOCX)))
    found = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    levels = [int(name[-1]) for name in found]
    inside = levels[found.index("Heading 1") :]
    assert all(after <= before + 1 for before, after in itertools.pairwise(inside)), inside


def test_word_has_what_word_itself_would_write(version: Version) -> None:
    document = docx.Document(io.BytesIO(exports.make(version, Format.DOCX)))
    properties = document.core_properties
    assert (properties.title, properties.version, properties.author) == ("Orientación", "1", "Red Cemprende")
    assert "/guias/" in properties.comments and properties.comments.endswith("/v1/")
    assert properties.modified.date() == version.published_on
    (table,) = [table for table in document.tables if table.cell(0, 0).text == "Documento"]
    assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows] == [True, False, False]
    numbering = document.part.numbering_part.element
    kinds = {
        num.get(qn("w:abstractNumId")): num.find(qn("w:lvl")).find(qn("w:numFmt")).get(qn("w:val"))
        for num in numbering.xpath("./w:abstractNum")
    }
    formats = set()
    for paragraph in document.paragraphs:
        if paragraph.style.name in {"List Number", "List Bullet"}:
            own = paragraph._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
            number = own or paragraph.style.element.xpath("./w:pPr/w:numPr/w:numId/@w:val")
            (kind,) = numbering.xpath(f"./w:num[@w:numId='{number[0]}']/w:abstractNumId/@w:val")
            formats.add((paragraph.style.name, kinds[kind]))
    assert formats == {("List Number", "decimal"), ("List Bullet", "bullet")}
    assert document.styles["Normal"].element.xpath("./w:rPr/w:lang/@w:val") == ["es-CO"]


def test_each_numbered_list_in_word_begins_at_one(version: Version) -> None:
    document = docx.Document(io.BytesIO(exports.make(version, Format.DOCX)))
    numbers = {
        p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name == "List Number" and p._p.pPr is not None and p._p.pPr.numPr is not None
    }
    assert len(numbers) >= 4


def test_links_in_word_are_links() -> None:
    body = [chapter("Uno", "uno", block("text", '<p>Vea <a href="https://red.example/x">esto</a> ya.</p>'))]
    document = docx.Document(io.BytesIO(exports.make(published(body=body), Format.DOCX)))
    (paragraph,) = [p for p in document.paragraphs if p.text == "Vea esto ya."]
    assert [link.address for link in paragraph.hyperlinks] == ["https://red.example/x"]


def test_links_to_the_site_work_inside_a_file() -> None:
    prose = (
        '<p>Vea <a href="/guias/orientacion/dos/">dos</a>, <a href="/redip/">redes</a> y '
        '<a href="https://red.example/x">esto</a>.</p>'
    )
    aside = block("callout", {"tone": "info", "title": "", "text": '<p><a href="/ayuda/">Ayuda</a></p>'})
    body = [chapter("Uno", "uno", block("text", prose), aside), chapter("Dos", "dos", block("text", "x"))]
    version = published(guide=GuideFactory(slug="orientacion"), body=body)
    html = exports.make(version, Format.HTML).decode()
    for link in ("#dos", f"{settings.ORIGIN}/redip/", f"{settings.ORIGIN}/ayuda/", "https://red.example/x"):
        assert f'href="{link}"' in html
    assert 'id="dos"' in html and 'href="/' not in html


def test_the_single_page_asks_for_nothing_else(version: Version) -> None:
    html = exports.make(version, Format.HTML).decode()
    assert "Cerrar y dejar constancia" in html
    for inside in (
        "ersión 1",
        fecha(version.published_on),
        f"{settings.ORIGIN}/guias/{version.guide.slug}/v1/",
    ):
        assert inside in html
    for outside in ("<script", "<link", 'src="/', 'src="http', "url(/", "@import"):
        assert outside not in html


@pytest.mark.parametrize("form", [Format.DOCX, Format.HTML, Format.PDF])
def test_same_content_gives_same_bytes(form: str, version: Version) -> None:
    first = hashlib.sha256(exports.make(version, form)).hexdigest()
    with time_machine.travel("2031-05-04 03:02"):
        second = hashlib.sha256(exports.make(version, form)).hexdigest()
    assert first == second


@pytest.mark.parametrize("form", [Format.DOCX, Format.HTML, Format.PDF])
def test_text_that_bites_is_harmless_in_files(form: str) -> None:
    nasty = '<img src=x onerror=alert(1)> "}; } </style> & 😀 `a`'
    body = [
        chapter(
            nasty[:90], "uno", block("heading", nasty), block("text", f"<p>{nasty}</p><script>x</script>")
        )
    ]
    content = exports.make(published(guide=GuideFactory(title=nasty), body=body), form)
    if form == Format.HTML:
        html = content.decode()
        assert "<script" not in html
        assert "<img src=x" not in html
    assert len(content) > 1000


def test_the_task_makes_all_files_once(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published()
    make_files.call(version.pk)
    ready = Rendition.objects.filter(version=version, state=RenditionState.READY)
    assert ready.count() == 4
    pdf = ready.get(format=Format.PDF)
    with pdf.file.open("rb") as file:
        content = file.read()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (pdf.sha256, pdf.size)
    made_at = pdf.made_at
    make_files.call(version.pk)
    pdf.refresh_from_db()
    assert pdf.made_at == made_at


def test_a_file_that_cannot_be_made_is_told_and_the_others_are(
    settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published()
    monkeypatch.setattr(exports.pdf, "make", lambda version: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_files.call(version.pk)
    states = dict(Rendition.objects.filter(version=version).values_list("format", "state"))
    assert states == {"pdf": "fallida", "docx": "lista", "html": "lista", "js": "lista"}
    failed = Rendition.objects.get(version=version, format="pdf")
    assert ("ZeroDivisionError" in failed.error, failed.failure) == (True, Failure.OTHER)


def test_a_picture_and_a_file_go_everywhere(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    image = ImageFactory(title="mapa")
    document = DocumentFactory(title="Acta de compromiso")
    figure = {"image": image.pk, "alt": "Un mapa de rutas", "caption": "El mapa"}
    body = [
        chapter("Uno", "uno", block("figure", figure), block("file", {"document": document.pk, "title": ""})),
        chapter("Dos", "dos"),
    ]
    version = published(guide=GuideFactory(slug="guia"), body=body)
    make_pictures.call(version.pk)
    page = client.get("/guias/guia/uno/").content.decode()
    assert 'alt="Un mapa de rutas"' in page
    assert document.url in page
    version = Version.objects.get(pk=version.pk)
    assert '<source type="image/webp" srcset="/media/images/' in page
    html = exports.make(version, Format.HTML).decode()
    assert 'src="data:image/' in html and "srcset" not in html
    assert settings.ORIGIN + document.url in html
    assert len(exports.make(version, Format.PDF)) > 1000
    word = docx.Document(io.BytesIO(exports.make(version, Format.DOCX)))
    (picture,) = word.inline_shapes
    assert picture._inline.docPr.get("descr") == "Un mapa de rutas"
    assert any(document.url in p.text for p in word.paragraphs)
    gc.collect()  # Wagtail leaves a temporary file open for each size of a picture
