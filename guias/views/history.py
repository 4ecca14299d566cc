"""All versions of a guide, and what changed between two."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guias.models import Version
from guias.models.changes import compare
from guias.views.lookup import find_guide, find_version


@require_http_methods(["GET", "HEAD"])
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """List the versions with date and what changed, newest first."""
    guide = find_guide(request, slug)
    found = Version.objects.visible_to(request.user).filter(guide=guide).defer("body").order_by("-number")
    return render(request, "guias/versions.html", {"guide": guide, "versions": list(found)})


@require_http_methods(["GET", "HEAD"])
def changes(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Show what changed from one version to a later one; the other way round is turned."""
    guide = find_guide(request, slug)
    if old > new:
        return redirect("guias:changes", slug, new, old)
    if old == new:
        raise Http404
    before, after = find_version(request, guide, old), find_version(request, guide, new)
    found = compare(before.chapters, after.chapters)
    context = {
        "guide": guide,
        "old": before,
        "new": after,
        "changes": [change for change in found if change.kind != "same"],
        "unchanged": [change for change in found if change.kind == "same"],
    }
    return render(request, "guias/changes.html", context)
