"""The accounts of the demonstration: one a role, all clearly marked, none of a real person.

They exist only with ``PORTAL_DEMO=1``. Their password is ``DEMO_PASSWORD``; their e-mail addresses end in
``demo.example``, which no one can own, and count as confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from directorio.models import City
from portal.bootstrap import EDITORS, OPERATORS, ensure_groups
from portal.cuentas.consent import CONSENT_VERSION
from portal.cuentas.models import RequestedRole, User

DOMAIN = "demo.example"
MARK = "(demostración)"


class DemoRefused(RuntimeError):
    """Demonstration accounts were asked for on a portal that is not a demonstration."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account; ``name`` is the part before the @, ``role`` what ``make run`` prints beside it."""

    name: str
    called: str
    role: str
    city: str = ""
    group: str = ""
    says: str = RequestedRole.OTHER
    is_superuser: bool = False

    @property
    def email(self) -> str:
        """The address it signs in with."""
        return f"{self.name}@{DOMAIN}"


ACCOUNTS = (
    Account("admin", "Operador", "opera el portal", group=OPERATORS, is_superuser=True),
    Account("editora", "Editora", "edita guías y páginas", group=EDITORS),
    Account("tutora", "Tutora", "tutora de Empleabilidad"),
    Account(
        "asesor", "Asesor", "asesor del centro de Ibagué", city="Ibagué", says=RequestedRole.CENTER_STAFF
    ),
    Account(
        "miembro",
        "Miembro",
        "miembro de la mesa Microfinanzas, Cartagena",
        city="Cartagena",
        says=RequestedRole.MEMBER,
    ),
    Account(
        "otro",
        "Otro miembro",
        "miembro de la mesa Innovación, Valledupar",
        city="Valledupar",
        says=RequestedRole.MEMBER,
    ),
    Account(
        "secretaria",
        "Secretaría",
        "secretaría técnica de la red de Cartagena",
        city="Cartagena",
        says=RequestedRole.MEMBER,
    ),
    Account("nueva", "Persona nueva", "recién registrada: sus primeros mensajes esperan aprobación"),
)


def load() -> dict[str, User]:
    """Create or mend the eight accounts; return them by the part before the @."""
    ensure_groups()
    return {account.name: person(account) for account in ACCOUNTS}


@transaction.atomic
def person(account: Account) -> User:
    """Create or mend one account of the demonstration, with a confirmed address.

    Raises DemoRefused without ``PORTAL_DEMO=1``. The password is hashed anew only when it changed.
    """
    if not settings.PORTAL_DEMO:
        raise DemoRefused(
            "Las cuentas de demostración solo existen con PORTAL_DEMO=1: su clave es pública. "
            "En un portal de verdad, cree la primera cuenta con: manage.py createsuperuser"
        )
    user = User.objects.filter(email=account.email).first() or User(email=account.email)
    user.first_names, user.last_names = account.called, MARK
    user.city = City.objects.filter(name=account.city).first()
    user.requested_role = account.says
    user.is_demo = user.is_active = True
    user.is_superuser = account.is_superuser
    user.is_staff = bool(account.group)
    user.consented_at = user.consented_at or timezone.now()
    user.consent_version = user.consent_version or CONSENT_VERSION
    if not user.password or not _is_hash_of(settings.DEMO_PASSWORD, user.password):
        user.password = _hash(settings.DEMO_PASSWORD, settings.PASSWORD_HASHERS[0])
    user.save()
    if account.group:
        user.groups.add(Group.objects.get(name=account.group))
    EmailAddress.objects.update_or_create(
        user=user, email=account.email, defaults={"verified": True, "primary": True}
    )
    return user


# One hash for all: they have one password, which everybody may know. Hashing is slow on purpose, a third
# of what the demonstration took to load.
@cache
def _hash(password: str, hasher: str) -> str:
    return make_password(password)


@cache
def _is_hash_of(password: str, hashed: str) -> bool:
    return check_password(password, hashed)


def extra(name: str, called: str, *, city: str = "") -> User:
    """One more person of the demonstration, such as ``extra("miembro2", "Miembro 2", city="Cartagena")``."""
    return person(Account(name, called, "", city=city, says=RequestedRole.MEMBER))
