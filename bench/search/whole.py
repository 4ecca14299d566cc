"""A whole search, as :mod:`search.service` does it and a page pays for it.

What was typed is understood first (with few results it is asked again: in other words, for what was meant,
for some of the words), each hit is authorised, counted, marked, gathered under its guide. The sources of the
apps are put aside for some that allow everything: what the database takes for twenty hits is told by
``python -m bench``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.contrib.auth import get_user_model

from bench.search import text
from search import backends, registry, service, suggesting
from search.backends.base import Backend
from search.documents import KINDS
from search.gathering import gathered
from search.models import Pin
from search.query import Query


@contextmanager
def allowed(engine: Backend) -> Iterator[None]:
    """Let everything be read of what ``engine`` holds by somebody who sits in fifty mesas."""
    sources = [
        registry.Source(
            name=kind,
            kind=kind,
            queryset=Pin.objects.all,
            documents=lambda row: (),
            authorised=lambda ids, user: set(ids),
        )
        for kind in KINDS
    ]
    with (
        patch.dict(registry._sources, {source.name: source for source in sources}, clear=True),
        patch.dict(registry._labels, clear=True),
        patch.object(registry, "_places", []),
        patch.object(registry, "_audiences", [lambda user: text.READER]),
        patch.object(backends, "current", lambda name="": engine),
    ):
        yield


def search(typed: str) -> int:
    """Search as a page does, and return how much was found."""
    page = service.search(Query(text=typed), get_user_model()(pk=1))
    gathered(page.hits, page.parts)
    return page.total


def suggest(typed: str) -> int:
    """Offer titles as while one types, in other words too where few begin so; return how many."""
    return len(suggesting.suggest(typed, get_user_model()(pk=1)))
