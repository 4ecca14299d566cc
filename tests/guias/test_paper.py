"""Paper that knows whether it still holds: its codes, on every page, and what they open."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import docx
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test.utils import CaptureQueriesContext
from PIL import Image

from guias import exports
from guias.actions.paper import give_codes
from guias.actions.versions import publish_version
from guias.enums import Format
from guias.models import Erratum, Guide, PaperCode, Version
from guias.models.paper import LENGTH, LETTERS, drawn
from nucleo import qr
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published, three_chapters

pytestmark = pytest.mark.django_db
DPI = 150
LIMIT = 5_000
"""Bytes of the whole answer, its headers too, before any compression."""


@pytest.fixture(autouse=True)
def _cold() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def first() -> Version:
    return published(guide=GuideFactory(slug="orientacion", title="Orientación"))


def text(words: str) -> dict[str, Any]:
    return block("text", f"<p>{words}</p>")


def after(first: Version, *chapters: dict[str, Any], **fields: Any) -> Version:
    body = json.dumps(list(chapters))
    return publish_version(version=VersionFactory(guide=first.guide, number=2, body=body, **fields))


def codes(version: Version) -> dict[str, str]:
    return {slug: code.code for slug, code in give_codes(version=version).items()}


def weight(response: Any) -> int:
    head = sum(len(f"{name}: {value}\r\n") for name, value in response.items())
    return len(f"HTTP/1.1 {response.status_code} OK\r\n\r\n") + head + len(response.content)


def read(picture: Image.Image) -> Any:
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.ec_level in "MQH"
    return found


# The codes


def test_each_chapter_and_the_cover_have_a_code_that_stays(first: Version) -> None:
    found = codes(first)
    assert list(found) == ["", "recibir", "cerrar", "preguntas"]
    assert len(set(found.values())) == 4
    for code in found.values():
        assert len(code) == LENGTH
        assert set(code) <= set(LETTERS)
    assert codes(first) == found
    PaperCode.objects.all().delete()
    assert codes(Version.objects.get(pk=first.pk)) == found


def test_no_letter_is_taken_for_another() -> None:
    assert not set("0O1ILBGSZUAE") & set(LETTERS)


def test_two_chapters_that_draw_the_same_code_do_not_share_it(first: Version) -> None:
    other = published(guide=GuideFactory(slug="otra"))
    taken = drawn("orientacion", 1, "cerrar")
    PaperCode.objects.create(code=taken, version=other, chapter="lejos")
    found = codes(first)
    assert found["cerrar"] == drawn("orientacion", 1, "cerrar", 1) != taken
    assert codes(first) == found


# On paper


def test_every_page_of_the_pdf_carries_the_code_of_its_chapter(first: Version) -> None:
    long = [text("Una frase que se repite hasta llenar varias hojas. " * 12) for _ in range(12)]
    body = json.dumps([*three_chapters(), chapter("Uno largo", "largo", *long)])
    version = publish_version(version=VersionFactory(guide=first.guide, number=2, body=body))
    titles = {f"{one.number}. {one.title}": one.slug for one in version.chapters}
    paper = pypdfium2.PdfDocument(exports.make(version, Format.PDF))
    known, seen = codes(version), []
    for sheet in paper:
        code = read(sheet.render(scale=DPI / 72, grayscale=True).to_pil())
        words = sheet.get_textpage().get_text_bounded().replace("\r\n", " ")
        slug = next((slug for title, slug in titles.items() if f"versión 2 · {title}" in words), "")
        assert code.text == f"{settings.ORIGIN}/q/{known[slug]}"
        assert f"/q/{known[slug]}" in words
        side = (code.position.top_right.x - code.position.top_left.x) / DPI * 25.4
        assert side >= 15
        seen.append(slug)
    assert set(seen) == set(known)
    assert seen.count("largo") >= 2


def test_a_code_weighs_little_in_the_pdf_and_stays_sharp(first: Version) -> None:
    with pikepdf.open(io.BytesIO(exports.make(first, Format.PDF))) as paper:
        drawn = [image for page in paper.pages for image in page.get_images().values()]
    assert len(drawn) >= len(codes(first))
    for image in drawn:
        assert image["/ColorSpace"] == "/DeviceGray"
        assert image["/Interpolate"] is False
        assert int(image["/Length"]) < 500


def test_each_chapter_in_word_is_a_section_with_its_code_below(first: Version) -> None:
    word = docx.Document(io.BytesIO(exports.make(first, Format.DOCX)))
    known = codes(first)
    assert len(word.sections) == len(known)
    assert not word.settings.odd_and_even_pages_header_footer
    for section, code in zip(word.sections, known.values(), strict=True):
        assert not section.different_first_page_header_footer, "no page has another foot than this one"
        foot = section.footer
        assert not foot.is_linked_to_previous
        (blip,) = foot._element.xpath(".//a:blip")
        (drawing,) = foot._element.xpath(".//wp:docPr")
        (extent,) = foot._element.xpath(".//wp:extent")
        address = f"{settings.ORIGIN}/q/{code}"
        picture = foot.part.related_parts[blip.embed].blob
        assert read(Image.open(io.BytesIO(picture))).text == address
        assert int(extent.get("cx")) / 36000 * qr.inked(address) >= 15
        assert code in drawing.get("descr")
        said = "\n".join(p.text for p in foot.tables[0].cell(0, 0).paragraphs)
        assert f"/q/{code}" in said and "Orientación, versión 1" in said
        fields = foot._element.xpath(".//w:fldSimple/@w:instr")
        assert fields == ["PAGE", "NUMPAGES"]


# What they open


def test_a_paper_of_the_version_in_force_holds(client: Any, first: Version) -> None:
    response = client.get(f"/q/{codes(first)['cerrar']}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "✓ Vigente" in page and "2. Cerrar y dejar constancia" in page
    assert 'href="/guias/orientacion/cerrar/"' in page
    assert weight(response) < LIMIT
    assert not response.cookies


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: f"{code[:3]}-{code[3:]}", lambda code: f" {code} "]
)
@pytest.mark.parametrize("path", ["/q/{}", "/q/{}/", "/Q/{}"])
def test_a_code_is_known_however_it_is_typed(client: Any, first: Version, path: str, change: Any) -> None:
    assert client.get(path.format(change(codes(first)["recibir"]))).status_code == 200


def test_what_was_found_wrong_since_it_was_printed_is_said(client: Any, first: Version) -> None:
    for n in range(3):
        wrong, right = f"{n} " + "mal " * 70, f"{n} " + "bien " * 55
        Erratum.objects.create(version=first, chapter="cerrar", said=wrong, meant=right)
    response = client.get(f"/q/{codes(first)['cerrar']}")
    page = response.content.decode()
    assert "Corrija a mano en su hoja" in page and page.count("Donde dice") == 2
    assert weight(response) < LIMIT
    assert "Corrija" not in client.get(f"/q/{codes(first)['recibir']}").content.decode()


def test_what_changed_in_the_chapter_is_said(client: Any, first: Version) -> None:
    old = codes(first)
    after(
        first,
        chapter("Recibir y escuchar", "recibir", text("Reciba con calma a la persona.")),
        chapter("Cerrar", "cerrar", text("Todo nuevo.")),
        chapter("Preguntas frecuentes", "preguntas", text("¿Y si vuelve?")),
        changes="Cambió cómo se recibe.",
    )
    page = client.get(f"/q/{old['recibir']}").content.decode()
    assert "Hay una versión nueva" in page and "En este capítulo cambió" in page
    assert re.search(r"<ins><span class=\"hide\">\[se agrega\] </span> ?con calma ?</ins>", page)
    assert 'href="/guias/orientacion/cambios/1..2/#c-recibir"' in page
    same = client.get(f"/q/{old['preguntas']}").content.decode()
    assert "Este capítulo no cambió" in same and "<ins>" not in same
    renamed = client.get(f"/q/{old['cerrar']}").content.decode()
    assert "Ahora se llama" in renamed and "cambios más" in renamed
    cover = client.get(f"/q/{old['']}").content.decode()
    assert "Cambió cómo se recibe." in cover


def test_a_chapter_that_moved_says_so_whether_it_changed_or_not(client: Any, first: Version) -> None:
    old, (one, two, three) = codes(first), three_chapters()
    three["value"]["blocks"] = [text("¿Y si vuelve mañana?")]
    after(first, three, one, two)
    page = client.get(f"/q/{old['preguntas']}").content.decode()
    assert "En este capítulo cambió" in page and "Está en otro lugar de la guía." in page
    assert "otro lugar" not in client.get(f"/q/{old['cerrar']}").content.decode()


def test_a_chapter_with_another_address_is_known_by_its_paper(client: Any, first: Version) -> None:
    old, body = codes(first), three_chapters()
    body[0]["value"]["slug"] = "recepcion"
    body[2]["value"] |= {"slug": "dudas", "title": "Dudas"}
    after(first, *body)
    same = client.get(f"/q/{old['recibir']}").content.decode()
    assert "Este capítulo no cambió" in same and 'href="/guias/orientacion/recepcion/"' in same
    renamed = client.get(f"/q/{old['preguntas']}").content.decode()
    assert "Ahora se llama" in renamed and 'href="/guias/orientacion/dudas/"' in renamed
    assert "/cambios/1..2/#c-dudas" in renamed


def test_a_chapter_that_is_gone_is_said(client: Any, first: Version) -> None:
    old = codes(first)
    after(first, chapter("Recibir", "recibir", text("x")))
    page = client.get(f"/q/{old['cerrar']}").content.decode()
    assert "Este capítulo ya no está en ella" in page
    assert "/guias/orientacion/cerrar/" not in page


def test_a_retired_guide_is_not_to_be_used(client: Any, first: Version) -> None:
    code = codes(first)["cerrar"]
    Guide.objects.update(state="retirada")
    response = client.get(f"/q/{code}")
    assert "Ya no se usa" in response.content.decode()
    assert weight(response) < LIMIT


def test_a_guide_in_reserve_is_not_told_from_a_code_that_is_none(client: Any, first: Version) -> None:
    code = codes(first)["cerrar"]
    Guide.objects.update(is_public=False)
    hidden, none = client.get(f"/q/{code}"), client.get("/q/2222222")
    assert hidden.status_code == none.status_code == 404
    assert hidden.content.decode().replace(code, "2222222") == none.content.decode()
    assert "No conocemos este código" in none.content.decode()
    assert 'href="/buscar/?tipo=guia"' in none.content.decode()
    assert weight(none) < LIMIT


@pytest.mark.parametrize("typed", ["<script>", "%00", "ñ" * 64, "..", "🧵"])
def test_nonsense_is_a_plain_page(client: Any, typed: str) -> None:
    response = client.get(f"/q/{typed}")
    assert response.status_code == 404
    assert b"<script" not in response.content


def test_a_code_is_typed_by_hand(client: Any, first: Version) -> None:
    code = codes(first)["cerrar"]
    assert "Código de la hoja" in client.get("/q/").content.decode()
    response = client.get("/q/", {"codigo": f" {code.lower()} "}, follow=True)
    assert response.status_code == 200
    assert "Vigente" in response.content.decode()
    assert client.get("/q/", {"codigo": "  "}).status_code == 200
    assert 'href="/q/"' in client.get("/guias/").content.decode()


def test_the_longest_answer_is_small(client: Any) -> None:
    word = "ñandú áéíóú "
    many = [text(f"Era {n} " + word * 40) for n in range(9)]
    guide = GuideFactory(slug="g" * 100, title=("Título " * 23)[:160])
    first = published(guide=guide, body=json.dumps([chapter("C" * 120, "c" * 80, *many)]))
    others = [text(f"Es {n} " + word.upper() * 40) for n in range(9)]
    after(first, chapter("D" * 120, "c" * 80, *others))
    response = client.get(f"/q/{codes(first)['c' * 80]}")
    assert "cambios más" in response.content.decode()
    assert weight(response) < LIMIT


def test_only_its_own_style_gets_through(client: Any, first: Version) -> None:
    response = client.get(f"/q/{codes(first)['']}")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "sha256-" in policy
    page = response.content.decode()
    assert "<script" not in page and "<link" not in page and "style=" not in page and "src=" not in page


def test_few_questions_are_asked_of_the_database(client: Any, first: Version) -> None:
    from django.db import connection

    old = codes(first)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/q/{old['recibir']}").status_code == 200
        return len(queries)

    assert asked() == 2
    after(first, chapter("Recibir", "recibir", text("x")))
    assert [asked(), asked()] == [3, 2]
