"""What a reader asks for: as in the address, checked and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PER_PAGE = 20
MAX_PAGE = 50
"""Nobody reads further; deeper pages cost an engine more than they help anyone."""

RELEVANCE = "relevancia"
DATE = "fecha"
SORTS = (RELEVANCE, DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search. Values of one facet widen, facets narrow; ``until`` is included."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    within: str = ""
    """Name of what all results must be parts of (``guia-12``), or nothing."""
    exact: bool = False
    """Look for the words just as typed: neither for what may be meant by them nor for near ones."""
    page: int = 1
    per_page: int = PER_PAGE
    sort: str = RELEVANCE

    @property
    def is_blank(self) -> bool:
        """Whether nothing is asked: no text and no filter."""
        return not self.text.strip() and not self.has_filters

    @property
    def has_filters(self) -> bool:
        """Whether results are narrowed by a facet or a date."""
        facets = self.kinds or self.cities or self.themes or self.routes
        return bool(facets or self.since or self.until or self.within)

    @property
    def goes_by_date(self) -> bool:
        """Whether the day of a result decides that it is shown, or where."""
        return bool(self.sort == DATE or self.since or self.until)

    @property
    def is_of_something(self) -> bool:
        """Whether a city, a theme or a route is chosen: without words, what it is itself is listed first."""
        return bool(self.cities or self.themes or self.routes)

    def without_filters(self) -> Query:
        """Return the first page of the same text, narrowed by nothing."""
        return Query(text=self.text, exact=self.exact, per_page=self.per_page, sort=self.sort)
