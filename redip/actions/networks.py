"""Writes of networks and the names of mesas: what the search shows of them is made anew."""

from __future__ import annotations

from django.db import transaction

from redip.models import Mesa, Red
from search import outbox


@transaction.atomic
def save_network(*, red: Red) -> Red:
    """Save ``red`` and have it, its mesas and its Bitácora found as they now are; return it."""
    red.save()
    queue_network(red)
    return red


@transaction.atomic
def save_mesa(*, mesa: Mesa) -> Mesa:
    """Save ``mesa`` and have it, its actas and its network found as they now are; return it."""
    mesa.save()
    queue_mesa(mesa)
    return mesa


def queue_network(red: Red) -> None:
    """Queue a network, just written, and what shows its name."""
    outbox.queue("red", red.pk)
    outbox.queue("mesa", *red.mesas.values_list("pk", flat=True))
    bitacora = getattr(red, "bitacora", None)
    if bitacora is not None:
        outbox.queue("bitacora", bitacora.pk)


def queue_mesa(mesa: Mesa) -> None:
    """Queue a mesa, just written, and what shows its name."""
    outbox.queue("mesa", mesa.pk)
    outbox.queue("red", mesa.red_id)
    outbox.queue("acta", *mesa.actas.values_list("pk", flat=True))
    outbox.queue("archivo", *mesa.files.values_list("pk", flat=True))
