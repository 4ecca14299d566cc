"""What an uploaded PDF is, and why it cannot be taken."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image

from nucleo.pdf_look import HEIGHT, MAX_PAGES, WIDTH, UnfitError, look
from tests.factories.papers import locked_pdf, long_pdf, pdf_of


def test_a_pdf_has_its_pages_and_a_picture_of_the_first() -> None:
    found = look(io.BytesIO(pdf_of("Uno", "Dos")))
    assert found.pages == 2
    picture = Image.open(io.BytesIO(found.picture))
    assert (picture.format, picture.size) == ("WEBP", (WIDTH, found.height))
    assert picture.convert("L").getextrema()[0] < 200, "there are letters on it"
    assert len(found.picture) < 40_000


def test_a_large_upload_is_read_from_its_file_and_left_at_its_beginning() -> None:
    content = pdf_of("Uno") + b"\n% relleno\n" * 20_000 + b"%%EOF"
    with TemporaryUploadedFile("x.pdf", "application/pdf", len(content), None) as upload:
        upload.write(content)
        upload.flush()
        assert look(upload).pages == 1
        assert upload.read() == content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"<html><body>%PDF-</body></html>", "not-pdf"),
        (lambda: b"", "not-pdf"),
        (locked_pdf, "locked"),
        (lambda: pdf_of("Uno")[:-600], "cut"),
        (lambda: pdf_of("Uno")[:300], "cut"),
        (lambda: b"%PDF-1.7 nada %%EOF", "broken"),
        (lambda: long_pdf(MAX_PAGES + 1), "long"),
    ],
    ids=["html", "empty", "locked", "cut late", "cut soon", "broken", "long"],
)
def test_what_cannot_be_kept_says_why(content: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(UnfitError) as caught:
        look(io.BytesIO(content()))
    assert caught.value.reason == reason


def test_pages_of_any_shape_are_drawn() -> None:
    for size in ((10, 14_000), (14_000, 10), (3, 14_000)):
        document = pikepdf.new()
        document.add_blank_page(page_size=size)
        out = io.BytesIO()
        document.save(out)
        found = look(out)
        assert found.height <= HEIGHT and found.width <= WIDTH
