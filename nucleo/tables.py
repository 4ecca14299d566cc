"""Tables that leave the site: CSV and XLSX that open well in a spreadsheet and cannot run in it.

Knows rows of plain values and no model.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from openpyxl import Workbook

BOM = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINES_A_CHUNK = 200
WHOLE = 256 * 1024
"""Letters up to which a table is made before it is sent: some thousand rows."""
_NOT_IN_XLSX = {code: None for code in range(32) if code not in (9, 10, 13)}


def safe_cell(value: object) -> str:
    """Return the text of ``value`` for a cell, with a quote before what a spreadsheet would run.

    Also looks behind leading spaces, which spreadsheets drop. Numbers are written as they are, negative too.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    if text.startswith(DANGEROUS) or text.lstrip(" \u00a0").startswith(DANGEROUS):
        return f"'{text}"
    return text


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a CSV of ``rows`` by chunks of lines, with the mark (BOM) by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow([safe_cell(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % _LINES_A_CHUNK == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


async def _from_threads(chunks: Iterator[str]) -> AsyncIterator[str]:
    """Draw one chunk at a time in the request's thread: the event loop never waits for the database."""
    while got := await sync_to_async(lambda: list(islice(chunks, 1)))():
        yield got[0]


def _drawn(chunks: Iterator[str]) -> tuple[list[str], str]:
    """Draw ``chunks`` up to WHOLE letters; return them, and what names their content when that was all."""
    drawn: list[str] = []
    digest, letters = hashlib.sha256(), 0
    for chunk in chunks:
        drawn.append(chunk)
        digest.update(chunk.encode())
        letters += len(chunk)
        if letters > WHOLE:
            return drawn, ""
    return drawn, digest.hexdigest()


def stream(request: HttpRequest, chunks: Iterator[str], *, content_type: str, filename: str) -> HttpResponse:
    """Return a download of ``chunks`` that is sent while it is made, whatever the server (ASGI or WSGI).

    A small one is made first, so that who has it already need not be sent it again (``digest``).
    """
    drawn, digest = _drawn(chunks)
    rest = chain(drawn, chunks)
    content: Any = _from_threads(rest) if isinstance(request, ASGIRequest) else rest
    response = StreamingHttpResponse(content, content_type=content_type)
    response.digest = digest  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]


def csv_response(
    request: HttpRequest, header: Sequence[object], rows: Iterable[Sequence[object]], *, filename: str
) -> HttpResponse:
    """Return ``rows`` as a streamed CSV download."""
    return stream(request, csv_lines(header, rows), content_type="text/csv; charset=utf-8", filename=filename)


def xlsx_response(
    header: Sequence[object], rows: Iterable[Sequence[object]], *, filename: str, sheet: str
) -> HttpResponse:
    """Return ``rows`` as a workbook with one sheet; every text is text, never a formula."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title=sheet[:31])
    page.freeze_panes = "A2"
    digest = hashlib.sha256()
    for row in chain([header], rows):
        cells = [_xlsx_cell(cell) for cell in row]
        digest.update(repr(cells).encode())
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response.digest = digest.hexdigest()  # type: ignore[attr-defined]  # the file itself holds the hour it was made
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _xlsx_cell(cell: object) -> object:
    """Keep numbers and dates as such; everything else is guarded text without control characters."""
    if isinstance(cell, int | float | dt.date) and not isinstance(cell, bool):
        return cell
    return safe_cell(cell).translate(_NOT_IN_XLSX)
