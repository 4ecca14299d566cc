"""Files: one of a guide, or the whole package as a ZIP. Made by the worker, streamed, counted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_http_methods

from guias import tasks
from guias.actions.files import count_downloads, request_file
from guias.enums import Format
from guias.exports.package import collect, overview, write
from guias.forms import PackageForm
from guias.models import Download, Guide, OfficialFile, Version
from guias.models.downloads import best_file
from guias.views.lookup import current_version, find_guide, find_version
from nucleo import files

WAIT_SECONDS = 4
WEEK = 7 * 24 * 3600
SHOWN = 30
"""Files that the page of the package names; the shelf has them all."""


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
        return _preparing(request, version, form)
    stored = file.file
    if files.starts_download(request):
        count_downloads(versions=[version], form=form, user=request.user)
    return files.send(
        request,
        lambda: stored.storage.open(str(stored.name), "rb"),
        size=file.size,
        etag=file.sha256,
        name=f"{version.file_stem}.{form}",
        content_type=Format(form).content_type,
        inline=files.reads_at_page(request, form),
    )


def _preparing(request: HttpRequest, version: Version, form: str) -> HttpResponse:
    if request_file(version=version, form=form):
        tasks.make_files.enqueue(version.pk)
    context = {"guide": version.guide, "version": version, "form": Format(form), "seconds": WAIT_SECONDS}
    response = render(request, "guias/preparing.html", context, status=202)
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
        lambda: stored.storage.open(str(stored.name), "rb"),
        size=stored.size,
        etag=official.sha256,
        name=f"{version.file_stem}.webp",
        content_type="image/webp",
        inline=True,
    )
    if version.guide.is_public:
        patch_cache_control(response, public=True, max_age=WEEK)
    return response


@require_http_methods(["GET", "HEAD"])
def package(request: HttpRequest) -> HttpResponse:
    """Let her choose what to take: all, a route, or what changed since the last time."""
    last = Download.objects.last_package_of(request.user)
    since = f"{timezone.localdate(last.at):%d/%m/%Y}" if last else ""
    initial = {"ruta": request.GET.get("ruta", ""), "desde": since}
    return _choose(request, PackageForm(initial=initial), last=last)


def _choose(
    request: HttpRequest,
    form: PackageForm,
    *,
    status: int = 200,
    nothing: bool = False,
    last: Download | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "package": overview(SHOWN),
        "nothing": nothing,
        "last": last,
    }
    return render(request, "guias/package.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
def download_package(request: HttpRequest) -> HttpResponseBase:
    """Send the ZIP while it is made. Files still missing are asked for, and named inside."""
    form = PackageForm(request.GET)
    if not form.is_valid():
        return _choose(request, form, status=422)
    found = collect(route=form.cleaned_data["ruta"], since=form.cleaned_data["desde"])
    for version in found.preparing:
        if request_file(version=version, form=Format.PDF):
            tasks.make_files.enqueue(version.pk)
    if not found.entries and not found.delete:
        return _choose(request, form, nothing=True)
    quoted = f'"{found.etag}"'
    response: HttpResponseBase
    if quoted in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    elif request.method == "HEAD":
        response = HttpResponse(content_type="application/zip")
    else:
        count_downloads(versions=found.versions, form=Format.PDF, user=request.user, in_package=True)
        response = files.stream(request, write(found), content_type="application/zip")
    response["ETag"] = quoted
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response
