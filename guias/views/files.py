"""Files of a guide: made by the worker, streamed, counted. The package has its own views."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guias import tasks
from guias.enums import Format
from guias.models import Guide, OfficialFile, Rendition, Version
from guias.models.downloads import best_file
from guias.views.counting import count_file
from guias.views.lookup import current_version, find_guide, find_version
from nucleo import files

WAIT_SECONDS = 4
WEEK = 7 * 24 * 3600


def _version(request: HttpRequest, guide: Guide, number: int | None) -> Version:
    version = current_version(guide) if number is None else find_version(request, guide, number)
    if version is None or not version.is_published:
        raise Http404
    return version


@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest, slug: str, form: str, number: int | None = None) -> HttpResponseBase:
    """Send a file of a version; while it is being made, say so and look again in a few seconds."""
    if form not in Format.values:
        raise Http404
    version = _version(request, find_guide(request, slug), number)
    file = best_file(version, form)
    if file is None or not file.is_ready:
        failed = isinstance(file, Rendition) and bool(file.failure)
        tasks.hurry(version, form)
        said = _("En formato %(kind)s. El primer intento falló y se está haciendo otra vez.")
        said = said if failed else _("En formato %(kind)s.")
        return still_preparing(request, version, said % {"kind": Format(form).label})
    stored = file.file
    response = files.send(
        request,
        files.opener(stored),
        size=file.size,
        etag=file.sha256,
        name=f"{version.file_stem}.{form}",
        content_type=Format(form).content_type,
        inline=files.reads_at_page(request, form),
    )
    count_file(request, response, version, form)
    return response


def still_preparing(request: HttpRequest, version: Version, what: str) -> HttpResponse:
    """Say that a file is being made; the page looks again by itself."""
    return preparing(request, {"guide": version.guide, "version": version, "what": what})


def preparing(request: HttpRequest, what: dict[str, Any]) -> HttpResponse:
    """The same of any file; of the package when ``what`` names no guide."""
    response = render(request, "guias/preparing.html", what, status=202)
    response["Refresh"] = response["Retry-After"] = str(WAIT_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD"])
def first_page(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Send the picture of the first page of the official PDF; its address changes with the file."""
    version = _version(request, find_guide(request, slug), number)
    official = get_object_or_404(OfficialFile.objects.exclude(picture=""), version=version, format=Format.PDF)
    stored = official.picture
    response = files.send(
        request,
        files.opener(stored),
        size=stored.size,
        etag=official.sha256,
        name=f"{version.file_stem}.webp",
        content_type="image/webp",
        inline=True,
    )
    if version.guide.is_public:
        patch_cache_control(response, public=True, max_age=WEEK)
    return response
