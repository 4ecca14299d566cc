"""What a browser keeps of a guide to read it without a connection: files by content, for all alike."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from guias import tasks
from guias.enums import Format
from guias.exports.package import path_of
from guias.models import Guide
from guias.models.downloads import best_file
from guias.views.lookup import current_version
from nucleo.dates import long_date


@require_safe
def files(request: HttpRequest, slug: str) -> JsonResponse:
    """Return version, chapters and files of a public guide; 202 while its page is being made.

    The files are named as in the package's manifest (``sha256``, ``archivo``): same content, same name.
    Who asks makes no difference: what is not public is not here, not even for an editor.
    """
    guide = get_object_or_404(Guide, slug=slug, is_public=True)
    version = current_version(guide)
    if version is None or version.published_on is None:
        raise Http404
    file = best_file(version, Format.HTML)
    if file is None or not file.is_ready:
        tasks.hurry(version, Format.HTML)
        return JsonResponse({"estado": "en preparación"}, status=202)
    response = JsonResponse(
        {
            "id": guide.slug,
            "titulo": guide.title,
            "direccion": guide.get_absolute_url(),
            "estado": guide.state,
            "version": version.number,
            "fecha": long_date(version.published_on),
            "capitulos": [chapter.slug for chapter in version.chapters],
            "bytes": file.size,
            "objetos": [
                {
                    "sha256": file.sha256,
                    "bytes": file.size,
                    "archivo": path_of(guide.slug, guide.route, version.number, Format.HTML),
                    "direccion": reverse(
                        "guias:download_version", args=[guide.slug, version.number, Format.HTML]
                    ),
                }
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, no_cache=True)
    return response
