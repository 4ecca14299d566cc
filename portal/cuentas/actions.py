"""What a person may do with her own data: take it along, and have it erased (Ley 1581 de 2012)."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import serializers
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cuentas.models import RequestedRole, User
from portal.cuentas.signals import account_erased

GONE = "Persona que ya no está"
PRIVATE = {"password", "session_key", "data", "seed", "digest"}
SKIPPED_APPS = {
    "admin",
    "sessions",
    "django_tasks_database",
    "mfa",
    "wagtailcore",
    "wagtailadmin",
    "wagtailusers",
}


def export(*, user: User) -> dict[str, Any]:
    """Return everything that points at ``user``, as plain values: her account and each row she wrote."""
    return {
        "cuenta": {
            "correo": user.email,
            "nombres": user.first_names,
            "apellidos": user.last_names,
            "ciudad": user.city.name if user.city else None,
            "institucion": user.institution.name if user.institution else None,
            "papel": RequestedRole(user.requested_role).label if user.requested_role else None,
            "desde": user.date_joined.isoformat(),
            "autorizo_el": user.consented_at.isoformat() if user.consented_at else None,
            "texto_autorizado": user.consent_version,
            "avisos_por_correo": user.mail_notices,
        },
        "datos": {
            f"{relation.related_model._meta.verbose_name_plural} ({relation.field.verbose_name})": rows
            for relation in _relations()
            if (rows := _rows(relation, user))
        },
        "generado": timezone.now().isoformat(),
    }


def _relations() -> list[Any]:
    return [
        relation
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and not relation.related_model._meta.auto_created
        and relation.related_model._meta.app_label not in SKIPPED_APPS
    ]


def _rows(relation: Any, user: User) -> list[dict[str, Any]]:
    found = relation.related_model._base_manager.filter(**{relation.field.name: user})
    return [
        {name: value for name, value in row["fields"].items() if name not in PRIVATE}
        for row in json.loads(serializers.serialize("json", found))
    ]


def stop_mail(*, user: User) -> bool:
    """Send ``user`` no more notices by mail; in the portal she still finds them. Whether that is new."""
    return bool(User.objects.filter(pk=user.pk, mail_notices=True).update(mail_notices=False))


@transaction.atomic
def erase(*, user: User) -> None:
    """Close the account and take away all that names the person; what she wrote stays, unsigned.

    Posts, commitments and minutes belong to conversations of many: they stay as by "Persona que ya no
    está". Her addresses, second factors, notices, awaited searches and open sessions go.
    """
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.notices.all().delete()
    user.search_alerts.all().delete()
    account_erased.send(sender=User, user=user)
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"borrada-{user.pk}@invalid.invalid"
    user.first_names, user.last_names = str(_(GONE)), ""
    user.city = user.institution = None
    user.requested_role = ""
    user.is_active = user.is_staff = user.is_superuser = user.mail_notices = False
    user.set_unusable_password()
    user.save()
    _close_sessions(user)


def _close_sessions(user: User) -> None:
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
