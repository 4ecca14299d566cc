"""``/sitemap.xml``: every public address with when it changed, written from the rows as they are now.

Nothing is kept from one answer to the next: what was hidden is gone from it at once. Beyond what one file may
hold it becomes an index of its sections.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from portal.sitemaps import SITEMAPS

MOST = 50_000
"""Addresses that one file may hold (sitemaps.org, protocol 0.9)."""
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give all addresses, or the index of their sections when there are too many for one file."""
    counts = {name: _section(name).paginator.count for name in SITEMAPS}
    if sum(counts.values()) <= MOST:
        return _xml("urlset", (line for name in SITEMAPS for line in _lines(request, name, slice(None))))
    pages = ((name, page + 1) for name, count in counts.items() for page in range(-(-count // MOST)))
    addresses = (request.build_absolute_uri(reverse("sitemap_section", args=place)) for place in pages)
    return _xml("sitemapindex", (f"<sitemap><loc>{escape(one)}</loc></sitemap>\n" for one in addresses))


@require_safe
def section(request: HttpRequest, name: str, page: int) -> HttpResponse:
    """Give one file of a section, the first one 1; 404 for what the index does not name."""
    start = (page - 1) * MOST
    if name not in SITEMAPS or not 0 <= start < max(1, _section(name).paginator.count):
        raise Http404
    return _xml("urlset", _lines(request, name, slice(start, start + MOST)))


def _section(name: str) -> Any:
    made = SITEMAPS[name]
    return made() if isinstance(made, type) else made


def _lines(request: HttpRequest, name: str, part: slice) -> Iterator[str]:
    found, origin = _section(name), request.build_absolute_uri("/").rstrip("/")
    changed = getattr(found, "lastmod", lambda item: None)
    for item in found.items()[part]:
        when: dt.datetime | None = changed(item)
        since = f"<lastmod>{when:%Y-%m-%d}</lastmod>" if when else ""
        yield f"<url><loc>{escape(origin + found.location(item))}</loc>{since}</url>\n"


def _xml(root: str, lines: Iterable[str]) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SCHEMA}">\n'
    response = HttpResponse("".join([head, *lines, f"</{root}>\n"]), content_type="application/xml")
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    return response
