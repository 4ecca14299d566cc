"""Official Word files as readers get them: a code in every foot, and the rest as it was."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
import zxingcpp
from PIL import Image

from guias.models import OfficialFile, Rendition, Version
from guias.tasks import make_files
from tests.factories.guias import GuideFactory, published
from tests.factories.official import code_of, issue, taken, word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def version() -> Version:
    found = published(guide=GuideFactory(slug="orientacion", title="Orientación"))
    Rendition.objects.filter(version=found).exclude(format="docx").delete()
    return Version.objects.select_related("guide").get(pk=found.pk)


def stamped_word(version: Version, client: Any, content: bytes) -> Any:
    issue(version, content, "docx")
    make_files.call(version.pk)
    return docx.Document(io.BytesIO(taken(client, "docx")))


def carried(foot: Any) -> str:
    """What the one picture of a foot says."""
    (blip,) = foot._element.xpath(".//a:blip")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(foot.part.related_parts[blip.embed].blob)))
    return code.text


@pytest.mark.parametrize("margin", [25.4, 12])
@pytest.mark.parametrize("written", [True, False])
def test_every_foot_of_an_official_word_file_carries_the_code(
    version: Version, client: Any, written: bool, margin: float
) -> None:
    made = stamped_word(version, client, word(even=True, first=True, written=written, margin=margin))
    code = code_of(version)
    for number, section in enumerate(made.sections):
        for foot in (section.footer, section.first_page_footer, section.even_page_footer):
            assert carried(foot) == code.address
            said = "\n".join(one.text for one in foot.paragraphs)
            assert f"Versión 1. ¿Sigue vigente? Escanee el código o abra {code.written}" in said
            (drawing,) = foot._element.xpath(".//wp:docPr")
            assert code.written in drawing.get("descr")
            (extent,) = foot._element.xpath(".//wp:extent")
            assert int(extent.get("cx")) / 36000 >= 19
            assert bool(foot._element.xpath(".//wp:anchor")) == (margin > 20)
        if written:
            kept = section.footer
            assert kept.paragraphs[0].text == f"Pie de la parte {min(number, 1)}"
            assert kept.tables[0].cell(0, 0).text == "Tabla"
    assert [one.text for one in made.paragraphs][:1] == ["Parte 0"]


def test_nothing_else_of_a_word_file_changes(version: Version, client: Any) -> None:
    content = word()
    issue(version, content, "docx")
    make_files.call(version.pk)
    made = taken(client, "docx")
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        feet = {name for name in new.namelist() if name.startswith("word/footer")}
        assert set(old.namelist()) <= set(new.namelist())
        for name in set(old.namelist()) - feet - {"[Content_Types].xml"}:
            if not name.endswith((".xml", ".rels")):
                assert old.read(name) == new.read(name)
        assert b"Parte 1" in new.read("word/document.xml")
    Rendition.objects.update(source="")
    make_files.call(version.pk)
    assert taken(client, "docx") == made


def test_a_marked_word_file_gets_the_new_code_in_its_place(version: Version, client: Any) -> None:
    issue(version, word(), "docx")
    make_files.call(version.pk)
    first = taken(client, "docx")
    other = published(guide=GuideFactory(slug="otra"))
    issue(other, first, "docx")
    Rendition.objects.filter(version=other).exclude(format="docx").delete()
    make_files.call(other.pk)
    with Rendition.objects.get(version=other).file.open("rb") as file:
        again = docx.Document(io.BytesIO(file.read()))
    assert {carried(section.footer) for section in again.sections} == {code_of(other).address}


def test_a_signed_word_file_stays_as_it_is(version: Version, client: Any) -> None:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<x/>")
    issue(version, out.getvalue(), "docx")
    make_files.call(version.pk)
    assert taken(client, "docx") == out.getvalue()
    assert "firmado" in OfficialFile.objects.noting_marks().get().marks
