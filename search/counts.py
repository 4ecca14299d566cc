"""The counts beside a page of results: what the engine counted, less what the database refuses of it.

Knows no engine and no HTTP: it is handed an answer, and which documents of it this reader may not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from search import registry
from search.backends.base import Answer, Found
from search.documents import KINDS, SearchDocument
from search.query import Query
from search.results import Facet, FacetValue

FACETS = {"kind": "tipo", "city": "ciudad", "theme": "tema", "route": "ruta"}
"""Field of a document → parameter of the address."""


def facets(answer: Answer, refused: Sequence[SearchDocument], query: Query) -> tuple[Facet, ...]:
    """Return the ways to narrow, each value with how much choosing it finds; the most first."""
    chosen = {"kind": query.kinds, "city": query.cities, "theme": query.themes, "route": query.routes}
    names = {"kind": _("Qué es"), "city": _("Ciudad"), "theme": _("Tema"), "route": _("Ruta")}
    found = []
    for field, parameter in FACETS.items():
        counts = dict(answer.facets.get(field, {}))
        for document in refused:
            value = getattr(document, field)
            counts[value] = counts.get(value, 0) - 1
        counts |= {
            value: counts.get(value, 0) for value in chosen[field] if value in KINDS or field != "kind"
        }
        kept = [v for v in counts if counts[v] > 0 or v in chosen[field]]
        labels = (
            {v: str(KINDS.get(v, v)) for v in kept} if field == "kind" else registry.labels(parameter, kept)
        )
        values = [FacetValue(v, labels[v], max(0, counts[v]), v in chosen[field]) for v in kept]
        values.sort(key=lambda value: (-value.count, value.label))
        found.append(Facet(parameter, names[field], tuple(values)))
    return tuple(found)


def starts(today: date) -> list[date]:
    """Return since when is counted by date: this month, this year."""
    return sorted({today.replace(day=1), today.replace(month=1, day=1)}, reverse=True)


def periods(answer: Answer, refused: Sequence[SearchDocument], query: Query) -> tuple[Facet, ...]:
    """Return how much is of this month and of this year, as one facet of since-dates; nothing of none."""
    since = query.since.isoformat() if query.since else ""
    labels = [_("Este mes"), _("Este año")]
    counts = {
        start: count - sum(timezone.localdate(one.updated).isoformat() >= start for one in refused)
        for start, count in answer.periods.items()
    }
    values = tuple(
        FacetValue(start, label, max(0, count), start == since)
        for (start, count), label in zip(counts.items(), labels, strict=False)
        if count > 0 or start == since
    )
    return (Facet("desde", _("Fecha"), values),) if values else ()


def parts(answer: Answer, refused: Iterable[SearchDocument], pinned: Iterable[Found]) -> dict[str, int]:
    """Return how many parts of each thing the viewer finds."""
    counts = Counter(answer.facets.get("parent_id", {}))
    counts.subtract(document.parent_id for document in refused)
    counts.update(one.document.parent_id for one in pinned)
    return {name: count for name, count in counts.items() if name and count > 0}
