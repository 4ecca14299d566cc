"""The way of an acta: begun from the agenda, written by several, sent, approved by those present, frozen."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nucleo.html import render_markdown
from nucleo.policies import require
from redip import policies, signals
from redip.actions.conflicts import Conflict
from redip.enums import ActaState, Answer
from redip.models import Acta, Attendee, Meeting, Mesa
from redip.models.sheets import sheet_of
from search import outbox


@transaction.atomic
def begin_acta(*, meeting: Meeting, by: Any) -> Acta:
    """Return the draft of the meeting's acta: its topics from the agenda, present whoever said yes.

    If somebody began it meanwhile that one is returned: a double click makes one acta.
    """
    Mesa.objects.select_for_update().get(pk=meeting.mesa_id)
    existing = Acta.objects.filter(meeting=meeting).first()
    if existing is not None and policies.can_see_inside(by, meeting.mesa):
        return existing
    require(
        policies.can_write_acta(by, meeting),
        _("El acta se escribe cuando la reunión ya empezó, y la escribe quien participa en la mesa."),
    )
    last = meeting.mesa.actas.aggregate(last=Max("number"))["last"] or 0
    points = [item.text for item in meeting.agenda.all()]
    topics = "\n".join(f"{n}. **{point.rstrip('.')}.** " for n, point in enumerate(points, start=1))
    acta = Acta.objects.create(
        meeting=meeting,
        mesa=meeting.mesa,
        number=last + 1,
        topics=topics,
        topics_html=render_markdown(topics),
        updated_by=by,
    )
    coming = meeting.answers.filter(answer=Answer.YES, member__left_on__isnull=True)
    _set_attendees(acta, list(coming.values_list("member", flat=True)))
    outbox.queue("acta", acta.pk)
    return acta


@transaction.atomic
def save_acta(
    *, acta: Acta, by: Any, revision: int, topics: str, decisions: str, members: Collection[int]
) -> Acta:
    """Save the draft that ``by`` opened at ``revision``; ``members`` are the ids of those present.

    Raises Conflict when someone saved after that, Forbidden when it is no longer a draft, ValueError
    over the length that Markdown is rendered at.
    """
    require(
        policies.can_edit_acta(by, acta),
        _("Esta acta ya no es un borrador. Para cambiarla, quien asistió puede pedir un cambio."),
    )
    changed = Acta.objects.filter(pk=acta.pk, revision=revision, state=ActaState.DRAFT).update(
        topics=topics,
        topics_html=render_markdown(topics),
        decisions=decisions,
        decisions_html=render_markdown(decisions),
        revision=F("revision") + 1,
        updated_at=timezone.now(),
        updated_by=by,
    )
    acta.refresh_from_db()
    if not changed:
        raise Conflict(acta)
    _set_attendees(acta, members)
    outbox.queue("acta", acta.pk)
    return acta


def _set_attendees(acta: Acta, members: Collection[int]) -> None:
    """Make those present ``members`` of this mesa, keeping the rows of who stays."""
    acta.attendees.exclude(member__in=members).delete()
    there = set(acta.attendees.values_list("member", flat=True))
    rows = acta.mesa.members.filter(pk__in=set(members) - there).select_related("user", "institution")
    Attendee.objects.bulk_create(
        Attendee(acta=acta, member=row, name=row.name, institution=row.place) for row in rows
    )


@transaction.atomic
def send_acta(*, acta: Acta, by: Any) -> Acta:
    """Ask those present to approve the draft; announces ``acta_sent``."""
    locked = _locked(acta)
    require(
        policies.can_send_acta(by, locked),
        _("Antes de enviarla a aprobación diga quiénes asistieron."),
    )
    locked.state, locked.sent_at = ActaState.IN_APPROVAL, timezone.now()
    locked.wanted_change, locked.wanted_by = "", None
    locked.updated_at = locked.sent_at
    locked.save(update_fields=["state", "sent_at", "wanted_change", "wanted_by", "updated_at"])
    outbox.queue("acta", locked.pk)
    transaction.on_commit(partial(signals.acta_sent.send, sender=Acta, acta=locked, by=by))
    return locked


@transaction.atomic
def approve_acta(*, acta: Acta, by: Any) -> Acta:
    """Approve it for ``by``; when she is the last of those present it is closed for ever.

    Announces ``acta_approved`` when that happens.
    """
    locked = _locked(acta)
    require(
        policies.can_approve_acta(by, locked),
        _("La aprueban quienes asistieron, una vez cada uno, mientras está en aprobación."),
    )
    locked.attendees.filter(member__user=by, approved_at__isnull=True).update(approved_at=timezone.now())
    close_if_complete(acta=locked)
    return locked


def close_if_complete(*, acta: Acta) -> bool:
    """Freeze an acta that nobody is left to approve; false while someone is.

    Who was present but has left the mesa is not waited for; someone must have approved, though.
    """
    waited_for = acta.attendees.filter(
        approved_at__isnull=True, member__left_on__isnull=True, member__user__isnull=False
    )
    approved = acta.attendees.filter(approved_at__isnull=False)
    if acta.state != ActaState.IN_APPROVAL or waited_for.exists() or not approved.exists():
        return False
    acta.state = ActaState.APPROVED
    acta.approved_at = acta.updated_at = timezone.now()
    acta.record = sheet_of(acta)
    acta.save(update_fields=["state", "approved_at", "record", "updated_at"])
    outbox.queue("acta", acta.pk)
    transaction.on_commit(partial(signals.acta_approved.send, sender=Acta, acta=acta))
    return True


@transaction.atomic
def ask_change(*, acta: Acta, by: Any, text: str) -> Acta:
    """Send it back to draft saying what should change; the approvals given so far are void.

    Announces ``acta_returned``.
    """
    locked = _locked(acta)
    require(
        policies.can_ask_change(by, locked),
        _("Piden cambios quienes asistieron, mientras el acta está en aprobación."),
    )
    locked.attendees.update(approved_at=None)
    locked.state, locked.wanted_change, locked.wanted_by = ActaState.DRAFT, text, by
    locked.sent_at, locked.updated_at = None, timezone.now()
    locked.save(update_fields=["state", "wanted_change", "wanted_by", "sent_at", "updated_at"])
    outbox.queue("acta", locked.pk)
    transaction.on_commit(partial(signals.acta_returned.send, sender=Acta, acta=locked, by=by))
    return locked


def _locked(acta: Acta) -> Acta:
    return Acta.objects.select_for_update(of=("self",)).select_related("mesa__red__city").get(pk=acta.pk)
