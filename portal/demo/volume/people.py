"""Synthetic people: accounts that nobody can enter, marked in their names."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from directorio.models import City
from portal.cuentas.consent import CONSENT_VERSION
from portal.cuentas.models import RequestedRole, User
from portal.demo.accounts import DOMAIN
from portal.demo.volume.prose import Prose

START = "sintetica-"
NO_PASSWORD = "!"  # noqa: S105  as Django writes that no password opens the account


@transaction.atomic
def load(wanted: int) -> int:
    """Add those that are missing; return how many."""
    have = everyone().count()
    cities = list(City.objects.order_by("pk"))
    new = [_person(number, cities) for number in range(have + 1, wanted + 1)]
    return len(User.objects.bulk_create(new, batch_size=500))


def everyone() -> QuerySet[User]:
    """Return the synthetic people, in the order they were made."""
    return User.objects.filter(email__startswith=START).order_by("pk")


def _person(number: int, cities: list[City]) -> User:
    random = Prose("person", number).random
    return User(
        email=f"{START}{number}@{DOMAIN}",
        password=NO_PASSWORD,
        first_names=f"Persona {number}",
        last_names="(sintética)",
        city=random.choice(cities) if cities else None,
        requested_role=random.choice(RequestedRole.values),
        consented_at=timezone.now(),
        consent_version=CONSENT_VERSION,
        mail_notices=False,
        is_demo=True,
    )
