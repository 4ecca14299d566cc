"""How often what is searched, and whether it was found: for editors, without persons.

Counted by week and by the words alone. What looks like a person (an address of mail, a long number, a given
name beside a surname) is not counted at all. "Found" means something that everybody may read: otherwise the
count would tell editors that a mesa's papers say these words. Counts gather in memory for some seconds
(``nucleo.counting``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from nucleo.counting import Gathered, is_first
from search import names
from search.backends import analysis
from search.backends.plan import stopwords
from search.models import PutAway, SearchTally

KEPT = timedelta(days=90)
LONGEST = 100
REPEATED = 1800
"""Seconds in which the same words of one person are the same search."""
_PERSONAL = re.compile(r"@|\d{6,}|\d[\d. -]{7,}\d")


def monday(day: date) -> date:
    """Return the first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def note_search(text: str, *, found: bool, who: str = "") -> None:
    """Count a search; ``found`` says whether everybody would have found something.

    ``who`` (a ``reader_key``) is forgotten after REPEATED: meanwhile the same words of the same person
    count once, since who goes back and forth between results and list has not searched again.
    """
    if not who or is_first(f"buscado {analysis.key(text)}", who, seconds=REPEATED):
        _note(text, searched=1, empty=0 if found else 1)


def note_opened(text: str) -> None:
    """Count that a result of this search was opened."""
    _note(text, opened=1)


def _note(text: str, **more: int) -> None:
    text = " ".join(analysis.asked(analysis.clean(text)).split())[:LONGEST]
    key = analysis.key(text)
    if key and not _PERSONAL.search(text) and not names.are_in(analysis.tokens(text)):
        waiting.add((monday(timezone.localdate()), key[:200], text), **more)


@transaction.atomic
def _write(taken: Mapping[tuple[date, str, str], Mapping[str, int]]) -> None:
    for (week, key, text), count in sorted(taken.items(), key=lambda one: one[0][:2]):  # as first typed
        row, _new = SearchTally.objects.get_or_create(week=week, key=key, defaults={"text": text})
        more = {name: F(name) + number for name, number in count.items()}
        SearchTally.objects.filter(pk=row.pk).update(**more)
    SearchTally.objects.filter(week__lt=monday(timezone.localdate() - KEPT)).delete()
    PutAway.objects.exclude(key__in=SearchTally.objects.values("key")).delete()


waiting: Gathered[tuple[date, str, str]] = Gathered(_write, what="Searches")
"""By week, key and text as typed. Weeks older than KEPT are removed when it is written."""


def flush() -> int:
    """Write what waits; return how many different texts that were."""
    return waiting.flush()


@dataclass(frozen=True)
class Line:
    """A query of a week or of all weeks that are kept."""

    text: str
    searched: int
    empty: int
    opened: int
    key: str = ""
    others: tuple[Line, ...] = ()
    """Queries that ask for the same in other words; the counts are of all together."""

    @property
    def keys(self) -> list[str]:
        """The keys of this query and of the others."""
        return [self.key, *(other.key for other in self.others)]


def lines(week: date | None, *, only: str = "", limit: int = 100) -> list[Line]:
    """Return what was searched in ``week`` (in all when None), the most searched first.

    ``only`` is ``vacias`` (nothing was found at least half of the times) or ``sin-abrir`` (something was
    found and nobody opened a result). What editors have put away is left out.
    """
    rows = SearchTally.objects.exclude(key__in=PutAway.objects.values("key"))
    rows = rows if week is None else rows.filter(week=week)
    found = (
        rows.values("key")
        .annotate(times=Sum("searched"), none=Sum("empty"), clicks=Sum("opened"))
        .filter(times__gt=0)
        .order_by("-times", "key")
    )
    if only == "vacias":
        found = found.filter(none__gt=0, none__gte=F("times") / 2.0)
    elif only == "sin-abrir":
        found = found.filter(clicks=0, none__lt=F("times") / 2.0)
    found = found[:limit]
    texts = dict(rows.filter(key__in=[row["key"] for row in found]).values_list("key", "text"))
    return [Line(texts[row["key"]], row["times"], row["none"], row["clicks"], row["key"]) for row in found]


def grouped(found: Iterable[Line]) -> list[Line]:
    """Return the queries by likeness, each group under its first, the most searched group first."""
    small = {analysis.stemmed(word) for word in stopwords()}
    groups: dict[str, list[Line]] = {}
    for line in found:
        subject = " ".join(word for word in line.key.split() if word not in small) or line.key
        alike = next((one for one in groups if analysis.alike(one, subject)), subject)
        groups.setdefault(alike, []).append(line)
    return sorted(map(_together, groups.values()), key=lambda line: -line.searched)


def _together(group: list[Line]) -> Line:
    searched, empty, opened = (
        sum(getattr(line, name) for line in group) for name in ("searched", "empty", "opened")
    )
    first, *others = group
    return replace(first, searched=searched, empty=empty, opened=opened, others=tuple(others))


def weeks() -> list[date]:
    """Return the weeks that have counts, the last first."""
    return list(SearchTally.objects.order_by("-week").values_list("week", flat=True).distinct())
