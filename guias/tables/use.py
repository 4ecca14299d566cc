"""How much guides are used, as the board and its files show it; both are made of the same rows.

Of guides and versions whatever was counted is said. Of places only what ``nucleo.discretion`` lets through,
month by month, of months that are over: a month that still grows would tell who came today.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from guias.enums import Route, VersionState
from guias.models import Download, GuideUse, Opinion, PlaceUse, Version
from guias.models.use import Period, month_after, month_of, start_of
from nucleo.discretion import Cell, Shown, added, shown

KEPT = 3600
"""Seconds that what is said of places stays in the cache: the dearest questions, of what hardly changes."""
ALONE, PACKED, IN_FORCE = Q(in_package=False), Q(in_package=True), VersionState.IN_FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionUse:
    """What was done with one version in the time asked for; of a guide, with all its versions together."""

    pk: int
    guide: int
    title: str
    slug: str
    route: str
    number: int
    since: date
    is_in_force: bool
    current: int = 0
    """Number of the version in force; 0 when there is none."""
    readings: int = 0
    alone: int = 0
    packed: int = 0
    kept: int = 0

    @property
    def chosen(self) -> int:
        """How often somebody chose it: a package brings all guides, wanted or not."""
        return self.readings + self.alone + self.kept

    @property
    def address(self) -> str:
        """Where it is read."""
        if self.is_in_force:
            return reverse("guias:guide", args=[self.slug])
        return reverse("guias:version", args=[self.slug, self.number])

    @property
    def route_name(self) -> str:
        """Of its guide."""
        return str(Route(self.route).label)

    def plus(self, other: VersionUse) -> VersionUse:
        """Return the same with what was done with ``other`` too."""
        return replace(
            self,
            readings=self.readings + other.readings,
            alone=self.alone + other.alone,
            packed=self.packed + other.packed,
            kept=self.kept + other.kept,
        )


@dataclass(frozen=True, slots=True)
class Places:
    """What was read and taken from which city, as far as it may be said."""

    readings: Shown[int]
    downloads: Shown[int]

    @property
    def cities(self) -> list[int]:
        """Those of which something may be said, the most read first."""
        named = self.readings.groups.keys() | self.downloads.groups.keys()
        return sorted(named, key=lambda city: (-self._figure(city), city))

    def _figure(self, city: int) -> int:
        return self.readings.groups.get(city, 0) + self.downloads.groups.get(city, 0)


class Use:
    """The use of the guides of ``routes`` (none: all) in ``period``; a query or two for each property."""

    def __init__(self, period: Period, routes: frozenset[str] = frozenset()) -> None:
        self.period, self.routes = period, routes

    def _of_routes(self, path: str) -> Q:
        return Q(**{f"{path}__in": self.routes}) if self.routes else Q()

    @property
    def _read(self) -> Any:
        found = GuideUse.objects.filter(month__range=(self.period.first, self.period.last))
        return found.filter(self._of_routes("version__guide__route"))

    @property
    def _taken(self) -> Any:
        found = Download.objects.filter(at__gte=self.period.start, at__lt=self.period.end)
        return found.filter(self._of_routes("version__guide__route"))

    # --- Guides and versions ----------------------------------------------------------------------
    @cached_property
    def versions(self) -> list[VersionUse]:
        """Every published version of a public guide with its use, by title and number."""
        figures: dict[int, dict[str, int]] = defaultdict(dict)
        read = self._read.filter(chapter="").values("version").order_by()
        for row in read.annotate(read=Sum("readings"), kept_=Sum("kept")):
            figures[row["version"]] |= {"readings": row["read"], "kept": row["kept_"]}
        taken = self._taken.values("version").order_by()
        for row in taken.annotate(alone=Count("pk", ALONE), packed=Count("pk", PACKED)):
            figures[row["version"]] |= {"alone": row["alone"], "packed": row["packed"]}
        found = Version.objects.published().filter(self._of_routes("guide__route"), guide__is_public=True)
        names = ("guide__title", "guide__slug", "guide__route", "number", "published_on", "state")
        rows = list(found.order_by("guide__title", "number").values_list("pk", "guide", *names))
        current = {guide: number for _pk, guide, *_words, number, _on, state in rows if state == IN_FORCE}
        return [
            VersionUse(
                pk=pk,
                guide=guide,
                title=title,
                slug=slug,
                route=route,
                number=number,
                since=since,
                is_in_force=state == IN_FORCE,
                current=current.get(guide, 0),
                **figures.get(pk, {}),
            )
            for pk, guide, title, slug, route, number, since, state in rows
        ]

    @cached_property
    def guides(self) -> list[VersionUse]:
        """Guides that were read or taken, all their versions together, the most used first."""
        last: dict[int, VersionUse] = {}
        for use in self.versions:
            before = last.get(use.guide)
            last[use.guide] = use.plus(before) if before and (before.chosen or before.packed) else use
        return sorted((use for use in last.values() if use.chosen), key=lambda use: (-use.chosen, use.title))

    @cached_property
    def never(self) -> list[VersionUse]:
        """Versions in force all along that nobody opened, took alone or kept, the oldest first."""
        found = [
            use
            for use in self.versions
            if use.is_in_force and not use.chosen and use.since < month_after(self.period.last)
        ]
        return sorted(found, key=lambda use: (use.since, use.title))

    @cached_property
    def in_force(self) -> int:
        """How many guides have a version in force."""
        return sum(use.is_in_force for use in self.versions)

    @cached_property
    def packages(self) -> int:
        """How many packages were taken that hold such a guide; the files of one have the same moment."""
        return int(self._taken.filter(PACKED).aggregate(n=Count("at", distinct=True))["n"])

    @cached_property
    def by_month(self) -> list[tuple[date, int, int]]:
        """Month, readings, files taken alone."""
        read = dict(self._read.filter(chapter="").values_list("month").annotate(Sum("readings")).order_by())
        counted = (
            self._taken.filter(ALONE)
            .order_by()
            .annotate(month=_which(self.period.months))
            .values_list("month")
        )
        taken = dict(counted.annotate(Count("pk")))
        return [(month, read.get(month, 0), taken.get(n, 0)) for n, month in enumerate(self.period.months)]

    # --- Chapters ---------------------------------------------------------------------------------
    @cached_property
    def chapters(self) -> dict[tuple[date, int, str], Counter[str]]:
        """Month, version and chapter → readings, and the answers ``si`` and ``no``."""
        found: dict[tuple[date, int, str], Counter[str]] = defaultdict(Counter)
        read = self._read.exclude(chapter="").values_list("month", "version", "chapter", "readings")
        for month, version, chapter, readings in read:
            found[month, version, chapter]["leido"] += readings
        said = Opinion.objects.filter(given_at__gte=self.period.start, given_at__lt=self.period.end)
        said = said.filter(self._of_routes("version__guide__route"))
        for version, chapter, helped, at in said.values_list("version", "chapter", "helped", "given_at"):
            found[month_of(timezone.localdate(at)), version, chapter]["si" if helped else "no"] += 1
        return found

    def readings_of(self, chapters: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
        """Return how often each of ``chapters`` (guide, address) was read, in whatever version."""
        wanted = set(chapters)
        found = self._read.filter(version__guide__in={guide for guide, _slug in wanted})
        rows = found.order_by().values_list("version__guide", "chapter").annotate(Sum("readings"))
        return {(guide, slug): readings for guide, slug, readings in rows if (guide, slug) in wanted}

    # --- Places -----------------------------------------------------------------------------------
    @cached_property
    def months_over(self) -> list[date]:
        """Those of the period that are over."""
        this_month = month_of(timezone.localdate())
        return [month for month in self.period.months if month < this_month]

    @cached_property
    def places(self) -> dict[tuple[date, str], Places]:
        """Month and route → what may be said of each city."""
        names = {f"guias:places:{month}": month for month in self.months_over}
        kept: dict[str, dict[str, Places]] = cache.get_many(names)
        missing = [month for name, month in names.items() if name not in kept]
        if missing:
            fresh = {f"guias:places:{month}": routes for month, routes in _places(missing).items()}
            cache.set_many(fresh, KEPT)
            kept |= fresh
        return {
            (month, route): places
            for name, month in names.items()
            for route, places in sorted(kept[name].items())
            if not self.routes or route in self.routes
        }

    def places_of(self, *, route: str = "") -> Places:
        """Return what may be said of all months together, of one route or of all."""
        found = [places for (_month, at), places in self.places.items() if route in ("", at)]
        return Places(added(one.readings for one in found), added(one.downloads for one in found))

    @cached_property
    def holders(self) -> dict[int, Shown[int]]:
        """Old version → people who hold it and no later one, by city; of all routes."""
        found: dict[int, Shown[int]] | None = cache.get_or_set("guias:holders", _holders, KEPT)
        return found or {}

    @cached_property
    def outdated(self) -> list[tuple[VersionUse, Shown[int]]]:
        """Versions with a later one in force that are still read, taken or held; the most used first."""
        nobody: Shown[int] = Shown({}, 0)
        found = [
            (use, self.holders.get(use.pk, nobody))
            for use in self.versions
            if not use.is_in_force and use.current
        ]
        used = [(use, held) for use, held in found if use.chosen or held.total]
        return sorted(used, key=lambda one: (-one[0].chosen, -sum(one[1].groups.values()), one[0].title))


def _which(months: Sequence[date]) -> Case:
    """Say in SQL of which of ``months`` a download is: by bounds, which cost less than cutting each date."""
    whens = [
        When(at__gte=start_of(month), at__lt=start_of(month_after(month)), then=Value(number))
        for number, month in enumerate(months)
    ]
    return Case(*whens, output_field=IntegerField())


def _places(months: Sequence[date]) -> dict[date, dict[str, Places]]:
    """Return what may be said of ``months``, which are over, by route."""
    read = PlaceUse.objects.filter(month__in=months)
    taken = Download.objects.filter(
        ALONE, at__gte=start_of(months[0]), at__lt=start_of(month_after(months[-1]))
    )
    counted = (
        taken.order_by()
        .annotate(month=_which(months))
        .exclude(month=None)
        .values_list("month", "version__guide__route", "city")
        .annotate(Count("pk"), Count("user", distinct=True))
    )
    readings = _shown(read.values_list("month", "route", "city", "readings", "people"))
    downloads = _shown((months[month], *rest) for month, *rest in counted)
    none: Shown[int] = Shown({}, 0)
    found: dict[date, dict[str, Places]] = {month: {} for month in months}
    for month, route in readings.keys() | downloads.keys():
        key = (month, route)
        found[month][route] = Places(readings.get(key, none), downloads.get(key, none))
    return found


def _holders() -> dict[int, Shown[int]]:
    """Return by version, of those that are no longer in force, who holds it and no later one, by city."""
    later = Download.objects.filter(
        user=OuterRef("user"),
        version__guide=OuterRef("version__guide"),
        version__number__gt=OuterRef("version__number"),
    )
    found = Download.objects.filter(version__state=VersionState.RETIRED, user__is_active=True)
    counted = found.exclude(Exists(later)).order_by().values_list("version", "user__city")
    rows: dict[int, dict[int | None, int]] = defaultdict(dict)
    for version, city, people in counted.annotate(Count("user", distinct=True)):
        rows[version][city] = people
    return {
        version: shown(
            {city: Cell(people, people) for city, people in cities.items() if city is not None},
            cities.get(None, 0),
        )
        for version, cities in rows.items()
    }


def _shown(rows: Iterable[Any]) -> dict[tuple[date, str], Shown[int]]:
    """Return by month and route what may be said of rows of month, route, city, figure, people."""
    cells: dict[tuple[date, str], dict[int, Cell]] = defaultdict(dict)
    nowhere: Counter[tuple[date, str]] = Counter()
    for month, route, city, figure, people in rows:
        if city is None:
            nowhere[month, route] += figure
        else:
            cells[month, route][city] = Cell(figure, people)
    return {key: shown(cells.get(key, {}), nowhere[key]) for key in cells.keys() | nowhere.keys()}
