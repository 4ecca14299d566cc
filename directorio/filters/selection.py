"""What one address asks of one list: text and chosen values, and the rows and counts that follow.

Unknown parameters and values are ignored without a word: a link kept on paper goes on working.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from directorio.filters.facets import Facet, Option, Text
from directorio.filters.listings import Listing
from nucleo.folding import MAX_LENGTH, folded, words

MANY = 5_000
"""Keys that are handed over as such; with more, the database looks again each time."""


@dataclass(frozen=True, slots=True)
class FacetShown:
    """A facet ready for its template."""

    name: str
    title: Text
    options: list[Option]


class Selection:
    """A list narrowed by the parameters of an address, for one person."""

    def __init__(self, listing: Listing, params: QueryDict, user: Any) -> None:
        """Read ``q`` and every facet of ``listing`` from ``params``."""
        self.listing = listing
        self.user = user
        self.text = params.get("q", "").replace("\x00", "").strip()[:MAX_LENGTH]
        self._asked = {facet.name: params.getlist(facet.name) for facet in listing.facets}

    @cached_property
    def _labels(self) -> dict[str, dict[str, Text]]:
        return {
            facet.name: dict(facet.labels()) for facet in self.listing.facets if self._needs_labels(facet)
        }

    def _needs_labels(self, facet: Facet) -> bool:
        return not facet.quiet or bool(self._asked[facet.name])

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """Known values by facet, in the facet's own order."""
        found = {}
        for name, labels in self._labels.items():
            asked = set(self._asked[name])
            if values := [value for value in labels if value in asked]:
                found[name] = values
        return found

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked."""
        return bool(self.text or self.chosen)

    @cached_property
    def _found(self) -> QuerySet[Any]:
        """All rows whose text holds each word, looked for once: counts and page then go by key."""
        model = self.listing.rows(self.user).model
        everything: QuerySet[Any] = model._default_manager.visible_to(self.user)
        wanted = words(self.text)
        if not wanted:
            return everything
        rows = everything.annotate(_text=folded(*self.listing.text))
        for word in wanted:
            test = Q(_text__contains=word)
            if self.listing.related_text:
                related = model._default_manager.annotate(_related=folded(*self.listing.related_text))
                test |= Q(pk__in=related.filter(_related__contains=word).order_by().values("pk"))
            rows = rows.filter(test)
        keys = list(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
        return rows if len(keys) > MANY else everything.filter(pk__in=keys)

    def _narrowed(self, *, without: str = "") -> QuerySet[Any]:
        rows = self._found
        everything = rows.model._default_manager
        for facet in self.listing.facets:
            if facet.name in self.chosen and facet.name != without:
                condition = facet.condition(self.chosen[facet.name])
                rows = rows.filter(pk__in=everything.filter(condition).order_by().values("pk"))
        return rows

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The rows asked for, each once, with what the list shows, in the list's order."""
        shown = self.listing.rows(self.user)
        shown = shown.order_by(*(shown.model._meta.ordering or ()), "pk")
        if not self.is_narrowed:
            return shown
        return shown.filter(pk__in=self._narrowed().order_by().values("pk"))

    def facets(self) -> list[FacetShown]:
        """Facets with the counts that each value has under the other filters; one query a facet."""
        shown = []
        for facet in self.listing.facets:
            labels = self._labels.get(facet.name)
            if labels is None:
                continue
            counts = facet.count(self._narrowed(without=facet.name))
            options = [
                Option(value, label, _count(counts, value), value in self.chosen.get(facet.name, []))
                for value, label in labels.items()
            ]
            options = [option for option in options if option.current or (option.count and not facet.quiet)]
            if options:
                shown.append(FacetShown(facet.name, facet.title, options))
        return shown

    def query(self, **instead: str) -> str:
        """The address's query that asks the same, in a fixed order; empty when nothing is asked.

        ``instead`` gives one value to a facet in place of those chosen; an empty one takes them away.
        """
        pairs = [("q", self.text)] if self.text else []
        for facet in self.listing.facets:
            values = [instead[facet.name]] if facet.name in instead else self.chosen.get(facet.name, [])
            pairs += [(facet.name, value) for value in values if value]
        return urlencode(pairs)


def _count(counts: Any, value: str) -> int:
    try:
        return int(counts[value])
    except KeyError:
        return 0
