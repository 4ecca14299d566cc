"""Files of a mesa: known by their content, sent by the authorised view alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from nucleo.uploads import MAX_BYTES
from redip.models import MesaFile
from tests.factories.redip import PDF, Lived, MemberFactory, browser, office_file, pdf

pytestmark = pytest.mark.django_db

DOCX = office_file("[Content_Types].xml", "word/document.xml")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()


def test_a_file_is_shared_once_and_taken_under_its_name() -> None:
    seat = MemberFactory()
    client, address = browser(seat.user), seat.mesa.address("files")
    for _click in range(2):
        assert client.post(address, {"file": pdf("Plan ñ.pdf"), "name": ""}).status_code == 302
    kept = MesaFile.objects.get()
    assert kept.name in client.get(address).content.decode()
    response = client.get(kept.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert (
        response["Content-Disposition"].startswith("attachment")
        and "Plan%20%C3%B1.pdf" in (response["Content-Disposition"])
    )
    assert "private" in response["Cache-Control"]
    part = client.get(kept.get_absolute_url(), headers={"range": "bytes=0-3"})
    assert part.status_code == 206 and b"".join(part.streaming_content) == PDF[:4]


def test_a_file_may_be_given_another_name() -> None:
    seat = MemberFactory()
    data = {"file": SimpleUploadedFile("x.docx", DOCX), "name": "Lista de asistencia"}
    browser(seat.user).post(seat.mesa.address("files"), data)
    kept = MesaFile.objects.get()
    response = browser(seat.user).get(kept.get_absolute_url())
    assert 'filename="Lista de asistencia.docx"' in response["Content-Disposition"]
    b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.docx", DOCX), ("foto.png", picture())],
    ids=["pdf", "docx", "png"],
)
def test_what_may_be_shared(name: str, content: bytes) -> None:
    seat = MemberFactory()
    data = {"file": SimpleUploadedFile(name, content)}
    assert browser(seat.user).post(seat.mesa.address("files"), data).status_code == 302


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Escoja el archivo que quiere subir."),
        (SimpleUploadedFile("vacio.pdf", b""), "Este archivo está vacío."),
        (SimpleUploadedFile("virus.pdf", b"MZ\x90\x00" + b"\0" * 64), "No podemos recibir este archivo."),
        (SimpleUploadedFile("pagina.html", b"<script>alert(1)</script>"), "No podemos recibir este archivo."),
        (SimpleUploadedFile("dibujo.svg", b"<svg onload=alert(1)>"), "No podemos recibir este archivo."),
        (SimpleUploadedFile("macros.docx", office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")), "No podemos recibir"),  # noqa: E501
        (SimpleUploadedFile("foto.png", PDF), "El nombre dice .png, pero por dentro es PDF."),
        (SimpleUploadedFile("paquete.docx", office_file("x.txt")), "No podemos recibir este archivo."),
    ],
    ids=["none", "empty", "exe", "html", "svg", "macros", "lie", "zip"],
)  # fmt: skip
def test_what_may_not_gets_a_sentence(file: Any, sentence: str) -> None:
    seat = MemberFactory()
    data = {"name": "Mi archivo", **({"file": file} if file else {})}
    response = browser(seat.user).post(seat.mesa.address("files"), data)
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html and 'value="Mi archivo"' in html
    assert not MesaFile.objects.exists()


def test_too_large_is_said_with_what_to_do() -> None:
    seat = MemberFactory()
    large = SimpleUploadedFile("grande.pdf", PDF + b"\0" * MAX_BYTES)
    response = browser(seat.user).post(seat.mesa.address("files"), {"file": large})
    assert response.status_code == 422 and "más de 20 MB" in response.content.decode()


def test_a_name_full_of_tricks_stays_a_name() -> None:
    seat = MemberFactory()
    client = browser(seat.user)
    data = {"file": pdf("../../../etc/passwd.pdf"), "name": '"><script>alert(1)</script>\r\nX: y'}
    assert client.post(seat.mesa.address("files"), data).status_code == 302
    kept = MesaFile.objects.get()
    assert ".." not in kept.file.name
    assert "<script>alert" not in client.get(seat.mesa.address("files")).content.decode()
    response = client.get(kept.get_absolute_url())
    assert "X" not in response.headers
    b"".join(response.streaming_content)


def test_a_file_of_another_mesa_is_not_here() -> None:
    lived, stranger = Lived(), MemberFactory()
    assert browser(stranger.user).get(stranger.mesa.address("file", lived.file.pk)).status_code == 404


def test_no_address_of_the_web_server_leads_to_it(client: Any) -> None:
    lived = Lived()
    for place in ("media", "static", "documentos"):
        assert client.get(f"/{place}/{lived.file.file.name}").status_code == 404
