"""What insiders do in a mesa: write to it, share files, say who sits at it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directorio.models import Institution
from nucleo.html import render_markdown
from nucleo.policies import require
from nucleo.twice import just_made
from nucleo.uploads import Upload
from redip import policies, signals
from redip.actions.actas import close_if_complete
from redip.enums import ActaState, MesaRole
from redip.models import Acta, Mesa, MesaFile, MesaMember, MesaMessage
from search import outbox


@transaction.atomic
def send_message(*, mesa: Mesa, by: Any, text: str) -> MesaMessage:
    """Say ``text`` (Markdown) to the mesa; a double click says it once."""
    Mesa.objects.select_for_update().get(pk=mesa.pk)
    require(policies.can_take_part(by, mesa), _("Solo quienes participan en la mesa le escriben."))
    twin = just_made(mesa.messages.all(), "sent_at", author=by, text=text)
    return twin or MesaMessage.objects.create(mesa=mesa, author=by, text=text, html=render_markdown(text))


@transaction.atomic
def share_file(*, mesa: Mesa, by: Any, upload: Upload, name: str = "") -> MesaFile:
    """Keep a checked file among those of the mesa, under ``name`` or its own; a double click keeps one."""
    Mesa.objects.select_for_update().get(pk=mesa.pk)
    require(policies.can_take_part(by, mesa), _("Solo quienes participan en la mesa comparten archivos."))
    called = (name.strip() or upload.name)[:160]
    twin = just_made(mesa.files.all(), "uploaded_at", uploaded_by=by, sha256=upload.sha256, name=called)
    if twin is not None:
        return twin
    shared = MesaFile(
        mesa=mesa,
        name=called,
        kind=upload.kind,
        size=upload.size,
        sha256=upload.sha256,
        uploaded_by=by,
    )
    shared.file.save(upload.safe_name, upload.file, save=False)
    shared.save()
    outbox.queue("archivo", shared.pk)
    return shared


@transaction.atomic
def add_member(
    *,
    mesa: Mesa,
    by: Any,
    user: Any,
    institution: Institution | None = None,
    role: MesaRole = MesaRole.MEMBER,
) -> tuple[MesaMember, bool]:
    """Return the seat of ``user`` and whether it is new; who sits already keeps her seat, with this role.

    Announces ``member_joined`` for a new one.
    """
    require(policies.can_manage_mesa(by, mesa), _("Agrega miembros quien coordina la mesa."))
    seat = mesa.members.active().filter(user=user).first()
    if seat is None:
        seat = MesaMember.objects.create(mesa=mesa, user=user, institution=institution, role=role)
        transaction.on_commit(partial(signals.member_joined.send, sender=MesaMember, member=seat, by=by))
        return seat, True
    seat.institution, seat.role = institution or seat.institution, role
    seat.save(update_fields=["institution", "role"])
    return seat, False


@transaction.atomic
def remove_member(*, member: MesaMember, by: Any) -> bool:
    """End a seat today; false when it had ended. What she wrote, promised and approved stays."""
    require(policies.can_manage_mesa(by, member.mesa), _("Retira miembros quien coordina la mesa."))
    ended = MesaMember.objects.active().filter(pk=member.pk).update(left_on=timezone.localdate())
    waiting = Acta.objects.filter(state=ActaState.IN_APPROVAL, attendees__member=member)
    for acta in waiting.select_related("mesa__red__city", "meeting"):
        close_if_complete(acta=acta)
    return bool(ended)
