"""Pictures that editors uploaded, in the sizes that pages show; no other uploaded file has an address.

Guides, documents and private files go through the views that count them or ask who is reading.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from nucleo.files import send

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
