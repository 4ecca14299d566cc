"""Files are known by what they are, not by what they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook
from PIL import Image

from nucleo import uploads
from nucleo.uploads import checked
from tests.factories.papers import changed_docx, docx_of, flood_docx, lying, odt_of, spoilt
from tests.factories.redip import PDF, office_file

ODT = b"application/vnd.oasis.opendocument.text"


def real_docx() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def real_xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, form)
    return out.getvalue()


GOOD = {
    "acta.pdf": PDF,
    "plan.docx": real_docx(),
    "lista.XLSX": real_xlsx(),
    "nota.odt": office_file("content.xml", mimetype=ODT),
    "foto.png": picture("PNG"),
    "foto.jpg": picture("JPEG"),
    "foto.jpeg": picture("JPEG"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_may_come_in(name: str) -> None:
    upload = checked(SimpleUploadedFile(name, GOOD[name]))
    assert upload.kind in uploads.TYPES
    assert upload.size == len(GOOD[name])
    assert upload.safe_name.endswith(f".{upload.kind}")
    assert upload.file.read() == GOOD[name]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("acta.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("acta.pdf", b"<html><script>alert(1)</script>"),
        ("acta.pdf", real_docx()),
        ("foto.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("foto.jpg", picture("PNG")),
        ("plan.docx", real_xlsx()),
        ("plan.docx", office_file("payload.exe")),
        ("plan.docx", b"PK\x03\x04 not a zip at all"),
        ("plan.docx", office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("plan.docm", office_file("[Content_Types].xml", "word/document.xml")),
        ("nota.odt", office_file("content.xml", mimetype=b"application/zip")),
        ("cosa.zip", office_file("a.txt")),
        ("sin-tipo", PDF),
        ("programa.pdf.exe", PDF),
        ("vacio.pdf", b""),
    ],
)
def test_a_wrong_file_named_as_a_right_one_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        checked(SimpleUploadedFile(name, content))


OFFICE = [
    ("a.docx", real_docx(), "word/document.xml"),
    ("a.docx", real_docx(), "word/media/image1.png"),
    ("a.xlsx", real_xlsx(), "xl/workbook.xml"),
    ("a.odt", odt_of("x"), "content.xml"),
]


def test_a_file_that_says_itself_that_it_unpacks_to_a_flood_is_refused() -> None:
    with pytest.raises(ValidationError, match="se infla al abrirlo"):
        checked(SimpleUploadedFile("plan.docx", flood_docx()))


@pytest.mark.parametrize(("name", "content", "part"), OFFICE)
def test_a_flood_is_refused_whatever_the_directory_says(name: str, content: bytes, part: str) -> None:
    with pytest.raises(ValidationError, match="se infla al abrirlo"):
        checked(SimpleUploadedFile(name, lying(content, part)))


@pytest.mark.parametrize(("name", "content", "part"), OFFICE)
def test_a_directory_that_lies_a_little_is_no_whole_file(name: str, content: bytes, part: str) -> None:
    with pytest.raises(ValidationError, match="está dañado"):
        checked(SimpleUploadedFile(name, lying(content, part, megabytes=1)))


TEXT = docx_of(*(f"Párrafo {number}: {number * 7919 % 1000}" for number in range(400)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.docx", spoilt(TEXT, "word/document.xml")),
        ("plan.docx", spoilt(TEXT, "word/styles.xml")),
        ("plan.docx", TEXT[:-500]),
        ("plan.docx", changed_docx(TEXT, "word/document.xml", lambda old: old[:-20])),
        ("nota.odt", odt_of(raw="<text:p>")),
        ("lista.xlsx", spoilt(real_xlsx(), "xl/styles.xml")),
        ("plan.docx", b"PK\x03\x04 not a zip at all"),
    ],
)
def test_a_damaged_office_file_is_refused_while_its_owner_has_the_original(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match="está dañado o llegó incompleto"):
        checked(SimpleUploadedFile(name, content))


def test_a_part_packed_as_no_office_file_is_opened_no_further() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>", zipfile.ZIP_STORED)
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(ValidationError, match="está dañado"):
        checked(SimpleUploadedFile("plan.docx", out.getvalue()))


def test_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="20 MB"):
        checked(SimpleUploadedFile("acta.pdf", PDF))


def test_a_path_in_the_name_is_dropped() -> None:
    file = SimpleUploadedFile("acta.pdf", PDF)
    file._name = "..\\..\\etc/acta.pdf"
    assert checked(file).name == "acta.pdf"
