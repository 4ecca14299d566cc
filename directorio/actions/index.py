"""Leaves word for the search index of what a change of the directory shows elsewhere too.

The one place that knows which entries name which: whoever writes an entry calls :func:`queue_entry`
inside the same transaction.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.cache import cache
from django.db import models, transaction
from django.utils import timezone

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

LOOKED_BACK = timedelta(days=8)
"""How long nothing may have asked what is over, and nothing is missed."""

Affected = dict[str, set[int]]


def affected(entry: models.Model) -> Affected:
    """Return the keys, by source, of ``entry`` and of the entries that show its name."""
    found: Affected = {}
    source = SOURCES.get(type(entry))
    if source is not None:
        found[source] = {entry.pk}
    if isinstance(entry, City):
        for model, name in SOURCES.items():
            field = "cities" if model in (Institution, Offer) else "city"
            found[name] = _keys(model._default_manager.filter(**{field: entry}))
    if isinstance(entry, Institution):
        found["centro"] = _keys(entry.centers.all())
        found["oferta"] = _keys(entry.offers.all()) | _keys(entry.offers_together.all())
    return found


def queue(keys: Affected) -> None:
    """Queue what :func:`affected` returned; for a deletion, which must ask before and queue after."""
    for source, pks in keys.items():
        if pks:
            outbox.queue(source, *sorted(pks))


def queue_entry(entry: models.Model) -> None:
    """Queue ``entry``, just written, and the entries that show its name."""
    queue(affected(entry))


def queue_over() -> None:
    """Queue what its term has closed lately, once a day: nobody writes it, and it is to be found as closed.

    Asked each minute, so that it happens soon after midnight.
    """
    today = timezone.localdate()
    if cache.add(f"directorio:over:{today}", 1, int(LOOKED_BACK.total_seconds())):
        with transaction.atomic():
            queue(over(today))


def over(today: date) -> Affected:
    """Return the keys, by source, of what was open until a day of the last ones before ``today``."""
    ended = {"until__lt": today, "until__gte": today - LOOKED_BACK}
    return {SOURCES[model]: _keys(model._default_manager.filter(**ended)) for model in (Offer, Demand)}


def _keys(rows: models.QuerySet[models.Model]) -> set[int]:
    return set(rows.values_list("pk", flat=True))
