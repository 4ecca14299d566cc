"""The agenda of the demonstration: assistance, training and gatherings that took place in 2014 and 2015.

Idempotent: an event is known by its kind, title and first day.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from directorio.models import City
from portal.models import AgendaEvent, EventKind

FILE = Path(__file__).parent / "data" / "agenda.yaml"
SOURCE = "Agenda de la Red Cemprende, corte al 31 de marzo de 2015"


@transaction.atomic
def load() -> None:
    """Load every event of the file."""
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for row in data["asistencia_tecnica"]:
        _event(EventKind.ASSISTANCE, row["tema"], row["inicio"], row["fin"], cities=[row["ciudad"]])
    for row in data["capacitacion_monitoreo"]:
        _event(
            EventKind.TRAINING,
            "Capacitación en bases de datos, verificadores y tableros",
            row["fecha"],
            row["fecha"],
            cities=row["centros"],
            details="Sesión con cada centro.",
        )
    for row in data["encuentros"]:
        _event(
            EventKind.GATHERING,
            row["nombre"],
            row["inicio"],
            row["fin"],
            cities=[],
            place=row["ciudad"],
            details=(
                f"Asistentes: {row['asistentes']}. Productos negociados: {row['productos_negociados']}. "
                f"Resultados: {'; '.join(row['resultados'])}."
            ),
        )


def _event(
    kind: str, title: str, start: dt.date, end: dt.date, *, cities: list[str], **more: str
) -> AgendaEvent:
    event, _created = AgendaEvent.objects.update_or_create(
        kind=kind,
        title=title[:160],
        starts_on=start,
        defaults={"ends_on": end, "source": SOURCE, **more},
    )
    event.cities.set(City.objects.filter(name__in=cities))
    return event
