"""Files in pieces: whole, from the middle, unchanged, under both kinds of server."""

from __future__ import annotations

import asyncio
import io
import tracemalloc
from typing import IO, Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory, RequestFactory

from nucleo import files

CONTENT = bytes(range(256)) * 1000


def answer(method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)("/f", headers=headers)
    return files.send(
        request,
        lambda: io.BytesIO(CONTENT),
        size=len(CONTENT),
        etag="abc",
        name="guía ñ v1.pdf",
        content_type="application/pdf",
    )


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_file_with_its_name() -> None:
    response = answer()
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["ETag"] == '"abc"'
    assert response["Accept-Ranges"] == "bytes"
    assert "attachment; filename*=utf-8''gu%C3%ADa" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=255000-", 255000, len(CONTENT) - 1),
        ("bytes=-100", len(CONTENT) - 100, len(CONTENT) - 1),
        ("bytes=5-99999999", 5, len(CONTENT) - 1),
        ("bytes=-99999999", 0, len(CONTENT) - 1),
    ],
)
def test_a_part(header: str, first: int, last: int) -> None:
    response = answer(range=header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=a-b"])
def test_what_is_not_one_range_gets_the_whole(header: str) -> None:
    response = answer(range=header)
    assert (response.status_code, body(response)) == (200, CONTENT)


@pytest.mark.parametrize("header", ["bytes=256000-", "bytes=999999-9999999", "bytes=-0"])
def test_a_range_outside_is_refused_with_the_size(header: str) -> None:
    response = answer(range=header)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */256000"


def test_a_changed_file_is_sent_whole_to_who_goes_on() -> None:
    assert answer(range="bytes=10-", **{"if-range": '"old"'}).status_code == 200
    assert answer(range="bytes=10-", **{"if-range": '"abc"'}).status_code == 206


def test_who_has_it_already_gets_nothing() -> None:
    response = answer(**{"if-none-match": '"abc"'})
    assert (response.status_code, response.content) == (304, b"")
    assert answer(**{"if-none-match": '"other"'}).status_code == 200


def test_head_opens_no_file() -> None:
    def never() -> IO[bytes]:
        raise AssertionError("opened")

    response = files.send(
        RequestFactory().head("/f"), never, size=3, etag="x", name="x.pdf", content_type="application/pdf"
    )
    assert (response.status_code, response["Content-Length"]) == (200, "3")


def test_the_start_of_a_download_is_told_from_its_continuation() -> None:
    assert files.starts_download(answer())
    assert files.starts_download(answer(range="bytes=0-99"))
    assert files.starts_download(answer(range="bytes=100-", if_range='"old"')), "it is sent whole"
    for headers in (
        {"range": "bytes=100-"},
        {"range": "bytes=-5"},
        {"range": "bytes=999999999-"},
        {"if_none_match": '"abc"'},
    ):
        assert not files.starts_download(answer(**headers))
    assert not files.starts_download(answer("head"))


def test_under_asgi_memory_stays_flat(tmp_path: Any) -> None:
    size = 40 * 1024 * 1024
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size)
    request = AsyncRequestFactory().get("/f")
    assert isinstance(request, ASGIRequest)
    response = files.send(
        request, lambda: path.open("rb"), size=size, etag="x", name="x", content_type="text/plain"
    )
    assert response.is_async  # type: ignore[attr-defined]

    async def read() -> int:
        total = 0
        async for piece in response.streaming_content:  # type: ignore[attr-defined]
            total += len(piece)
        return total

    tracemalloc.start()
    assert asyncio.run(read()) == size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


def test_the_file_is_closed_when_the_reader_leaves() -> None:
    opened = io.BytesIO(CONTENT)
    parts = files.pieces(lambda: opened, 0, len(CONTENT))
    next(parts)
    parts.close()
    assert opened.closed
