"""Remarks on a draft, in the administration: the list, one more, and the word that it is settled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.panels import Panel

from guias import policies
from guias.actions.remarks import remark, settle
from guias.forms import RemarkForm
from guias.models import Remark, Version
from guias.models.changes import became
from guias.models.remarks import who_works_on
from guias.views.lookup import number_in
from nucleo.policies import require

SHOWN = 5
"""Open remarks that stand in the form of the draft."""


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was said of a version, open ones first; once it is published it is only read."""
    version = get_object_or_404(Version.objects.visible_to(request.user).select_related("guide"), pk=pk)
    require(policies.can_read_remarks(request.user), _("Solo quien edita las guías puede ver esto."))
    if "resuelto" in request.POST:
        return _settle(request, version)
    draft = version.get_latest_revision_as_object()
    form = RemarkForm(request.POST if "palabras" in request.POST else None, version=draft)
    if form.is_valid():
        said = form.cleaned_data
        remark(version=version, chapter=said["capitulo"], words=said["palabras"], by=request.user)
        others = who_works_on(version).exclude(pk=request.user.pk).exists()
        told = _("Les avisamos a los demás que trabajan en este borrador.")
        alone = _("Nadie más trabaja todavía en este borrador: lo verá quien lo abra.")
        messages.success(request, _("Quedó. %s") % (told if others else alone))
        return redirect("guias_remarks", version.pk)
    context = {
        "page_title": _("Comentarios del borrador"),
        "page_subtitle": str(version),
        "header_icon": "comment",
        "version": version,
        "form": form,
        "may": policies.can_remark(request.user, version),
        "rows": named(draft, version.remarks.select_related("written_by", "settled_by")),
    }
    return render(request, "guias/admin/remarks.html", context, status=422 if form.errors else 200)


def _settle(request: HttpRequest, version: Version) -> HttpResponse:
    number = number_in(request.POST.get("resuelto", ""))
    one = get_object_or_404(version.remarks.visible_to(request.user), pk=number)
    if settle(remark=one, by=request.user):
        messages.success(request, _("Quedó resuelto."))
    return redirect("guias_remarks", version.pk)


def named(draft: Version, found: Any) -> list[tuple[str, Remark]]:
    """Pairs of (title of the chapter, or its address when it is gone, remark); what is open comes first.

    A chapter that the draft gave another address than it has in force is still the one that was spoken of.
    """
    found = list(found)
    titles = {chapter.slug: chapter.title for chapter in draft.chapters}
    if any(one.chapter and one.chapter not in titles for one in found):
        current = draft.guide.versions.in_force().first()
        renamed = became(current.chapters, draft.chapters) if current else {}
        titles = {slug: chapter.title for slug, chapter in renamed.items()} | titles
    rows = [(titles.get(one.chapter, one.chapter), one) for one in found]
    return sorted(rows, key=lambda row: row[1].settled_at is not None)


class RemarksPanel(Panel):  # type: ignore[misc]
    """What is still open of a draft, above its form."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """For one draft."""

        template_name = "guias/admin/remarks_panel.html"

        def is_shown(self) -> bool:
            """Whether there is a draft to speak of."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Bring the first open ones and say how many more there are."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            found = list(self.instance.remarks.open().select_related("written_by")[: SHOWN + 1])
            rows = named(self.instance, found[:SHOWN])
            return {**context, "version": self.instance, "rows": rows, "more": len(found) > SHOWN}
