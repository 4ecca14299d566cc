"""The way of an acta on the screen: list, sheet, draft with its open conflicts, approval, paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nucleo.dates import when
from nucleo.pagination import paginate
from nucleo.policies import require
from redip import policies
from redip.actions import actas as acting
from redip.actions.conflicts import Conflict
from redip.exports import paper
from redip.forms import ActaForm, ChangeForm
from redip.models import Acta, Meeting, Mesa
from redip.models.sheets import sheet
from redip.tables import acta_row, acta_state, meeting_facts, meeting_row
from redip.views.lookup import find_in, inside, show
from redip.views.presenting import around, saved_meanwhile, waiting_actas
from redip.views.sending import send_paper


def _find(request: HttpRequest, mesa: Mesa, pk: int) -> Acta:
    rows = Acta.objects.visible_to(request.user).select_related("meeting", "wanted_by", "updated_by")
    acta = find_in(mesa, rows, pk)
    acta.meeting.mesa = mesa
    return acta


@require_safe
@inside
def actas(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """List the actas, the meetings that come, and those that were held and have no acta yet."""
    mine = waiting_actas(request.user)
    page = paginate(
        Acta.objects.visible_to(request.user).filter(mesa=mesa).without_text().select_related("meeting"),
        request.GET.get("pagina"),
    )
    meetings = Meeting.objects.visible_to(request.user).filter(mesa=mesa, acta__isnull=True)
    coming, held = list(meetings.upcoming()[:10]), list(meetings.past()[:10])
    for row in [*page.object_list, *coming, *held]:
        row.mesa = mesa
    context = {
        **around(mesa, "actas"),
        "page": page,
        "rows": [acta_row(row, waits_for_me=row.pk in mine) for row in page.object_list],
        "coming": [meeting_row(row) for row in coming],
        "held": [meeting_row(row) for row in held],
    }
    return show(request, "actas", context)


@require_safe
@inside
def acta(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Show the sheet, and beside it what the reader may do with it now."""
    return _sheet(request, mesa, _find(request, mesa, pk), ChangeForm())


def _sheet(request: HttpRequest, mesa: Mesa, acta: Acta, form: ChangeForm) -> HttpResponse:
    user = request.user
    present = list(acta.attendees.select_related("member"))
    shown = sheet(acta)
    context = {
        **around(mesa, "actas"),
        "acta": acta,
        "pill": acta_state(acta),
        "sheet": shown,
        "when": when(shown["starts_at"], shown["ends_at"]),
        "present": present,
        "approved": sum(row.approved_at is not None for row in present),
        "may_edit": policies.can_edit_acta(user, acta),
        "may_send": bool(present) and policies.can_send_acta(user, acta),
        "may_approve": policies.can_approve_acta(user, acta),
        "may_ask": policies.can_ask_change(user, acta),
        "mine": next((row for row in present if row.member and row.member.user_id == user.pk), None),
        "form": form,
    }
    return show(request, "acta", context, wrong=form.is_bound)


@require_safe
@inside
def pdf(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponseBase:
    """Send the sheet as a PDF: of an approved acta always the same one."""
    return send_paper(request, paper.acta(_find(request, mesa, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def edit(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Write the draft; what someone else saved meanwhile is shown beside what was typed (409)."""
    found = _find(request, mesa, pk)
    if request.method != "POST":
        require(found.is_draft, _("Esta acta ya no es un borrador. Si asistió, puede pedir un cambio."))
        return _write(request, mesa, found, ActaForm.of(found))
    form = ActaForm(request.POST, acta=found)
    if not found.is_draft:
        return _write(request, mesa, found, form, current=found, status=409)
    if not form.is_valid():
        return _write(request, mesa, found, form, status=422)
    try:
        acting.save_acta(
            acta=found,
            by=request.user,
            revision=form.cleaned_data["revision"],
            topics=form.cleaned_data["topics"],
            decisions=form.cleaned_data["decisions"],
            members=[seat.pk for seat in form.cleaned_data["members"]],
        )
    except Conflict as conflict:
        return _conflict(request, mesa, conflict.current)
    messages.success(request, _("Guardamos el borrador del acta."))
    return redirect(found)


def _conflict(request: HttpRequest, mesa: Mesa, current: Acta) -> HttpResponse:
    """Show both texts; saving again from here counts as having seen the other."""
    current = _find(request, mesa, current.pk)
    typed = request.POST.copy()
    typed["revision"] = str(current.revision)
    return _write(request, mesa, current, ActaForm(typed, acta=current), current=current, status=409)


def _write(
    request: HttpRequest,
    mesa: Mesa,
    acta: Acta,
    form: ActaForm,
    *,
    current: Acta | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form; ``current`` is what was saved meanwhile, when that is not what she opened."""
    context: dict[str, Any] = {
        **around(mesa, "actas"),
        "acta": acta,
        "meeting": meeting_facts(acta.meeting),
        "form": form,
        "closed": not acta.is_draft,
        **(saved_meanwhile(current, _parts(current)) if current and acta.is_draft else {}),
        "commitments": list(acta.commitments.select_related("member__user", "institution")),
    }
    return render(request, "redip/edit_acta.html", context, status=status)


def _parts(acta: Acta) -> list[tuple[str, str]]:
    """Return what is saved of an acta, under the names that its form uses."""
    present = "; ".join(row.name for row in acta.attendees.all())
    return [
        (_("Quiénes asistieron"), present or _("Nadie marcado")),
        (_("Temas tratados"), acta.topics),
        (_("Decisiones"), acta.decisions),
    ]


@require_POST
@inside
def send(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Send the draft to those present; a second click finds it sent."""
    found = _find(request, mesa, pk)
    if found.is_draft:
        acting.send_acta(acta=found, by=request.user)
        messages.success(request, _("Les pedimos a los asistentes que la aprueben."))
    return redirect(found)


@require_POST
@inside
def approve(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Approve it; a second click finds it approved."""
    found, user = _find(request, mesa, pk), request.user
    if not found.attendees.filter(member__user=user.pk, approved_at__isnull=False).exists():
        closed = acting.approve_acta(acta=found, by=user)
        told = (
            _("Usted aprobó el acta. Con su aprobación quedó cerrada.")
            if closed.is_frozen
            else _("Usted aprobó el acta. Falta que la aprueben otros asistentes.")
        )
        messages.success(request, told)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def ask_change(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Say what should change: the acta goes back to draft."""
    found = _find(request, mesa, pk)
    form = ChangeForm(request.POST or None)
    asked = found.is_draft and found.wanted_by_id == request.user.pk
    if request.method == "POST" and form.is_valid():
        if not (asked and found.wanted_change == form.cleaned_data["text"]):
            acting.ask_change(acta=found, by=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("El acta volvió a borrador, con lo que usted pidió arriba."))
        return redirect(found)
    require(
        policies.can_ask_change(request.user, found),
        _("Piden cambios quienes asistieron, mientras el acta está en aprobación."),
    )
    return show(
        request, "ask_change", {**around(mesa, "actas"), "acta": found, "form": form}, wrong=form.is_bound
    )
