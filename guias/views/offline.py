"""What a browser keeps of a guide to read it without a connection: files by content, for all alike.

A file travels in pieces (``guias.exports.pieces``): who has some of them already asks for the others only.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from guias import tasks
from guias.enums import Format
from guias.exports.package import path_of
from guias.exports.pieces import DAY, Piece, content_of, pieces_of
from guias.models import Guide, OfficialFile, Rendition, Version
from guias.models.downloads import best_file
from guias.views.counting import count_kept
from guias.views.lookup import current_version
from nucleo.dates import long_date

YEAR = 365 * DAY


def _current(slug: str) -> Version:
    """Return the version of a public guide that holds now; raises Http404, whoever asks."""
    guide = get_object_or_404(Guide, slug=slug, is_public=True)
    version = current_version(guide)
    if version is None:
        raise Http404
    return version


@require_safe
def files(request: HttpRequest, slug: str) -> JsonResponse:
    """Return version, chapters and files of a public guide; 202 while its page is being made.

    The files are named as in the package's manifest (``sha256``, ``archivo``): same content, same name.
    Who asks makes no difference: what is not public is not here, not even for an editor.
    """
    version = _current(slug)
    day = version.published_on
    if day is None:
        raise Http404
    file = best_file(version, Format.HTML)
    if file is None or not file.is_ready:
        tasks.hurry(version, Format.HTML)
        return JsonResponse({"estado": "en preparación"}, status=202)
    guide = version.guide_then
    response = JsonResponse(
        {
            "id": guide.slug,
            "titulo": guide.title,
            "direccion": guide.get_absolute_url(),
            "estado": guide.state,
            "version": version.number,
            "fecha": long_date(day),
            "capitulos": [chapter.slug for chapter in version.chapters],
            "bytes": file.size,
            "objetos": [_object(version, file)],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, no_cache=True)
    return response


def _object(version: Version, file: Rendition | OfficialFile) -> dict[str, Any]:
    guide = version.guide
    return {
        "sha256": file.sha256,
        "bytes": file.size,
        "archivo": path_of(guide.slug, guide.route, version.number, Format.HTML),
        "direccion": reverse("guias:download_version", args=[guide.slug, version.number, Format.HTML]),
        "por_trozos": reverse("guias:pieces", args=[guide.slug, file.sha256]),
        "trozos": [{"sha256": piece.sha256, "bytes": piece.size} for piece in pieces_of(file)],
    }


@require_safe
def pieces(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Send the pieces of a file that ``?trozos=0,3`` names by their place, one after another; all without it.

    404 for a file that is not the guide's any more and for places that it does not have: whoever asked looks
    again. It is sent as text, which nothing runs, and which is compressed on its way.
    """
    version = _current(slug)
    file = best_file(version, Format.HTML)
    if file is None or not file.is_ready or file.sha256 != sha256:
        raise Http404
    wanted = _wanted(request.GET.get("trozos", ""), pieces_of(file))
    content = content_of(file)
    sent = b"".join(content[piece.start : piece.start + piece.size] for piece in wanted)
    response = HttpResponse(sent, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    count_kept(request, version)
    return response


def _wanted(places: str, found: list[Piece]) -> list[Piece]:
    """Return those of ``found`` that ``places`` names; raises Http404."""
    if not places:
        return found
    try:
        numbers = {int(place) for place in places.split(",")}
    except ValueError:
        raise Http404 from None
    if not numbers <= set(range(len(found))):
        raise Http404
    return [found[number] for number in sorted(numbers)]
