"""What a search gives back: frozen, with markup already safe, for page, API and tests alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from search.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result that this viewer may read now. ``…_html`` is escaped, with ``<mark>``."""

    kind: str
    id: str
    title: str
    title_html: str
    url: str
    label: str
    parent: str
    parent_id: str = ""
    """Name of what it is a part of, when results of the same one stand together (:mod:`search.gathering`)."""
    parent_url: str = ""
    place: str = ""
    """Where in it the words stand: "Página 12". ``url`` opens there."""
    snippet_html: str
    status: str
    city: str
    theme: str
    route: str
    updated: datetime
    score: float


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to narrow by."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow results; ``name`` is its parameter in the address (``tipo``, ``ciudad`` …)."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of results."""

    query: Query
    total: int = 0
    reach: int = 0
    """``total`` with what the database has just refused: pages go as far, or their last hits were lost."""
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    periods: tuple[Facet, ...] = ()
    """Counts by date: one facet whose values are since-dates (ISO)."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """How many results, on all pages, are parts of the same thing: by the thing's name (``guia-12``)."""
    for_all: bool = False
    """Whether one of the hits may be read by everybody, who is understood as the reader was."""
    did_you_mean: str = ""
    """The text whose results these are, when what was typed is not written anywhere the viewer reads."""
    begun: str = ""
    """The beginning of a word that was typed and is now ``whole``, in the same text."""
    whole: str = ""
    near: bool = False
    """Few have the word that was typed: those that have one a slip away are here too, after them."""
    related: bool = False
    """Nothing says it as typed: these say it with words near in meaning. ``near`` is true as well."""
    loose: bool = False
    """Few have all the words of the query: those that have some of them are here too."""
    wordless: bool = False
    """What was typed has no word to look for (a sign, a drawing): everything is here."""
    engine_down: bool = False
    """The engine rests: hits come from titles in the database, without facets."""
    narrower: tuple[str, ...] = ()
    """When nothing was found: single words of the query that would find something."""
    offered: str = ""
    """When nothing was found: the same text with words that are spelt nearly so, which finds something."""
    unfiltered: int = 0
    """When nothing was found: how much there is without the chosen filters."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-max(self.total, self.reach) // self.query.per_page))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or a place offered while typing."""

    title: str
    url: str
    kind: str
    label: str
    where: str = ""
    """The city or what it is a part of: titles repeat (a mesa of the same name in two cities)."""
