"""Screens of the admin that Wagtail does not give: what to write, a guide's next version, errata."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guias import policies
from guias.actions.errata import NotThere, note_erratum, withdraw_erratum
from guias.actions.versions import start_version
from guias.forms import ErratumForm
from guias.models import Erratum, Guide, Version
from guias.models.ownership import own_routes
from guias.views.lookup import number_in
from nucleo.pagination import paginate
from nucleo.policies import require

SHOWN = 50


@require_safe
def write(request: HttpRequest) -> HttpResponse:
    """Begin to write: a new guide, or of each that she edits the next version, or the draft that is open."""
    require(policies.can_begin_to_write(request.user), _("Solo quien edita las guías puede escribirlas."))
    routes = own_routes(request.user)
    guides = Guide.objects.on_shelf().in_order().with_current().with_drafts()
    page = paginate(
        guides.filter(route__in=routes) if routes else guides, request.GET.get("pagina"), per_page=SHOWN
    )
    context = {"page_title": _("Nueva guía o nueva versión"), "header_icon": "draft", "page": page}
    return render(request, "guias/admin/write.html", context)


@require_http_methods(["GET", "POST"])
def start_next_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then make a draft that is a copy of the version in force; an open draft is gone on with."""
    guide = get_object_or_404(Guide, pk=pk)
    allowed = policies.can_write(request.user, guide)
    require(allowed, _("Solo quien edita las guías de esa ruta puede preparar una versión."))
    if request.method == "GET":
        draft = guide.versions.drafts().first()
        return render(request, "guias/admin/start_version.html", {"guide": guide, "draft": draft})
    version = start_version(guide=guide, by=request.user)
    messages.success(request, _("Este es el borrador de la versión %s.") % version.number)
    return redirect(reverse("wagtailsnippets_guias_version:edit", args=[version.pk]))


@require_http_methods(["GET", "POST"])
def errata(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is noted as wrong in a published version, note one more, or take one back."""
    version = get_object_or_404(Version.objects.select_related("guide"), pk=pk)
    allowed = policies.can_correct(request.user, version)
    require(allowed, _("Las erratas son de lo publicado, y las anota quien edita las guías."))
    if "quitar" in request.POST:
        return _withdraw(request, version)
    form = ErratumForm(request.POST or None, version=version)
    if form.is_valid():
        try:
            note_erratum(
                version=version,
                chapter=form.cleaned_data["capitulo"],
                said=form.cleaned_data["dice"],
                meant=form.cleaned_data["debe_decir"],
                by=request.user,
            )
        except NotThere:
            form.add_error("dice", _("El capítulo no dice eso. Copie las palabras tal como están."))
        else:
            messages.success(request, _("Los lectores ya ven la errata. Los archivos se hacen otra vez."))
            return redirect("guias_errata", version.pk)
    titles = {chapter.slug: chapter.title for chapter in version.chapters}
    context = {
        "page_title": _("Fe de erratas"),
        "page_subtitle": str(version),
        "header_icon": "edit",
        "version": version,
        "form": form,
        "errata": [(titles.get(one.chapter, one.chapter), one) for one in version.errata.all()],
    }
    status = 422 if form.errors else 200
    return render(request, "guias/admin/errata.html", context, status=status)


def _withdraw(request: HttpRequest, version: Version) -> HttpResponse:
    found = Erratum.objects.filter(version=version, pk=number_in(request.POST.get("quitar", "")))
    for erratum in found:
        withdraw_erratum(erratum=erratum, by=request.user)
        messages.success(request, _("Se quitó. Los archivos se hacen otra vez."))
    return redirect("guias_errata", version.pk)
