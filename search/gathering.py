"""Results of one page that are parts of the same thing stand together: the chapters of a guide.

Over the page and not in the engine: one of the two cannot collapse results. So it is the same on both, totals
and pages stay as they are, and only what this reader may read is looked at. Knows no engine and no HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.documents import name_of
from search.results import Hit

SHOWN = 2
"""Parts of one thing that are shown; the others are one link away. Three found no more in the first five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What has one place in the list: a result, or several that are the same thing and its parts."""

    hits: tuple[Hit, ...]
    """Best first; the thing itself is among them when it was found too."""
    id: str = ""
    """Name of the thing (``guia-12``) when they are several."""
    title: str = ""
    url: str = ""
    more: int = 0
    """Further parts of it that were found: not shown here, or on other pages."""

    @property
    def is_headed(self) -> bool:
        """Whether the best of them is the thing itself, so that its result is the heading of the others."""
        return bool(self.id) and self.hits[0].parent_id != self.id


def gathered(hits: Iterable[Hit], counts: Mapping[str, int]) -> tuple[Entry, ...]:
    """Return the hits in their order, those of one thing together at the place of the best of them.

    ``counts`` says how many parts of each thing were found on all pages.
    """
    families: dict[str, list[Hit]] = {}
    for hit in hits:
        families.setdefault(hit.parent_id or name_of(hit.kind, hit.id), []).append(hit)
    return tuple(_entry(name, family, counts.get(name, 0)) for name, family in families.items())


def _entry(name: str, family: list[Hit], count: int) -> Entry:
    if len(family) == 1:
        return Entry(hits=(family[0],))
    parts = [hit for hit in family if hit.parent_id]
    shown = parts[:SHOWN]
    return Entry(
        hits=tuple(hit for hit in family if hit in shown or not hit.parent_id),
        id=name,
        title=parts[0].parent,
        url=parts[0].parent_url,
        more=max(count, len(parts)) - len(shown),
    )
