"""Leaves word for the search index of what a change of the directory shows elsewhere too.

The one place that knows which entries name which: whoever writes an entry calls :func:`queue_entry`
inside the same transaction.
"""

from __future__ import annotations

from django.db import models

from directorio.models import Center, City, Demand, Institution, Offer, Supplier
from search import outbox

SOURCES: dict[type[models.Model], str] = {
    Center: "centro",
    Institution: "institucion",
    Offer: "oferta",
    Supplier: "proveedor",
    Demand: "demanda",
}
"""Name in the outbox of each kind of entry."""


def queue_entry(entry: models.Model) -> None:
    """Queue ``entry`` and the entries that show its name; call it also just before deleting it."""
    if isinstance(entry, City):
        for model, source in SOURCES.items():
            field = "cities" if model in (Institution, Offer) else "city"
            _queue(source, model._default_manager.filter(**{field: entry}))
        return
    if isinstance(entry, Institution):
        _queue("centro", entry.centers.all())
        _queue("oferta", entry.offers.all())
        _queue("oferta", entry.offers_together.all())
    source = SOURCES.get(type(entry))
    if source is not None:
        outbox.queue(source, entry.pk)


def _queue(source: str, rows: models.QuerySet[models.Model]) -> None:
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        outbox.queue(source, *ids)
