"""The boards of indicators, as tables and as a file; as they were published, with their date."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nucleo.tables import csv_response
from portal.models import Indicator


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Each board with its areas and their indicators."""
    found = list(Indicator.objects.in_order())
    boards = []
    for name, of_board in groupby(found, key=lambda one: one.board):
        rows = list(of_board)
        areas = [(area, list(group)) for area, group in groupby(rows, key=lambda one: one.area)]
        boards.append({"name": name, "areas": areas, "cut_off": rows[0].cut_off, "source": rows[0].source})
    return render(request, "portal/indicators.html", {"boards": boards, "total": len(found)})


@require_safe
def indicators_csv(request: HttpRequest) -> HttpResponse:
    """Every row of every board."""
    header = [
        _("tablero"),
        _("número"),
        _("área"),
        _("indicador"),
        _("qué se cuenta"),
        _("unidad"),
        _("meta"),
        _("resultado"),
        _("cumplimiento (%)"),
        _("fecha de corte"),
        _("fuente"),
    ]
    rows = (
        [
            one.board,
            one.number,
            one.area,
            one.title,
            row.label,
            row.get_unit_display(),
            row.target,
            row.result,
            row.achieved,
            one.cut_off,
            one.source,
        ]
        for one in Indicator.objects.in_order()
        for row in one.rows.all()
    )
    return csv_response(request, header, rows, filename="indicadores-red-cemprende.csv")
