"""Until when each chapter holds, in the administration: what is due, who answers for it, that it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from guias import policies
from guias.actions.reviews import arrange, confirm_chapter
from guias.enums import Route
from guias.forms.reviews import ArrangeForm
from guias.models import ChapterReview
from guias.models.ownership import people_who_edit
from guias.models.reviews import SOON
from guias.views.lookup import number_in
from nucleo.dates import long_date
from nucleo.pagination import paginate
from nucleo.policies import require
from nucleo.tables import csv_response

SHOWN = 50
ALL = "todos"


@require_http_methods(["GET", "HEAD", "POST"])
def validity(request: HttpRequest) -> HttpResponse:
    """List what is due or soon will be, the oldest first; a POST says that one holds, or arranges it."""
    require(policies.can_attend_to_opinions(request.user), _("Solo quien edita las guías puede ver esto."))
    if request.method == "POST":
        return _change(request)
    return _list(request)


def _all(request: HttpRequest) -> Any:
    return ChapterReview.objects.visible_to(request.user).living().with_people()


def _found(request: HttpRequest) -> Any:
    found = _all(request)
    if request.GET.get("ruta") in Route.values:
        found = found.filter(guide__route=request.GET["ruta"])
    if request.GET.get("ver") != ALL:
        found = found.filter(due_on__lte=timezone.localdate() + SOON)
    return found


def _list(
    request: HttpRequest, *, refused: ArrangeForm | None = None, pk: int = 0, status: int = 200
) -> HttpResponse:
    page = paginate(_found(request), request.GET.get("pagina"), per_page=SHOWN)
    found = list(page)
    if pk:  # what was refused comes first, also when it no longer belongs to what is listed
        found = [*_all(request).filter(pk=pk), *(review for review in found if review.pk != pk)]
    rows = [
        (
            review,
            refused if refused is not None and review.pk == pk else ArrangeForm(review=review),
            policies.can_write(request.user, review.guide),
        )
        for review in found
    ]
    chosen = {name: request.GET[name] for name in ("ruta", "ver") if request.GET.get(name)}
    context = {
        "page_title": _("Vigencia de los capítulos"),
        "header_icon": "date",
        "page": page,
        "rows": rows,
        "refused": pk,
        "routes": Route.choices,
        "chosen": chosen,
        "base": f"{urlencode(chosen)}&" if chosen else "",
        "editors": people_who_edit().order_by("email")[:SHOWN],
    }
    return render(request, "guias/admin/validity.html", context, status=status)


def _change(request: HttpRequest) -> HttpResponse:
    pk = number_in(request.POST.get("vigencia", ""))
    review = get_object_or_404(_all(request), pk=pk)
    if "vigente" in request.POST:
        confirm_chapter(review=review, by=request.user)
        messages.success(request, _("«%s» sigue vigente.") % review.title)
        return redirect(_back(request))
    form = ArrangeForm(request.POST, review=review)
    if not form.is_valid():
        return _list(request, refused=form, pk=pk, status=422)
    saved = arrange(
        review=review,
        due_on=form.cleaned_data["fecha"],
        owner=form.cleaned_data["correo"],
        months=form.cleaned_data["meses"],
        by=request.user,
        seen=request.POST.get("visto"),
    )
    if not saved:
        form.add_error(None, _told(_all(request).get(pk=pk)))
        return _list(request, refused=form, pk=pk, status=409)
    messages.success(request, _("Quedó guardado para «%s».") % review.title)
    return redirect(_back(request))


def _told(review: ChapterReview) -> str:
    """Say how another arranged it meanwhile, and that nothing of either is lost."""
    every = ngettext("cada mes", "cada %(n)s meses", review.every) % {"n": review.every}
    person = review.answerable
    return _(
        "Mientras usted escribía, otra persona guardó esto: revisar antes del %(day)s, %(every)s, %(who)s. "
        "Lo suyo sigue en pantalla y no se ha guardado. Si guarda otra vez, queda lo suyo."
    ) % {
        "day": long_date(review.due_on),
        "every": every,
        "who": _("a cargo de %s") % person if person else _("sin persona a cargo"),
    }


def _back(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('guias_validity')}?{query}" if query else reverse("guias_validity")


@require_safe
def validity_csv(request: HttpRequest) -> HttpResponse:
    """Each chapter that is read, with its date, its person and what was said of it."""
    require(policies.can_attend_to_opinions(request.user), _("Solo quien edita las guías puede ver esto."))
    header = [
        _("guía"),
        _("ruta"),
        _("capítulo"),
        _("título"),
        _("revisar antes de"),
        _("cada cuántos meses"),
    ]
    header += [_("quién responde"), _("preguntado"), _("recordado"), _("revisado"), _("quién lo revisó")]
    header += [_("qué hay que cambiar"), _("quién lo dijo"), _("cuándo lo dijo")]
    rows = (_row(one) for one in _all(request).iterator())
    return csv_response(request, header, rows, filename="vigencia.csv")


def _row(review: ChapterReview) -> list[Any]:
    return [
        review.guide.title,
        review.guide.get_route_display(),
        review.number,
        review.title,
        review.due_on,
        review.every,
        review.answerable,
        *(_day(moment) for moment in (review.asked_at, review.reminded_at, review.reviewed_at)),
        review.reviewed_by,
        review.wanted,
        review.wanted_by,
        _day(review.wanted_at),
    ]


def _day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None
