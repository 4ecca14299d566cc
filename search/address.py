"""A search as it stands in an address, read forgivingly and written back: what is nonsense is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from search.backends.analysis import clean
from search.backends.plan import MAX_TEXT
from search.documents import KINDS
from search.query import MAX_PAGE, RELEVANCE, SORTS, Query

MANY = 20
"""Values of one facet that are read."""
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_WRITTEN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")

FIELDS = {"tipo": "kinds", "ciudad": "cities", "tema": "themes", "ruta": "routes"}
"""Parameter of each facet → field of Query."""


def read(data: QueryDict) -> Query:
    """Return the search that ``data`` asks for; never raises. Text is cut at MAX_TEXT characters.

    Two days the wrong way round mean what lies between them.
    """
    since, until = day(data.get("desde", "")), day(data.get("hasta", ""))
    if since and until and since > until:
        since, until = until, since
    return Query(
        text=clean(data.get("q", "")[: MAX_TEXT * 2]).strip()[:MAX_TEXT],
        kinds=tuple(v for v in _values(data.getlist("tipo")) if v in KINDS),
        cities=_values(data.getlist("ciudad")),
        themes=_values(data.getlist("tema")),
        routes=_values(data.getlist("ruta")),
        since=since,
        until=until,
        within=next(iter(_values([data.get("dentro", "")])), ""),
        exact=data.get("exacto") == "1",
        page=_page(data.get("pagina", "")),
        sort=next((sort for sort in SORTS if sort == data.get("orden")), RELEVANCE),
    )


def write(query: Query, **changes: Any) -> str:
    """Return the query string of ``query`` with ``changes``; the page is the first unless changed."""
    return urlencode(pairs(query, **changes))


def pairs(query: Query, **changes: Any) -> list[tuple[str, str]]:
    """Return the parameters of ``query`` with ``changes``, as a form keeps them."""
    query = replace(query, **{"page": 1, **changes})
    found: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for name, field in FIELDS.items():
        found += [(name, value) for value in getattr(query, field)]
    found += [(n, day.isoformat()) for n, day in (("desde", query.since), ("hasta", query.until)) if day]
    if query.within:
        found.append(("dentro", query.within))
    if query.exact:
        found.append(("exacto", "1"))
    if query.sort != RELEVANCE:
        found.append(("orden", query.sort))
    if query.page > 1:
        found.append(("pagina", str(query.page)))
    return found


def toggled(query: Query, name: str, value: str) -> str:
    """Return the query string with ``value`` of facet ``name`` added, or taken away when it was chosen."""
    field = FIELDS[name]
    chosen: tuple[str, ...] = getattr(query, field)
    rest = tuple(v for v in chosen if v != value)
    return write(query, **{field: rest if value in chosen else (*chosen, value)})


def _values(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if _SLUG.fullmatch(v)))[:MANY]


def day(value: str) -> date | None:
    """Return the day, also as it is written where a browser offers no calendar (31/12/2026); or None."""
    value = value.strip()[:20]
    written = _WRITTEN.fullmatch(value)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(value)
    except ValueError:
        return None


def _page(value: str) -> int:
    return min(max(int(value[:9]), 1), MAX_PAGE) if value.isdecimal() else 1
