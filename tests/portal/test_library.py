"""What editors put into the library is whole, and is what its name says."""

from __future__ import annotations

import io
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.factories.cuentas import UserFactory
from tests.factories.papers import docx_of, flood_docx, pdf_of, spoilt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _editor(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(UserFactory(is_superuser=True, is_staff=True))


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(out, form)
    return out.getvalue()


def add(client: Any, kind: str, name: str, content: bytes) -> str:
    form = {"title": "x", "file": SimpleUploadedFile(name, content), "collection": 1}
    response = client.post(f"/admin/{kind}/add/", form, follow=True)
    return unescape(response.content.decode())


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("lenient", [False, True], ids=["fresh", "after a PDF"])
def test_half_a_picture_is_refused(
    client: Any, tmp_path: Any, monkeypatch: Any, form: str, lenient: bool
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)  # what WeasyPrint does when it loads
    name = f"foto.{form.lower()}"
    whole = picture(form)
    assert "dañada o llegó incompleta" in add(client, "images", name, whole[: len(whole) // 2])
    assert not get_image_model().objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    add(client, "images", name, whole)
    assert get_image_model().objects.count() == 1


def test_a_document_that_floods_the_disk_is_refused(client: Any) -> None:
    assert "se infla al abrirlo" in add(client, "documents", "guia.docx", flood_docx())
    assert not get_document_model().objects.exists()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"<html></html>"), ("a.docx", pdf_of("x"))])
def test_a_document_that_is_something_else_is_refused(client: Any, name: str, content: bytes) -> None:
    assert "por dentro es otra cosa" in add(client, "documents", name, content)
    assert not get_document_model().objects.exists()


@pytest.mark.parametrize("content", [docx_of("x")[:-99], spoilt(docx_of("x"), "word/document.xml")])
def test_a_damaged_document_is_refused(client: Any, content: bytes) -> None:
    assert "está dañado o llegó incompleto" in add(client, "documents", "a.docx", content)
    assert not get_document_model().objects.exists()


def test_a_document_that_is_what_it_says_is_kept(client: Any) -> None:
    add(client, "documents", "acta.docx", docx_of("Acta"))
    assert get_document_model().objects.count() == 1
