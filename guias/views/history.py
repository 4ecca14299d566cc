"""All versions of a guide, and what changed between two."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guias.enums import VersionState
from guias.exports.changes import sheet_name
from guias.models import Version
from guias.models.changes import compare
from guias.tasks import ask_for_sheet
from guias.views.files import still_preparing
from guias.views.lookup import current_version, find_guide, find_version
from nucleo.files import reads_at_page, send


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
    newest = None if after.state == VersionState.IN_FORCE else current_version(guide)
    found = compare(before.chapters, after.chapters)
    context = {
        "guide": after.guide_then,
        "old": before,
        "new": after,
        "changes": [change for change in found if change.kind != "same"],
        "newest": newest if newest and newest.number > new else None,
        "unchanged": [change for change in found if change.kind == "same"],
    }
    return render(request, "guias/changes.html", context)


@require_http_methods(["GET", "HEAD"])
def changes_sheet(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponseBase:
    """Send what changed on one sheet of paper; of two versions that nobody asked for, once it is drawn."""
    guide = find_guide(request, slug)
    before, after = find_version(request, guide, old), find_version(request, guide, new)
    if old >= new or not (before.is_published and after.is_published):
        raise Http404
    name = sheet_name(before, after)
    if not default_storage.exists(name):
        ask_for_sheet(before, after)
        return still_preparing(
            request, after, _("Qué cambió desde la versión %(n)s, en una hoja.") % {"n": old}
        )
    return send(
        request,
        lambda: default_storage.open(name, "rb"),
        size=default_storage.size(name),
        etag=name.rpartition("-")[2].removesuffix(".pdf"),
        name=f"cambios-{guide.slug}-v{old}-v{new}.pdf",
        content_type="application/pdf",
        inline=reads_at_page(request, "pdf"),
    )
