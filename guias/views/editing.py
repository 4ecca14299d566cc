"""The one screen of the admin that Wagtail does not give: starting the next version of a guide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guias.actions.versions import start_version
from guias.models import Guide
from guias.models.guides import is_editor
from nucleo.policies import require


@require_http_methods(["GET", "POST"])
def start_next_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then make a draft that is a copy of the version in force; an open draft is gone on with."""
    require(is_editor(request.user), _("Solo quien edita las guías puede preparar una versión."))
    guide = get_object_or_404(Guide, pk=pk)
    if request.method == "GET":
        draft = guide.versions.drafts().first()
        return render(request, "guias/admin/start_version.html", {"guide": guide, "draft": draft})
    version = start_version(guide=guide, by=request.user)
    messages.success(request, _("Este es el borrador de la versión %s.") % version.number)
    return redirect(reverse("wagtailsnippets_guias_version:edit", args=[version.pk]))
