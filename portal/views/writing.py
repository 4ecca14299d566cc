"""How a text that is being written will be read: the same renderer that publishes it, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nucleo.html import MAX_SOURCE, render_markdown
from nucleo.ratelimit import rate_limited

if TYPE_CHECKING:
    from nucleo.http import PortalRequest

looking = rate_limited("vista-previa", limit=60, seconds=300)
"""Rendering is the dearest thing a form may ask for; nobody looks more often by hand."""


@login_required
@require_POST
@looking
def preview(request: PortalRequest) -> HttpResponse:
    """Show the text of the field that ``campo`` names: as a page, or to a script the text alone."""
    source = request.POST.get(request.POST.get("campo", ""), "")
    if len(source) > MAX_SOURCE:
        sentence = _("El texto es muy largo: caben %(most)s letras.") % {"most": MAX_SOURCE}
        return render(request, "422.html", {"sentence": sentence}, status=422)
    template = "portal/_preview.html" if request.htmx else "portal/preview.html"
    return render(request, template, {"html": render_markdown(source)})
