"""The directory as points on a map, by RFC 7946: longitude before latitude, null where there is no place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from directorio.exports.columns import CHUNK
from directorio.models import City, Institution, Offer

CONTENT_TYPE = "application/geo+json"


def _geometry(cities: list[City]) -> dict[str, object] | None:
    if not cities:
        return None
    points = [[city.lon, city.lat] for city in cities]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}


def feature(entry: Any, *, kind: str, base: str) -> dict[str, object]:
    """Return ``entry`` as a feature; ``base`` goes before its address. The point is that of its city."""
    if isinstance(entry, Institution | Offer):
        cities = list(entry.cities.all())
    else:
        cities = [entry.city] if entry.city else []
    properties: dict[str, object] = {
        "tipo": kind,
        "nombre": str(entry),
        "ciudad": [city.name for city in cities],
        "enlace": f"{base}{entry.get_absolute_url()}",
    }
    for field in ("modality", "sector", "trade", "chain_link"):
        if hasattr(entry, field):
            properties[{"modality": "modalidad", "chain_link": "eslabon"}.get(field, "sector")] = str(
                getattr(entry, f"get_{field}_display")()
            )
    return {"type": "Feature", "id": entry.pk, "geometry": _geometry(cities), "properties": properties}


def chunks(entries: QuerySet[Any], *, kind: str, base: str) -> Iterator[str]:
    """Yield a FeatureCollection piece by piece."""
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for entry in entries.iterator(chunk_size=CHUNK):
        yield comma + json.dumps(feature(entry, kind=kind, base=base), ensure_ascii=False)
        comma = ","
    yield "]}"
