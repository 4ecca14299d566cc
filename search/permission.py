"""The database's word on what an engine holds: on each hit, and before it on what waits to be indexed.

The index is a cache: it may be late. A hit that is refused is taken off its page, but the engine has counted
it, and those on other pages too. So what was written and is not indexed yet is looked at before the engine is
asked, and it leaves out what this reader may no longer read: of hits, totals, facets and suggestions alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from search import registry
from search.backends.base import Backend, EngineDown, Found
from search.models import PendingChange

MOST = 1_000
"""Documents that may wait to be indexed again: each takes 23 µs. An import may bring as many new ones as it
likes (1 µs a row), since what is not in the index is not counted."""
MOST_ROWS = 20_000
"""Rows that may wait."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Keys of documents that the index holds as they were: of those ``refused`` the reader sees nothing."""

    keys: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


def waiting(engine: Backend, viewer: Any) -> Waiting:
    """Return what waits in the outbox and is in the index; a query, and mostly nothing waits.

    Raises EngineDown when too much waits to look at all of it: then the index is not what the database says,
    and to count in it would tell of what was made private. Titles are looked for until the worker is through.
    """
    changes = PendingChange.objects.order_by().values_list("source", "object_id").distinct()[: MOST_ROWS + 1]
    rows = {f"{source}:{pk}" for source, pk in changes}
    if not rows:
        return Waiting()
    if len(rows) > MOST_ROWS:
        raise EngineDown(f"more than {MOST_ROWS} changes wait to be indexed")
    keys = {known.key for known in islice(engine.versions_of(rows), MOST + 1)}
    if len(keys) > MOST:
        raise EngineDown(f"more than {MOST} documents wait to be indexed again")
    return Waiting(frozenset(keys), frozenset(keys - _readable(keys, viewer)))


def authorised(found: Iterable[Found], viewer: Any) -> list[Found]:
    """Return those that the database lets ``viewer`` read now, in order; one query a source."""
    found = list(found)
    allowed = _readable({one.document.key for one in found}, viewer)
    return [one for one in found if one.document.key in allowed]


def _readable(keys: Iterable[str], viewer: Any) -> set[str]:
    ids: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        kind, _colon, one = key.partition(":")
        ids[kind].add(one)
    return {
        f"{kind}:{one}"
        for kind, wanted in ids.items()
        for source in registry.sources_of(kind)
        for one in source.authorised(wanted, viewer)
    }
