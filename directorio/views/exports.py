"""The filtered rows of a list as a file: the list's address with the format before the query."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from directorio.exports import columns, geojson
from directorio.filters import LISTINGS, Selection
from nucleo.tables import csv_response, stream, xlsx_response


@require_safe
def export(request: HttpRequest, name: str, format: str) -> HttpResponse:
    """Send what the same query shows on the list, whole: not only one page."""
    listing = LISTINGS[name]
    rows = Selection(listing, request.GET, request.user).rows
    filename = f"{name}.{format}"
    if format == "geojson":
        base = request.build_absolute_uri("/").rstrip("/")
        pieces = geojson.chunks(rows, kind=listing.kind, base=base)
        return stream(request, pieces, content_type=geojson.CONTENT_TYPE, filename=filename)
    header, cells = columns.header(rows.model), columns.rows(rows)
    if format == "xlsx":
        return xlsx_response(header, cells, filename=filename, sheet=str(listing.title))
    return csv_response(request, header, cells, filename=filename)
