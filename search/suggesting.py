"""What is offered while one types: places, and titles that the reader may open.

Knows no engine and no HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from search import registry, vocabulary
from search.audience import tokens_of
from search.backends import analysis
from search.backends.base import EngineDown, Found
from search.backends.plan import other_ways
from search.documents import SearchDocument
from search.hits import label_of
from search.permission import authorised, waiting
from search.results import Suggestion
from search.service import ready_engine

SUGGESTIONS = 6
PLACES = 2
"""Places among them, at most."""
WAYS = 3
"""Other ways to say what is typed that titles are looked for by, when its own words find too few."""


def suggest(
    text: str, viewer: Any, limit: int = SUGGESTIONS, kinds: Collection[str] = ()
) -> list[Suggestion]:
    """Return places, and titles (of ``kinds``) that begin to say ``text`` and that ``viewer`` may read.

    An acronym brings the titles that say its words, as a synonym does. Of any kind, places too: they are
    public. No titles when the engine rests.
    """
    words = analysis.tokens(analysis.clean(text)[:80])[:8]
    if not words or (len(words) == 1 and len(words[0]) < 2):
        return []
    places = [] if kinds else registry.places(" ".join(words))[:PLACES]
    offered = [Suggestion(place.name, place.url, "", _("Ciudad")) for place in places]
    try:
        found = _titles(text, words, viewer, limit - len(offered), kinds)
    except EngineDown:
        return offered
    documents = [one.document for one in found]
    return offered + [
        Suggestion(one.title, one.url, one.kind, label_of(one), where)
        for one, where in zip(documents, _places(documents), strict=True)
    ]


def _places(documents: list[SearchDocument]) -> list[str]:
    """Return for each document its city, or what it is a part of: what its title does not say already.

    Both for those that would still read alike.
    """
    cities = registry.labels("ciudad", {one.city for one in documents if one.city})
    known = [
        [place for place in (cities.get(one.city, ""), one.parent) if _adds(place, one.title)]
        for one in documents
    ]
    short = ["".join(places[:1]) for places in known]
    alike = Counter((one.title, label_of(one), place) for one, place in zip(documents, short, strict=True))
    return [
        " · ".join(places) if alike[one.title, label_of(one), place] > 1 else place
        for one, places, place in zip(documents, known, short, strict=True)
    ]


def _adds(place: str, title: str) -> bool:
    return bool(set(analysis.tokens(place)) - set(analysis.tokens(title)))


def _titles(text: str, words: list[str], viewer: Any, limit: int, kinds: Collection[str]) -> list[Found]:
    """Return documents whose titles begin to say ``words``; with too few, also another way to say it."""
    engine, audience = ready_engine(), tokens_of(viewer)
    hidden = waiting(engine, viewer).refused
    found: dict[str, Found] = {}
    for way in [tuple(words), *other_ways(text, vocabulary.synonyms())[:WAYS]]:
        documents = engine.suggest(way, audience, limit * 3, kinds, hidden)
        found |= {one.document.key: one for one in authorised([Found(d, 0.0) for d in documents], viewer)}
        if len(found) >= limit:
            break
    return list(found.values())[:limit]
