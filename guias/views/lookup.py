"""How views find what an address names: not there and not hers to see are the same 404."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from guias import policies
from guias.enums import VersionState
from guias.models import Chapter, Guide, Version
from guias.models.former import Former, former


def number_in(text: str) -> int:
    """Return the number of a row that a form sent as ``text``; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def find_guide(request: HttpRequest, slug: str) -> Guide:
    """Return the guide at ``slug``.

    Asks the policy and not its twin, which reads the reader's permissions even for a public guide.
    """
    guide = get_object_or_404(Guide, slug=slug)
    if not policies.can_see_guide(request.user, guide):
        raise Http404
    return guide


def find_version(request: HttpRequest, guide: Guide, number: int) -> Version:
    """Return a version by its number; a draft as it was last saved."""
    version = get_object_or_404(Version.objects.for_readers(), guide=guide, number=number)
    version.guide = guide
    return _as_saved(request, version)


def current_version(guide: Guide) -> Version | None:
    """Return the version in force, with its chapters."""
    version = Version.objects.in_force().for_readers().filter(guide=guide).first()
    if version is not None:
        version.guide = guide
    return version


def find_living(request: HttpRequest, slug: str) -> tuple[Guide, Version | None]:
    """Return the guide at ``slug`` and its version in force, if it has one: a query, two for none."""
    found = Version.objects.in_force().for_readers().select_related("guide")
    version = found.filter(guide__slug=slug).first()
    if version is None:
        return find_guide(request, slug), None
    if not policies.can_see_guide(request.user, version.guide):
        raise Http404
    return version.guide, version


def find_numbered(request: HttpRequest, slug: str, number: int) -> tuple[Version, Version | None]:
    """Return a version by its number, a draft as it was last saved, and the one in force: a query."""
    of_guide = Version.objects.filter(guide__slug=slug).select_related("guide")
    found = {
        version.number: version
        for version in of_guide.filter(Q(number=number) | Q(state=VersionState.IN_FORCE)).for_readers()
    }
    version = found.get(number)
    if version is None or not policies.can_see_guide(request.user, version.guide):
        raise Http404
    newest = next((one for one in found.values() if one.state == VersionState.IN_FORCE), None)
    return _as_saved(request, version), newest


def _as_saved(request: HttpRequest, version: Version) -> Version:
    if not policies.can_see_version(request.user, version):
        raise Http404
    if version.is_published:
        return version
    draft: Version = version.get_latest_revision_as_object()
    draft.guide = version.guide
    return draft


def find_chapter(version: Version | None, slug: str) -> Chapter:
    """Return a chapter by its address."""
    chapter = version.chapter(slug) if version else None
    if chapter is None:
        raise Http404
    return chapter


def find_former(current: Version | None, slug: str) -> Former:
    """Return what was at the address ``slug`` before ``current``; 404 for what never was in print."""
    found = former(current, slug) if current else None
    if found is None:
        raise Http404
    return found


def find_living_chapter(current: Version | None, slug: str) -> Chapter:
    """Return the chapter in force that is at ``slug``, or that was when the page that sends it was opened."""
    chapter = current.chapter(slug) if current else None
    chapter = chapter or find_former(current, slug).now
    if chapter is None:
        raise Http404
    return chapter
