"""Synthetic entries of the directory: institutions, offers, suppliers and demands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from directorio.models import ChainLink, City, Demand, Institution, Offer, Sector, Supplier, Trade
from portal.demo.accounts import DOMAIN
from portal.demo.volume.prose import MARK, Prose

START = "sintetico-"
CONTACT = f"contacto@{DOMAIN}"


@transaction.atomic
def load(institutions: int, offers: int, suppliers: int, demands: int) -> int:
    """Add what is missing of each kind; return how many rows."""
    cities = list(City.objects.order_by("pk"))
    if not cities:
        return 0
    added = _add(Institution, institutions, lambda number: _institution(number))
    added += _in_cities(Institution, added, cities)
    bodies = list(Institution.objects.filter(slug__startswith=START).order_by("pk"))
    if bodies:
        fresh = _add(Offer, offers, lambda number: _offer(number, bodies))
        added += fresh + _in_cities(Offer, fresh, cities)
    added += _add(Supplier, suppliers, lambda number: _supplier(number, cities))
    return added + _add(Demand, demands, lambda number: _demand(number, cities))


def _add(model: Any, wanted: int, make: Any) -> int:
    have = model.objects.filter(slug__startswith=START).count()
    new = [make(number) for number in range(have + 1, wanted + 1)]
    return len(model.objects.bulk_create(new, batch_size=500))


def _in_cities(model: Any, fresh: int, cities: list[City]) -> int:
    """Give the last ``fresh`` rows one or two cities each; none now and then, which is the whole country."""
    link = model.cities.through
    field = f"{model._meta.model_name}_id"
    rows = []
    newest = model.objects.filter(slug__startswith=START).order_by("-pk").values_list("pk", flat=True)
    for pk in list(newest[:fresh]):
        random = Prose(f"cities-{model._meta.model_name}", pk).random
        rows += [
            link(**{field: pk, "city_id": city.pk})
            for city in random.sample(cities, random.choice([0, 1, 1, 2]))
        ]
    return len(link.objects.bulk_create(rows, batch_size=500))


def _institution(number: int) -> Institution:
    prose = Prose("institution", number)
    return Institution(
        name=f"{MARK} {number}: entidad de {prose.words(2, 4)}"[:160],
        slug=f"{START}{number}",
        acronym=f"ES{number}",
        sector=prose.random.choice(Sector.values),
        description=prose.sentence(15, 40),
        confirmed_at=timezone.localdate() - timedelta(days=prose.random.randint(0, 700)),
    )


def _offer(number: int, bodies: list[Institution]) -> Offer:
    prose = Prose("offer", number)
    return Offer(
        institution=bodies[prose.early(len(bodies))],
        title=prose.title(number),
        slug=f"{START}{number}",
        description=" ".join(prose.paragraphs(1)),
        audience=prose.sentence(4, 10),
        chain_link=prose.random.choice(ChainLink.values),
        until=timezone.localdate() + timedelta(days=prose.random.randint(-200, 400)),
        how_to_get_in=prose.sentence(),
        contact=CONTACT,
    )


def _supplier(number: int, cities: list[City]) -> Supplier:
    prose = Prose("supplier", number)
    return Supplier(
        name=prose.title(number, 5),
        slug=f"{START}{number}",
        city=prose.random.choice(cities),
        trade=prose.random.choice(Trade.values),
        products="\n".join(
            f"{prose.words(1, 3)}: {prose.words(4, 9)}" for _ in range(prose.random.randint(1, 5))
        ),
        description=prose.sentence(),
        email=CONTACT,
        consent=prose.random.random() < 0.95,
        is_demo=True,
    )


def _demand(number: int, cities: list[City]) -> Demand:
    prose = Prose("demand", number)
    published = timezone.localdate() - timedelta(days=prose.random.randint(0, 300))
    return Demand(
        company=f"{MARK} {number}: {prose.words(2, 4)}",
        title=prose.title(number),
        slug=f"{START}{number}",
        trade=prose.random.choice(Trade.values),
        description=" ".join(prose.paragraphs(1)),
        quantity=f"{prose.random.randint(5, 900)}",
        city=prose.random.choice([None, *cities]),
        published_on=published,
        until=published + timedelta(days=prose.random.randint(10, 500)),
        email=CONTACT,
        is_demo=True,
    )
