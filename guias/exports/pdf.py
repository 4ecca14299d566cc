"""The PDF: tagged for screen readers (PDF/UA-1), with bookmarks, contents and the version on each page."""

from __future__ import annotations

from typing import Any

from guias.exports.html import document
from guias.models import Version


def fetcher() -> Any:
    """Return what reads addresses while drawing: data addresses only, never the network nor the disk."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


def make(version: Version) -> bytes:
    """Return the file. WeasyPrint loads here: it takes half a second, and most processes never need it."""
    from weasyprint import HTML

    html = HTML(string=document(version, paper=True), url_fetcher=fetcher())
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return content
