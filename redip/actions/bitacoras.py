"""Write the Bitácora of a city and close its editions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nucleo.html import render_markdown
from nucleo.policies import require
from redip import policies
from redip.actions.conflicts import Conflict
from redip.enums import SectionKind
from redip.models import Bitacora, BitacoraEdition, BitacoraSection, Red
from search import outbox


class NothingToPublish(Exception):
    """Every section is empty, or nothing changed since the last edition."""


@transaction.atomic
def open_bitacora(*, red: Red) -> Bitacora:
    """Return the Bitácora of a network with its five sections, made now if it had none."""
    bitacora, _made = Bitacora.objects.get_or_create(red=red)
    BitacoraSection.objects.bulk_create(
        (BitacoraSection(bitacora=bitacora, kind=kind) for kind in SectionKind), ignore_conflicts=True
    )
    return bitacora


@transaction.atomic
def save_section(*, section: BitacoraSection, by: Any, revision: int, text: str) -> BitacoraSection:
    """Save the text that ``by`` opened at ``revision``; raises Conflict when someone saved after that."""
    red = section.bitacora.red
    require(policies.can_write_bitacora(by, red), _("La Bitácora la escriben los miembros de la red."))
    changed = BitacoraSection.objects.filter(pk=section.pk, revision=revision).update(
        text=text,
        html=render_markdown(text),
        revision=F("revision") + 1,
        updated_at=timezone.now(),
        updated_by=by,
    )
    section.refresh_from_db()
    if not changed:
        raise Conflict(section)
    outbox.queue("bitacora", section.bitacora_id)
    return section


@transaction.atomic
def publish_edition(
    *, bitacora: Bitacora, by: Any, note: str = "", on: dt.date | None = None
) -> BitacoraEdition:
    """Return a new edition with the sections as they are now, dated today or ``on``; it never changes.

    Raises NothingToPublish when there is no text, or the same as in the last edition.
    """
    require(
        policies.can_publish_edition(by, bitacora.red),
        _("Las ediciones las cierra la secretaría técnica de la red."),
    )
    Bitacora.objects.select_for_update().get(pk=bitacora.pk)
    sections = [
        {"kind": row.kind, "title": str(row.get_kind_display()), "text": row.text, "html": row.html}
        for row in bitacora.sections.in_order()
    ]
    last = bitacora.editions.first()
    if not any(row["text"].strip() for row in sections) or (last and last.sections == sections):
        raise NothingToPublish
    number = (bitacora.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = BitacoraEdition.objects.create(
        bitacora=bitacora,
        number=number,
        note=note,
        published_on=on or timezone.localdate(),
        snapshot={"sections": sections},
    )
    outbox.queue("bitacora", bitacora.pk)
    return edition
