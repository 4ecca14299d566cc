"""One way to narrow a list: its values, the rows of each, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise

from directorio.models import City

Text = str | Promise
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet as shown: how many rows it would give under the other filters."""

    value: str
    label: Text
    count: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A facet: ``name`` is its parameter. ``count`` gives the number of distinct rows by value, one query.

    ``labels`` gives all values with their words, in order. ``quiet`` facets show only once chosen.
    """

    name: str
    title: Text
    labels: Callable[[], Mapping[str, Text]]
    condition: Callable[[list[str]], Q]
    count: Callable[[Rows], Mapping[str, int]]
    quiet: bool = False


def of_choices(name: str, title: Text, field: str, choices: Iterable[tuple[str, Text]]) -> Facet:
    """Return the facet of a field with choices."""
    labels = dict(choices)

    def count(rows: Rows) -> dict[str, int]:
        found = rows.order_by().values_list(field).annotate(n=Count("pk", distinct=True))
        return dict(found)

    return Facet(
        name=name,
        title=title,
        labels=lambda: labels,
        condition=lambda values: Q(**{f"{field}__in": values}),
        count=count,
    )


def of_conditions(name: str, title: Text, cases: Callable[[], Mapping[str, tuple[Text, Q]]]) -> Facet:
    """Return a facet whose values are conditions that exclude one another (``abierto``, ``por-abrir``)."""

    def condition(values: list[str]) -> Q:
        known = cases()
        wanted = Q()
        for value in values:
            wanted |= known[value][1]
        return wanted

    def count(rows: Rows) -> dict[str, int]:
        whens = [When(test, then=Value(value)) for value, (_label, test) in cases().items()]
        kind = Case(*whens, default=Value(""), output_field=CharField())
        return dict(
            rows.order_by().annotate(_kind=kind).values_list("_kind").annotate(n=Count("pk", distinct=True))
        )

    return Facet(
        name=name,
        title=title,
        labels=lambda: {value: label for value, (label, _test) in cases().items()},
        condition=condition,
        count=count,
    )


def of_cities(title: Text, *paths: str, everywhere: str = "", quiet: bool = False) -> Facet:
    """Return the facet of cities, by slug, over every relation of ``paths``.

    Rows without any ``everywhere`` relation serve the whole country: they count for each city.
    """
    nowhere = Q(**{f"{everywhere}__isnull": True}) if everywhere else Q()

    def condition(values: list[str]) -> Q:
        wanted = Q()
        for path in paths:
            wanted |= Q(**{f"{path}__slug__in": values})
        return wanted | nowhere

    def count(rows: Rows) -> dict[str, int]:
        seen: dict[str, set[int]] = defaultdict(set)
        general: set[int] = set()
        for pk, *slugs in rows.order_by().values_list("pk", *(f"{path}__slug" for path in paths)).distinct():
            for slug in filter(None, slugs):
                seen[slug].add(pk)
            if everywhere and not any(slugs):
                general.add(pk)
        if not general:
            return {slug: len(pks) for slug, pks in seen.items()}
        return defaultdict(lambda: len(general), {slug: len(pks | general) for slug, pks in seen.items()})

    return Facet(name="ciudad", title=title, labels=_cities, condition=condition, count=count, quiet=quiet)


def _cities() -> dict[str, Text]:
    return dict(City.objects.values_list("slug", "name"))
