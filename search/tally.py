"""How often what is searched, and whether it was found: for editors, without persons.

Counted by week and by the words alone. What looks like a person (an address of mail, a long number) is not
counted at all. "Found" means something that everybody may read: otherwise the count would tell editors that a
mesa's papers say these words. Counts gather in memory for some seconds, so that no search waits for a
write; a process that is killed loses those seconds.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from search.backends import analysis
from search.backends.plan import stopwords
from search.models import SearchTally

logger = logging.getLogger(__name__)

KEPT = timedelta(days=90)
LONGEST = 100
REPEATED = 1800
"""Seconds in which the same words of one person are the same search."""
MAX_WAITING = 5_000
"""Different queries that may wait; more within some seconds are no readers."""
_PERSONAL = re.compile(r"@|\d{6,}|\d[\d. -]{7,}\d")


@dataclass
class Count:
    """What is to be added to a row."""

    text: str = ""
    searched: int = 0
    empty: int = 0
    opened: int = 0


_waiting: dict[tuple[date, str], Count] = defaultdict(Count)
_mutex = threading.Lock()
_timer: threading.Timer | None = None


def monday(day: date) -> date:
    """Return the first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def note_search(text: str, *, found: bool, who: str = "") -> None:
    """Count a search; ``found`` says whether everybody would have found something.

    ``who`` (a key of a rate limit) is forgotten after REPEATED: meanwhile the same words of the same person
    count once, since who goes back and forth between results and list has not searched again.
    """
    if not who or _is_first(who, analysis.key(text)):
        _note(text, Count(searched=1, empty=0 if found else 1))


def _is_first(who: str, key: str) -> bool:
    mark = salted_hmac("search.tally", f"{who} {key}").hexdigest()[:32]
    return bool(cache.add(f"buscado:{mark}", 1, REPEATED))


def note_opened(text: str) -> None:
    """Count that a result of this search was opened."""
    _note(text, Count(opened=1))


def _note(text: str, more: Count) -> None:
    text = " ".join(analysis.clean(text).split())[:LONGEST]
    key = analysis.key(text)
    if not key or _PERSONAL.search(text):
        return
    with _mutex:
        place = (monday(timezone.localdate()), key[:200])
        if place not in _waiting and len(_waiting) >= MAX_WAITING:
            return
        count = _waiting[place]
        count.text = count.text or text
        count.searched += more.searched
        count.empty += more.empty
        count.opened += more.opened
        _start_timer()


def _start_timer() -> None:
    global _timer
    if _timer is None and settings.SEARCH_TALLY_SECONDS:
        _timer = threading.Timer(settings.SEARCH_TALLY_SECONDS, _flush_in_thread)
        _timer.daemon = True
        _timer.start()


def _flush_in_thread() -> None:
    try:
        flush()
    except DatabaseError:
        logger.exception("Searches could not be counted")
    finally:
        connection.close()


def flush() -> int:
    """Write what waits; return how many rows were touched. Weeks older than KEPT are removed."""
    global _timer
    with _mutex:
        taken = dict(_waiting)
        _waiting.clear()
        _timer = None
    with transaction.atomic():
        for (week, key), count in sorted(taken.items()):
            row, _new = SearchTally.objects.get_or_create(week=week, key=key, defaults={"text": count.text})
            SearchTally.objects.filter(pk=row.pk).update(
                searched=F("searched") + count.searched,
                empty=F("empty") + count.empty,
                opened=F("opened") + count.opened,
            )
        SearchTally.objects.filter(week__lt=monday(timezone.localdate() - KEPT)).delete()
    return len(taken)


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
    found and nobody opened a result).
    """
    rows = SearchTally.objects.all() if week is None else SearchTally.objects.filter(week=week)
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
    small = {analysis.normal(word) for word in stopwords()}
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
