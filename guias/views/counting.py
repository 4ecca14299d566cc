"""Which requests count as use: what a person opens or takes, once a day.

Left out: robots and what they preview, a browser that looks ahead, HEAD, scripts, what is not public, what
was not sent (304, 416), and the rest of a download that broke off. A guide that the browser fetches for
itself to keep it (``static/js/guardadas.js``) is counted apart.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guias.actions.files import count_downloads
from guias.actions.use import note_kept, note_reading
from guias.enums import Format
from guias.exports.package import Package
from guias.models import Chapter, Version
from nucleo.counting import by_a_person, by_a_script, is_first, reader_key
from nucleo.files import starts_download


def count_reading(request: HttpRequest, version: Version | None, chapter: Chapter | None = None) -> None:
    """Count a page of ``version`` that is shown; drafts and guides in reserve are no use."""
    if version is None or not (version.is_published and version.guide.is_public):
        return
    if by_a_person(request) and not by_a_script(request):
        note_reading(version=version, chapter=chapter, who=reader_key(request), user=request.user)


def count_file(request: HttpRequest, response: HttpResponseBase, version: Version, form: str) -> None:
    """Count a file of ``version`` that ``response`` sends."""
    if not _is_taken(request, response) or not version.guide.is_public:
        return
    if by_a_script(request):
        if form == Format.HTML:
            note_kept(version=version, who=reader_key(request))
    elif _is_first(request, response):
        count_downloads(versions=[version], form=form, user=request.user)


def count_kept(request: HttpRequest, version: Version) -> None:
    """Count that a browser fetches ``version``, which anyone may read, or what is new in it, to keep it."""
    if by_a_person(request) and by_a_script(request):
        note_kept(version=version, who=reader_key(request))


def count_package(request: HttpRequest, response: HttpResponseBase, versions: list[Version]) -> None:
    """Count a package of ``versions`` that ``response`` sends."""
    if _is_taken(request, response) and _is_first(request, response):
        count_downloads(versions=versions, form=Format.PDF, user=request.user, in_package=True)


def count_renewed(request: HttpRequest, package: Package, lacking: set[str]) -> None:
    """Count a package that is brought up to date in the browser: the guides of which it brings something."""
    by_her = by_a_person(request, method="POST")
    if by_her and is_first(f"paquete {package.fingerprint}", reader_key(request)):
        versions = package.with_files_among(lacking)
        count_downloads(versions=versions, form=Format.PDF, user=request.user, in_package=True)


def _is_taken(request: HttpRequest, response: HttpResponseBase) -> bool:
    return by_a_person(request) and starts_download(response)


def _is_first(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether she takes this very content for the first time today."""
    return is_first(f"archivo {response['ETag']}", reader_key(request))
