"""Which reply is the answer, and which questions are asked so often that the theme shows them first."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.actions.counts import locked
from comunidad.enums import Verb
from comunidad.models import Reply, Resource
from nucleo.policies import require
from search import outbox


@transaction.atomic
def accept_answer(*, reply: Reply, by: Any) -> bool:
    """Make ``reply`` the answer of its question, in place of another; false when it was already.

    Announces ``answer_accepted``.
    """
    found: Reply = locked(reply)
    if found.resource.accepted_id == found.pk and policies.can(by, Verb.UNACCEPT, found):
        return False
    require(
        policies.can(by, Verb.ACCEPT, found),
        _("La respuesta la acepta quien preguntó, o quien modera el tema."),
    )
    set_accepted(found.resource, found, by=by)
    transaction.on_commit(
        partial(signals.answer_accepted.send, sender=Resource, resource=found.resource, reply=found, by=by)
    )
    return True


@transaction.atomic
def unaccept_answer(*, reply: Reply, by: Any) -> bool:
    """Say that ``reply`` is not the answer after all; false when it was not.

    Announces ``answer_withdrawn``.
    """
    found: Reply = locked(reply)
    if found.resource.accepted_id != found.pk:
        return False
    require(
        policies.can(by, Verb.UNACCEPT, found),
        _("Lo decide quien preguntó, o quien modera el tema."),
    )
    set_accepted(found.resource, None)
    return True


def set_accepted(resource: Resource, reply: Reply | None, *, by: Any = None) -> None:
    """Write it down. Without an answer a question is no frequent one either."""
    resource.accepted, resource.accepted_by = reply, by
    resource.accepted_at = timezone.now() if reply else None
    resource.is_frequent = resource.is_frequent and reply is not None
    resource.updated_at = timezone.now()
    resource.save(update_fields=["accepted", "accepted_by", "accepted_at", "is_frequent", "updated_at"])
    outbox.queue("recurso", resource.pk)
    if reply is None:
        transaction.on_commit(partial(signals.answer_withdrawn.send, sender=Resource, resource=resource))


@transaction.atomic
def set_frequent(*, resource: Resource, by: Any, frequent: bool) -> bool:
    """Put a question among the frequent ones of its theme, or take it out; true if that is new."""
    found: Resource = locked(resource)
    require(policies.can_moderate(by, found.theme), _("Lo decide quien modera el tema."))
    if found.is_frequent is frequent:
        return False
    require(
        policies.can(by, Verb.FREQUENT if frequent else Verb.UNFREQUENT, found),
        _("Una pregunta frecuente necesita una respuesta aceptada."),
    )
    found.is_frequent = frequent
    found.save(update_fields=["is_frequent"])
    return True
