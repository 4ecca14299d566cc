"""Answers are as small as the browser can read, and say what they depend on."""

import asyncio
import gzip
import re

import brotli
import pytest
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.test import AsyncClient, override_settings
from django.urls import path

from portal.compression import Compression, accepts, skipped
from tests.factories.directorio import CityFactory, SupplierFactory

PAGE = ("<p>Una red de veinte ciudades guarda sus métodos.</p>\n" * 90).encode()


def answer(response, header, rf):
    request = rf.get("/", headers={"Accept-Encoding": header})
    return Compression(lambda request: response)(request)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=1.0, BR;q=0.5", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0, br; q=0.000", ""),
        ("gzip", "gzip"),
        ("brotli, x-gzip-not", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_the_best_that_is_taken(header, coding, rf):
    response = answer(HttpResponse(PAGE, headers={"ETag": '"a"'}), header, rf)
    read = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding]
    assert response.get("Content-Encoding", "") == coding and read(response.content) == PAGE
    assert response["Vary"] == "Accept-Encoding"
    assert response["ETag"] == ('W/"a"' if coding else '"a"')
    assert not coding or int(response["Content-Length"]) == len(response.content) < len(PAGE) / 4
    assert accepts(header, "br") == (coding == "br")


def test_what_is_compressed_already_is_left_as_it_is(rf):
    for response in (
        HttpResponse(PAGE, content_type="application/pdf"),
        HttpResponse(PAGE, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        HttpResponse(PAGE, headers={"Content-Encoding": "identity"}),
        HttpResponse(b"corta"),
    ):
        sent = answer(response, "br, gzip", rf)
        assert sent.get("Content-Encoding") in {None, "identity"} and not sent.has_header("Vary")


@pytest.mark.parametrize(
    "kind", ["text/csv; charset=utf-8", "application/json", "application/geo+json", "application/atom+xml",
             "image/svg+xml", "application/problem+json", "text/calendar"],
)  # fmt: skip
def test_every_kind_of_text_is_compressed(kind, rf):
    assert answer(HttpResponse(PAGE, content_type=kind), "br", rf)["Content-Encoding"] == "br"


def test_who_has_it_already_is_told_what_it_depends_on(rf):
    assert answer(HttpResponseNotModified(), "br", rf)["Vary"] == "Accept-Encoding"


def test_what_is_made_while_it_is_sent_is_compressed_piece_by_piece(rf):
    pieces = [b"una,fila\n" * 200, b"otra,fila\n" * 200]
    response = answer(StreamingHttpResponse(iter(pieces), content_type="text/csv"), "br", rf)
    decompressor, sent = brotli.Decompressor(), list(response.streaming_content)
    assert decompressor.process(sent[0]) == pieces[0], "the first piece can be read before the second is made"
    assert brotli.decompress(b"".join(sent)) == b"".join(pieces)


@pytest.mark.parametrize("length", [1, 2, 64, 100, 255, 256])
def test_a_skipped_block_means_nothing(length):
    compressor = brotli.Compressor(quality=5)
    start = compressor.process(PAGE) + compressor.flush()
    assert brotli.decompress(start + skipped(length) + compressor.finish()) == PAGE


def test_the_length_of_a_page_does_not_tell_what_is_in_it(rf):
    lengths = {len(answer(HttpResponse(PAGE), "br", rf).content) for _ in range(60)}
    assert len(lengths) > 20 and max(lengths) - min(lengths) < 100


@pytest.mark.django_db
def test_pages_exports_and_interface_are_sent_with_brotli(client):
    SupplierFactory.create_batch(12, city=CityFactory())
    for address in (
        "/",
        "/directorio/proveedores/",
        "/directorio/proveedores.csv",
        "/api/v1/directorio/proveedores",
        "/api/v1/openapi.json",
    ):
        response = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response["Content-Encoding"] == "br" and brotli.decompress(body), address
        assert "Accept-Encoding" in re.split(r",\s*", response["Vary"]), address


async def _endless(request):
    async def pieces():
        for word in ("una", "dos"):
            yield f"{word}\n" * 200

    return StreamingHttpResponse(pieces(), content_type="text/csv")


urlpatterns = [path("piezas/", _endless)]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["portal.compression.Compression"])
def test_the_server_streams_brotli_too():
    async def ask():
        response = await AsyncClient().get("/piezas/", headers={"Accept-Encoding": "br"})
        return b"".join([piece async for piece in response.streaming_content])

    sent = asyncio.run(ask())
    assert brotli.decompress(sent) == b"una\n" * 200 + b"dos\n" * 200
