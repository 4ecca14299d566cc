"""Chapters to mend, in the administration: what did not help readers, and the word that it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from guias import policies
from guias.actions.opinions import attend_to_chapter
from guias.actions.reviews import attend_to_change
from guias.models import ChapterReview, Guide, Opinion
from guias.models.opinions import chapters_to_mend
from guias.views.lookup import number_in
from nucleo.policies import require
from nucleo.tables import csv_response

SHOWN = 50
"""Chapters on the page; the rest are in the CSV, and come up as these are attended to."""


@require_http_methods(["GET", "HEAD", "POST"])
def mending(request: HttpRequest) -> HttpResponse:
    """List the chapters that readers say did not help, most first; a POST says that one was attended to."""
    require(policies.can_attend_to_opinions(request.user), _("Solo quien edita las guías puede ver esto."))
    if request.method == "POST":
        return _attend(request)
    # Before the list is read: what arrives meanwhile is not attended to unseen.
    newest = Opinion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows, total = chapters_to_mend(request.user, shown=SHOWN)
    context = {
        "page_title": _("Capítulos por mejorar"),
        "header_icon": "edit",
        "wanted": [(one, policies.can_write(request.user, one.guide)) for one in _wanted(request)],
        "rows": rows,
        "total": total,
        "until": newest,
    }
    return render(request, "guias/admin/mending.html", context)


def _wanted(request: HttpRequest) -> Any:
    """Return what those who answer for chapters said must change in them, the oldest first."""
    found = ChapterReview.objects.visible_to(request.user).living().wanting_change()
    return found.with_people().order_by("wanted_at")[:SHOWN]


def _attend(request: HttpRequest) -> HttpResponse:
    if "vigencia" in request.POST:
        return _attend_to_change(request)
    guide = get_object_or_404(Guide, slug=request.POST.get("guia", ""))
    until = number_in(request.POST.get("hasta", ""))
    if not until:
        raise Http404
    count = attend_to_chapter(
        guide=guide, chapter=request.POST.get("capitulo", ""), until=until, by=request.user
    )
    said = ngettext("Quedó atendida %(n)s respuesta.", "Quedaron atendidas %(n)s respuestas.", count)
    messages.success(request, said % {"n": count})
    return redirect("guias_mending")


def _attend_to_change(request: HttpRequest) -> HttpResponse:
    wanted = ChapterReview.objects.wanting_change().with_people()
    review = get_object_or_404(wanted, pk=number_in(request.POST.get("vigencia", "")))
    if attend_to_change(review=review, seen=request.POST.get("dicho", ""), by=request.user):
        messages.success(request, _("Quedó atendido, y el capítulo revisado hoy."))
    else:
        messages.warning(request, _("Mientras lo miraba dijeron otra cosa de ese capítulo. Léala primero."))
    return redirect("guias_mending")


@require_safe
def mending_csv(request: HttpRequest) -> HttpResponse:
    """Everything that readers answered, a row an answer; nobody is named in it."""
    require(policies.can_attend_to_opinions(request.user), _("Solo quien edita las guías puede ver esto."))
    header = [_("guía"), _("versión"), _("capítulo"), _("le sirvió"), _("qué faltó"), _("palabras")]
    header += [_("fecha"), _("atendida")]
    found = Opinion.objects.visible_to(request.user).select_related("version__guide")
    found = found.defer("version__body", "version__summary").order_by("pk")
    return csv_response(request, header, (_row(one) for one in found.iterator()), filename="opiniones.csv")


def _row(opinion: Opinion) -> list[Any]:
    return [
        opinion.version.guide.title,
        opinion.version.number,
        opinion.chapter,
        opinion.helped,
        opinion.get_lack_display(),
        opinion.words,
        timezone.localdate(opinion.given_at),
        timezone.localdate(opinion.attended_at) if opinion.attended_at else None,
    ]
