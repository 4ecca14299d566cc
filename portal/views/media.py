"""Pictures and documents that editors uploaded, streamed; no other uploaded file has an address.

Guides and private files go through the views that count them or ask who is reading. Wagtail sends documents
through Django's FileResponse, which reads a whole file into memory under ASGI: the view here asks the same
questions (its hooks hold collections that only some may read) and streams.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.documents.models import document_served

from nucleo.files import opener, send

TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
WEEK = 7 * 24 * 60 * 60


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one picture; its name changes with its content, so browsers may keep it."""
    kind = TYPES.get(PurePosixPath(name).suffix.lower())
    try:
        path = Path(safe_join(settings.MEDIA_ROOT, "images", name))
        if kind is None or not path.is_file():
            raise Http404
        found = path.stat()
    except (SuspiciousFileOperation, OSError, ValueError) as error:
        raise Http404 from error
    response = send(
        request,
        lambda: path.open("rb"),
        size=found.st_size,
        etag=f"{found.st_mtime_ns:x}-{found.st_size:x}",
        name=path.name,
        content_type=kind,
        inline=True,
    )
    response["Cache-Control"] = f"public, max-age={WEEK}"
    return response


@require_safe
def document(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Send a document of the library, unless a hook of Wagtail's answers instead (who may read it)."""
    found = get_object_or_404(get_document_model(), pk=pk)
    if found.filename != name:
        raise Http404
    for hook in hooks.get_hooks("before_serve_document"):
        answer = hook(found, request)
        if isinstance(answer, HttpResponse):
            return answer
    document_served.send(sender=type(found), instance=found, request=request)
    stored = found.file
    response = send(
        request,
        opener(stored),
        size=stored.size,
        etag=found.file_hash or f"{found.pk}-{stored.size:x}",
        name=found.filename,
        content_type=found.content_type,
        inline=found.content_disposition == "inline",
    )
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
