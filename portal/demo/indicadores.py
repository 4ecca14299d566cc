"""The boards of the demonstration, as published with cut-off 31 March 2015; nothing is computed or mended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from portal.models import Indicator, IndicatorRow

FILE = Path(__file__).parent / "data" / "indicadores.yaml"
CUT_OFF = dt.date(2015, 3, 31)
SOURCE = "Tablero mensual de la Red Cemprende"
PESOS = {"Valor", "Promedio"}
NOTES = {
    "Población por sexo": "Los dos porcentajes no suman 100. Están así en la fuente.",
}


@transaction.atomic
def load() -> None:
    """Load both boards; the rows of an indicator are written anew only when they differ."""
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for row in data["global"]:
        _indicator("Tablero general", 1, row["n"], row["area"], row, money=False)
    for number, row in enumerate(data["microcapitalizacion"], start=1):
        _indicator("Tablero de microcapitalización", 2, number, "Microfinanciamiento", row, money=True)


def _indicator(board: str, order: int, number: int, area: str, row: dict[str, Any], *, money: bool) -> None:
    title = row["indicador"]
    indicator, _created = Indicator.objects.update_or_create(
        board=board,
        number=number,
        cut_off=CUT_OFF,
        defaults={
            "board_order": order,
            "area": area,
            "title": title,
            "source": SOURCE,
            "note": NOTES.get(title, ""),
        },
    )
    wanted = [
        (label, IndicatorRow.Unit.PESOS if money and label in PESOS else IndicatorRow.Unit.NUMBER, *figures)
        for label, *figures in row["filas"]
    ]
    kept = IndicatorRow.objects.filter(indicator=indicator).order_by("sort_order")
    if list(kept.values_list("label", "unit", "target", "result", "achieved")) != wanted:
        kept.delete()
        IndicatorRow.objects.bulk_create(
            IndicatorRow(
                indicator=indicator,
                sort_order=place,
                label=label,
                unit=unit,
                target=target,
                result=result,
                achieved=achieved,
            )
            for place, (label, unit, target, result, achieved) in enumerate(wanted)
        )
