"""Synthetic guides of six to nine chapters in two versions each; who took them, how much they are read."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from directorio.models import City
from guias.enums import Format, GuideState, Route, Series, VersionState
from guias.models import Download, Guide, GuideUse, PlaceUse, Version
from guias.models.use import month_of
from portal.demo.volume.parts import parts
from portal.demo.volume.people import everyone
from portal.demo.volume.prose import Prose, html

START = "sintetica-"
MONTHS = 6
"""Months in which guides were read."""
DOWNLOADS = 30
"""Files taken of each guide, on average."""
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cemprende.example/guias/sinteticas/")


@transaction.atomic
def load(wanted: int) -> int:
    """Add those that are missing, with their versions and downloads; return how many rows."""
    have = Guide.objects.filter(slug__startswith=START).count()
    people = list(everyone().values_list("pk", flat=True)[:5000])
    cities = list(City.objects.values_list("pk", flat=True))
    return sum(_add(numbers, people, cities) for numbers in parts(have, wanted))


def _add(numbers: range, people: list[int], cities: list[int]) -> int:
    guides = Guide.objects.bulk_create([_guide(number) for number in numbers])
    versions = [
        _version(guide, number, edition)
        for number, guide in zip(numbers, guides, strict=True)
        for edition in (1, 2)
    ]
    Version.objects.bulk_create(versions, batch_size=50)
    downloads = [row for version in versions for row in _downloads(version, people, cities)]
    Download.objects.bulk_create(downloads, batch_size=500)
    uses = [row for version in versions[1::2] for row in _uses(version)]
    GuideUse.objects.bulk_create(uses, batch_size=500)
    _read_from(cities)
    return len(guides) + len(versions) + len(downloads) + len(uses)


def _guide(number: int) -> Guide:
    prose = Prose("guide", number)
    return Guide(
        title=prose.title(number),
        slug=f"{START}{number}",
        series=prose.random.choice(Series.values),
        route=prose.random.choice(Route.values),
        state=GuideState.IN_FORCE,
        order=1000 + number % 20_000,
        lead=prose.sentence(10, 24),
        is_demo=True,
    )


def _version(guide: Guide, number: int, edition: int) -> Version:
    """The second edition has the chapters of the first, one of them changed and one more."""
    prose = Prose("version", number)
    chapters = [_chapter(number, n) for n in range(1, prose.random.randint(6, 9))]
    if edition == 2:
        chapters[0] = _chapter(number, 1, edition)
        chapters.append(_chapter(number, len(chapters) + 1))
    moment = prose.moment() + timedelta(days=30 * (edition - 2))
    return Version(
        guide=guide,
        number=edition,
        state=VersionState.IN_FORCE if edition == 2 else VersionState.RETIRED,
        live=True,
        first_published_at=moment,
        last_published_at=moment,
        published_on=moment.date(),
        changes=prose.sentence() if edition == 2 else "",
        summary="\n".join(prose.sentence() for _ in range(3)),
        body=chapters,
    )


def _chapter(guide: int, n: int, edition: int = 1) -> dict[str, Any]:
    place = f"{guide}/{n}"
    prose = Prose(f"chapter-{edition}", guide * 100 + n)
    texts: list[tuple[str, Any]] = []
    for _ in range(prose.random.randint(2, 4)):
        texts.append(("heading", prose.words(2, 6).capitalize()))
        texts.append(("text", html(prose.paragraphs(prose.random.randint(2, 4)))))
    steps = [{"title": prose.sentence(4, 8), "text": prose.sentence()} for _ in range(4)]
    texts.append(("steps", {"title": "", "items": _items(f"{place}/steps", steps)}))
    checks = [prose.sentence(4, 10) for _ in range(5)]
    texts.append(("checklist", {"title": "Revise", "items": _items(f"{place}/checks", checks), "note": ""}))
    return {
        "type": "chapter",
        "id": _key(place),
        "value": {
            "title": prose.words(3, 7).capitalize(),
            "slug": f"capitulo-{n}",
            "summary": _items(f"{place}/summary", [prose.sentence() for _ in range(3)]),
            "blocks": [
                {"type": kind, "id": _key(f"{place}/{at}"), "value": value}
                for at, (kind, value) in enumerate(texts)
            ],
        },
    }


def _items(place: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "id": _key(f"{place}/{n}"), "value": value} for n, value in enumerate(values)]


def _key(place: str) -> str:
    return str(uuid.uuid5(NAMESPACE, place))


def _downloads(version: Version, people: list[int], cities: list[int]) -> list[Download]:
    prose = Prose("downloads", version.pk)
    return [
        Download(
            version=version,
            format=prose.random.choice(Format.values),
            user_id=prose.random.choice(people) if people else None,
            city_id=prose.random.choice(cities) if cities else None,
            at=prose.moment(300),
        )
        for _ in range(prose.early(2 * DOWNLOADS))
    ]


def _months() -> list[date]:
    """Return the last MONTHS months, this one among them."""
    found = [month_of(timezone.localdate())]
    while len(found) < MONTHS:
        found.append(month_of(found[-1] - timedelta(days=1)))
    return found


def _uses(version: Version) -> list[GuideUse]:
    """Four guides of five are read, most of them seldom."""
    prose = Prose("uses", version.pk)
    if not prose.random.randrange(5):
        return []
    rows = []
    for month in _months():
        readings = prose.early(40)
        chapters = [(f"capitulo-{n}", prose.random.randint(0, readings)) for n in range(1, 5)]
        rows += [
            GuideUse(month=month, version=version, chapter=chapter, readings=number)
            for chapter, number in [("", readings), *chapters]
            if number
        ]
    return rows


def _read_from(cities: list[int]) -> None:
    """Half of the readings are of no city, as in life."""
    if PlaceUse.objects.exists():
        return
    prose = Prose("places", 0)
    rows = [
        PlaceUse(
            month=month, route=route, city_id=city, readings=readings, people=readings and 1 + readings // 3
        )
        for month in _months()
        for route in Route.values
        for city in [None, *cities]
        for readings in [prose.early(60) if city else 300]
    ]
    PlaceUse.objects.bulk_create(rows, batch_size=500)
