"""The boards of indicators, as they were published: what counts first, then tables, and a file.

No figure is computed: only how long a bar is, and how many of the published goals were reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nucleo.tables import csv_response
from portal.models import Indicator, IndicatorRow

FIRST = 3
"""Figures that an area shows before its table."""
WHOLE = 100


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Each board with its areas and their indicators."""
    found = list(Indicator.objects.in_order())
    boards = []
    for name, of_board in groupby(found, key=lambda one: one.board):
        rows = list(of_board)
        areas = [_area(area, group) for area, group in groupby(rows, key=lambda one: one.area)]
        boards.append({"name": name, "areas": areas, "cut_off": rows[0].cut_off, "source": rows[0].source})
    return render(request, "portal/indicators.html", {"boards": boards, "total": len(found)})


def _area(name: str, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """Return what an area shows: ``first`` a goal of each indicator, ``goals``, ``groups`` of its table."""
    groups = [_group(one, list(one.rows.all())) for one in indicators]
    figures = [figure for group in groups for figure in group["figures"]]
    goals = [one for one in figures if one["goal"]]
    each = [next((one for one in group["figures"] if one["goal"]), None) for group in groups]
    first = [one for one in each if one]
    first += [one for one in goals if one not in first]
    return {
        "name": name,
        "first": (first or figures)[:FIRST],
        "goals": len(goals),
        "reached": sum(one["row"].achieved >= WHOLE for one in goals),
        "total": len(figures),
        "groups": groups,
    }


def _group(indicator: Indicator, rows: Sequence[IndicatorRow]) -> dict[str, Any]:
    """Return an indicator with its rows; a lone row takes the name of its indicator instead of «Total»."""
    title = indicator.title if len(rows) > 1 else ""
    most = (
        0
        if any(row.target is not None for row in rows)
        else max((row.result or 0 for row in rows), default=0)
    )
    return {
        "title": title,
        "note": indicator.note,
        "figures": [
            {
                "row": row,
                "title": title,
                "label": row.label if title else indicator.title,
                "goal": row.target is not None and row.achieved is not None,
                "bar": _bar(row, most if title else 0),
                "share": row.target is None,
            }
            for row in rows
        ],
    }


def _bar(row: IndicatorRow, most: int) -> int | None:
    """Return how much of its goal a row reached, at most all of it; without a goal, its part of ``most``."""
    if row.target is not None and row.achieved is not None:
        return min(row.achieved, WHOLE)
    return round(WHOLE * row.result / most) if row.result and most else None


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
