"""Files to the browser without holding them in memory, whole or from where a download broke off.

Django's FileResponse reads the whole file under ASGI. This one reads a piece at a time, in a thread
there and directly under WSGI, answers ``Range``, ``If-Range`` and ``If-None-Match``, and gives the file
a human name. It knows no app and asks nobody for permission: the view has done so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import IO, Any

from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags

PIECE = 64 * 1024
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_END = object()


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return (first, last) byte of a ``Range`` header; None to send it all (several ranges, nonsense).

    Raises ValueError when the range lies outside of ``size`` bytes.
    """
    match = _RANGE.match(header.strip())
    if not match or match.group(1) == match.group(2) == "":
        return None
    first, last = match.group(1), match.group(2)
    if first == "":
        start, stop = max(0, size - int(last)), size - 1
    else:
        start, stop = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
    if start >= size or stop < start:
        raise ValueError(header)
    return start, stop


def pieces(open_file: Callable[[], IO[bytes]], start: int, length: int) -> Iterator[bytes]:
    """Yield ``length`` bytes from ``start``, at most PIECE at a time; the file is closed at the end."""
    with open_file() as file:
        file.seek(start)
        while length > 0:
            piece = file.read(min(PIECE, length))
            if not piece:
                return
            length -= len(piece)
            yield piece


def even(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of ``parts`` PIECE at a time: what is compressed as it is sent shrinks by the piece."""
    waiting = bytearray()
    for part in parts:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


async def _in_thread(iterator: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while (piece := await asyncio.to_thread(next, iterator, _END)) is not _END:
            yield piece  # type: ignore[misc]
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            await asyncio.to_thread(close)


def stream(request: HttpRequest, content: Iterator[bytes], **headers: Any) -> StreamingHttpResponse:
    """Return a response that sends ``content`` as it is made, in the way that suits the server.

    Compression is left out: what is streamed is compressed already, and ranges count real bytes.
    """
    body: Any = _in_thread(content) if isinstance(request, ASGIRequest) else content
    response = StreamingHttpResponse(body, **headers)
    response["Content-Encoding"] = "identity"
    return response


def starts_download(response: HttpResponseBase) -> bool:
    """Whether ``response`` sends a file from its first byte: what a counter counts.

    Not what goes on with a download, nor what sends nothing. The answer knows it and the question does not:
    ``Range`` is not heard when the file changed meanwhile.
    """
    sent = response.status_code == 200 or response.get("Content-Range", "").startswith("bytes 0-")
    return sent and response.streaming


def reads_at_page(request: HttpRequest, kind: str) -> bool:
    """Whether to open the file in the browser: a PDF whose address asks for it, so that ``#page=3`` works.

    ``?ver`` stands in the addresses that search gives; all other links take the file home.
    """
    return kind == "pdf" and "ver" in request.GET


def opener(stored: FieldFile) -> Callable[[], IO[bytes]]:
    """Return what opens a stored file anew each time; a field remembers the one that it opened."""
    return lambda: stored.storage.open(str(stored.name), "rb")


def send(
    request: HttpRequest,
    open_file: Callable[[], IO[bytes]],
    *,
    size: int,
    etag: str,
    name: str,
    content_type: str,
    inline: bool = False,
) -> HttpResponseBase:
    """Answer with a file of ``size`` bytes, called ``name``; ``etag`` (without quotes) names its content.

    ``open_file`` is called when the first byte is sent, and not at all for HEAD, 304 and 416.
    """
    quoted = f'"{etag}"'
    response: HttpResponseBase
    if quoted in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
        response["ETag"] = quoted
        return response
    status, start, length = 200, 0, size
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", quoted) == quoted:
        try:
            wanted = byte_range(asked, size)
        except ValueError:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        if wanted:
            status, start, length = 206, wanted[0], wanted[1] - wanted[0] + 1
    if request.method == "HEAD":
        response = HttpResponse(status=status, content_type=content_type)
    else:
        response = stream(request, pieces(open_file, start, length), status=status, content_type=content_type)
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = quoted
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    return response
