"""``/sitemap.xml``: an index of parts, which hold every public address with when it changed.

Each part is written from the rows as they are now, and nothing is kept from one answer to the next: what was
hidden is gone at once. A part is so small that it costs no more than a page: robots ask for all of them.
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

MOST = 500
"""Addresses of one part; the protocol (sitemaps.org, 0.9) allows 50,000 of them, and as many parts."""
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the addresses of the parts of every section that has something."""
    counts = {name: _section(name).paginator.count for name in SITEMAPS}
    pages = ((name, page + 1) for name, count in counts.items() for page in range(-(-count // MOST)))
    addresses = (request.build_absolute_uri(reverse("sitemap_section", args=place)) for place in pages)
    return _xml("sitemapindex", (f"<sitemap><loc>{escape(one)}</loc></sitemap>\n" for one in addresses))


@require_safe
def section(request: HttpRequest, name: str, page: int) -> HttpResponse:
    """Give one part of a section, the first one 1; 404 for what the index does not name."""
    start = (page - 1) * MOST
    if name not in SITEMAPS or start < 0:
        raise Http404
    lines = list(_lines(request, name, slice(start, start + MOST)))
    if not lines:
        raise Http404
    return _xml("urlset", lines)


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
