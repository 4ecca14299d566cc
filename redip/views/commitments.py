"""The plan de acción of a mesa: its commitments, filtered, one by one, told about, and as a table."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from nucleo import files
from nucleo.pagination import paginate
from nucleo.policies import require
from nucleo.tables import csv_response
from nucleo.uploads import TYPES
from redip import policies
from redip.actions.commitments import add_commitment, report_progress
from redip.forms import CommitmentForm, ProgressForm
from redip.models import Acta, Commitment, Mesa
from redip.tables import commitment_row, commitment_state
from redip.views.lookup import find_in, inside, show
from redip.views.presenting import around

FILTERS = {
    "": gettext_lazy("Todos"),
    "mios": gettext_lazy("Los míos"),
    "atrasados": gettext_lazy("Atrasados"),
    "abiertos": gettext_lazy("Abiertos"),
    "cerrados": gettext_lazy("Cerrados"),
}
HEADER = ("Compromiso", "Quién", "Entidad", "Hasta cuándo", "Estado", "Avance", "Cerrado", "Acta")


def _of(request: HttpRequest, mesa: Mesa) -> Any:
    return Commitment.objects.visible_to(request.user).filter(mesa=mesa)


def _filtered(request: HttpRequest, mesa: Mesa) -> tuple[str, Any]:
    """Return what ``?ver=`` asks for, and the commitments that are so; an unknown word asks for all."""
    rows = _of(request, mesa)
    asked = request.GET.get("ver", "")
    chosen = {
        "mios": lambda: rows.owed_by(request.user),
        "atrasados": rows.late,
        "abiertos": rows.open,
        "cerrados": rows.closed,
    }
    if asked not in chosen:
        return "", rows
    return asked, chosen[asked]()


@require_safe
@inside
def commitments(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """List what was promised: first what is owed, by its date."""
    asked, rows = _filtered(request, mesa)
    page = paginate(rows.in_order().with_people(), request.GET.get("pagina"))
    may_report = policies.reports_on(policies.Standing(request.user, mesa))
    for row in page.object_list:
        row.mesa = mesa
    context = {
        **around(mesa, "commitments"),
        "page": page,
        "rows": [commitment_row(row, user=request.user, may_report=may_report) for row in page.object_list],
        "filters": [
            {"href": f"?ver={value}" if value else "?", "label": label, "current": value == asked}
            for value, label in FILTERS.items()
        ],
        "asked": asked,
        "base": f"ver={asked}&" if asked else "",
        "csv": mesa.address("commitments_csv") + (f"?ver={asked}" if asked else ""),
    }
    return show(request, "commitments", context)


@require_safe
@inside
def commitments_csv(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Send the same rows as a table."""
    _asked, rows = _filtered(request, mesa)
    lines = (
        (
            row.what,
            row.member.name if row.member else "",
            str(row.institution or (row.member.place if row.member else "")),
            row.until,
            commitment_state(row)["text"],
            row.progress,
            row.closed_on,
            row.acta.title if row.acta else "",
        )
        for row in rows.in_order().with_people().select_related("acta")
    )
    filename = f"compromisos-{mesa.red.city.slug}-{mesa.slug}.csv"
    return csv_response(request, [_(name) for name in HEADER], lines, filename=filename)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_commitment(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Write a commitment down; with ``?acta=`` it is one of those that a draft lists."""
    acta = _acta(request, mesa)
    form = CommitmentForm(request.POST or None, mesa=mesa, acta=acta)
    if request.method == "POST" and form.is_valid():
        made = add_commitment(mesa=mesa, by=request.user, acta=acta, **form.cleaned_data)
        messages.success(request, _("El compromiso quedó en el plan de acción."))
        return redirect(mesa.address("edit_acta", acta.pk) if acta else made.mesa.address("commitments"))
    context = {**around(mesa, "commitments"), "form": form, "acta": acta}
    return show(request, "new_commitment", context, wrong=form.is_bound)


def _acta(request: HttpRequest, mesa: Mesa) -> Acta | None:
    """Return the draft of this mesa that the address names; 404 for one of another mesa."""
    asked = request.GET.get("acta", "")
    if not asked:
        return None
    actas = Acta.objects.visible_to(request.user)
    return find_in(mesa, actas, int(asked) if asked.isdecimal() and len(asked) < 12 else 0)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def commitment(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Show one commitment and what was told of it; who may, tells how it goes."""
    found = find_in(mesa, _of(request, mesa).with_people(), pk)
    may_report = policies.can_report(request.user, found)
    form = ProgressForm(request.POST or None, request.FILES or None, initial={"percent": found.progress})
    if request.method == "POST" and form.is_valid():
        report_progress(
            commitment=found,
            by=request.user,
            text=form.cleaned_data["text"],
            percent=form.cleaned_data["percent"],
            state=form.state,
            evidence=form.cleaned_data["evidence"],
        )
        messages.success(request, _("Guardamos su avance. La mesa ya lo ve."))
        return redirect(found)
    if request.method == "POST":
        require(may_report, _("Cuenta cómo va quien se comprometió, o quien coordina la mesa."))
    context = {
        **around(mesa, "commitments"),
        "commitment": found,
        "row": commitment_row(found, user=request.user, may_report=lambda _row: may_report),
        "reports": list(found.reports.select_related("by")),
        "form": form if may_report else None,
    }
    return show(request, "commitment", context, wrong=form.is_bound)


@require_safe
@inside
def evidence(request: HttpRequest, mesa: Mesa, pk: int, report: int) -> HttpResponseBase:
    """Send the evidence that came with a report."""
    found = find_in(mesa, _of(request, mesa), pk)
    told = get_object_or_404(found.reports.exclude(evidence=""), pk=report)
    stored = told.evidence
    kind = PurePath(stored.name).suffix.lstrip(".")
    return files.send(
        request,
        files.opener(stored),
        size=stored.size,
        etag=PurePath(stored.name).stem,
        name=told.evidence_name or PurePath(stored.name).name,
        content_type=TYPES.get(kind, "application/octet-stream"),
    )
