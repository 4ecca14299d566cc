"""Files made from what is in the database, sent as any other file: ranges, fingerprint, a human name."""

from __future__ import annotations

import hashlib
import io

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nucleo import files
from redip.exports.paper import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send_paper(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """Send a PDF, in the browser's own reader where it has one."""
    return _send(request, paper.content(), etag=paper.digest, name=paper.name, content_type="application/pdf")


def send_word(request: HttpRequest, content: bytes, name: str) -> HttpResponseBase:
    """Send a Word file."""
    return _send(request, content, etag=hashlib.sha256(content).hexdigest(), name=name, content_type=DOCX)


def _send(
    request: HttpRequest, content: bytes, *, etag: str, name: str, content_type: str
) -> HttpResponseBase:
    return files.send(
        request,
        lambda: io.BytesIO(content),
        size=len(content),
        etag=etag[:32],
        name=name,
        content_type=content_type,
    )
