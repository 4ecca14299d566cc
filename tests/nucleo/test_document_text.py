"""The words of files, and what happens with files that have none or mean harm."""

from __future__ import annotations

import io

import pytest

from nucleo import document_text
from nucleo.document_text import UnreadableError, read
from tests.factories.papers import docx_of, lying, odt_of, pdf_of


def test_a_pdf_is_read_page_by_page() -> None:
    first, second = read(io.BytesIO(pdf_of("Capital semilla", "Año de la niñez")), "pdf")
    assert first.strip() == "Capital semilla" and second.strip() == "Año de la niñez"


def test_a_word_file_is_one_page_with_its_tables_in_order() -> None:
    (page,) = read(io.BytesIO(docx_of("Primero", "Después", table=("Quién", "Cuándo"))), "docx")
    assert page.split("\n") == ["Primero", "Después", "Quién Cuándo"]


def test_an_opendocument_text_keeps_its_spaces_and_its_headings() -> None:
    raw = '<text:h>Título</text:h><text:p>uno<text:s text:c="2"/>dos<text:line-break/>tres</text:p>'
    (page,) = read(io.BytesIO(odt_of("Fin", raw=raw)), "odt")
    assert page == "Título\nuno dos tres\nFin"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 broken", "pdf"),
        (b"", "pdf"),
        (b"PK\x03\x04 no zip", "docx"),
        (odt_of("Es de otra clase"), "docx"),
        (odt_of(raw="<text:p>&bomba;"), "odt"),
        (b"x", "png"),
    ],
)
def test_what_cannot_be_read_says_so(content: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(io.BytesIO(content), kind)
    assert str(caught.value)


def test_a_file_that_unpacks_to_a_flood_is_refused() -> None:
    with pytest.raises(UnreadableError, match="larger than"):
        read(io.BytesIO(odt_of(raw=" " * (document_text.MAX_PART + 1))), "odt")


@pytest.mark.parametrize(
    ("kind", "content", "part"),
    [("docx", docx_of("x"), "word/document.xml"), ("odt", odt_of("x"), "content.xml")],
)
def test_a_flood_that_the_directory_hides_is_refused(kind: str, content: bytes, part: str) -> None:
    with pytest.raises(UnreadableError, match="larger than"):
        read(io.BytesIO(lying(content, part)), kind)


def test_a_picture_that_is_larger_than_the_directory_says_is_not_unpacked_at_once() -> None:
    with pytest.raises(UnreadableError, match="DamagedError: word/media/image1"):
        read(io.BytesIO(lying(docx_of("x"), "word/media/image1.png", megabytes=1)), "docx")


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_text, "SECONDS", 0.01)
    with pytest.raises(UnreadableError, match="within"):
        read(io.BytesIO(pdf_of("x")), "pdf")


def test_only_so_many_characters_are_kept() -> None:
    long = "palabra " * (document_text.MAX_CHARACTERS // 8 + 10)
    (page,) = read(io.BytesIO(docx_of(long)), "docx")
    assert len(page) == document_text.MAX_CHARACTERS
