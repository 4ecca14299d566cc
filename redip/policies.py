"""Who may do what in a network.

Networks, the names of mesas and editions are public. What happens inside a mesa is for its *insiders*:
members who have not left, the network's technical secretariat, operators. Twins: ``visible_to`` of each
QuerySet, which answer "which ones?" with the same rule (``redip.models.mesas.inside``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redip.enums import ActaState, MesaRole
from redip.models import (
    Acta,
    Attendee,
    Bitacora,
    Commitment,
    Meeting,
    Mesa,
    MesaMember,
    Red,
)
from redip.models.mesas import is_operator


def membership(user: Any, mesa: Mesa) -> MesaMember | None:
    """Return the seat of ``user`` at ``mesa``, unless she has none or has left."""
    if not getattr(user, "is_active", False):
        return None
    return mesa.members.active().filter(user=user).select_related("user", "institution").first()


def is_secretary(user: Any, red: Red) -> bool:
    """Whether ``user`` is of the technical secretariat of the network."""
    return bool(getattr(user, "is_active", False)) and red.secretaries.filter(pk=user.pk).exists()


def can_see_inside(user: Any, mesa: Mesa) -> bool:
    """Members, the network's technical secretariat, operators."""
    return is_operator(user) or membership(user, mesa) is not None or is_secretary(user, mesa.red)


def can_take_part(user: Any, mesa: Mesa) -> bool:
    """Write to the mesa, share files, call meetings, write down commitments: every insider."""
    return can_see_inside(user, mesa)


def can_manage_mesa(user: Any, mesa: Mesa) -> bool:
    """Add and remove members: who coordinates, the technical secretariat, operators."""
    if is_operator(user) or is_secretary(user, mesa.red):
        return True
    seat = membership(user, mesa)
    return seat is not None and seat.role == MesaRole.COORDINATOR


def can_answer(user: Any, meeting: Meeting) -> bool:
    """Say whether she comes: members, until the meeting is over."""
    return not meeting.is_over and membership(user, meeting.mesa) is not None


def can_write_acta(user: Any, meeting: Meeting) -> bool:
    """Begin the acta: insiders, once the meeting has begun and while there is none."""
    started = meeting.has_started and not Acta.objects.filter(meeting=meeting).exists()
    return started and can_see_inside(user, meeting.mesa)


def can_edit_acta(user: Any, acta: Acta) -> bool:
    """Write it: insiders, while it is a draft; nobody afterwards, whatever her rank."""
    return acta.is_draft and can_see_inside(user, acta.mesa)


def can_send_acta(user: Any, acta: Acta) -> bool:
    """Ask for approval: who may write it, once it says who was present."""
    return can_edit_acta(user, acta) and acta.attendees.exists()


def _present(user: Any, acta: Acta) -> Attendee | None:
    if acta.state != ActaState.IN_APPROVAL or not getattr(user, "is_active", False):
        return None
    return acta.attendees.filter(member__user=user, member__left_on__isnull=True).first()


def can_approve_acta(user: Any, acta: Acta) -> bool:
    """Those who were present, once each, while it waits for approval."""
    attendee = _present(user, acta)
    return attendee is not None and attendee.approved_at is None


def can_ask_change(user: Any, acta: Acta) -> bool:
    """Send it back to draft with a reason: those who were present, while it waits for approval."""
    return _present(user, acta) is not None


def reports_on(user: Any, mesa: Mesa) -> Callable[[Commitment], bool]:
    """Return the rule of :func:`can_report` for the commitments of one mesa; it asks the database once."""
    manages, seat = can_manage_mesa(user, mesa), membership(user, mesa)

    def rule(commitment: Commitment) -> bool:
        if not commitment.is_open or commitment.mesa_id != mesa.pk:
            return False
        if manages or seat is None:
            return manages
        if commitment.member_id is not None:
            return commitment.member_id == seat.pk
        return commitment.institution_id == seat.institution_id

    return rule


def can_report(user: Any, commitment: Commitment) -> bool:
    """Tell how an open one goes: whom it names, members of the institution it names, who runs the mesa."""
    return commitment.is_open and reports_on(user, commitment.mesa)(commitment)


def can_write_bitacora(user: Any, red: Red) -> bool:
    """Read and change the draft: members of any mesa of the network, its secretariat, operators."""
    if is_operator(user) or is_secretary(user, red):
        return True
    active = bool(getattr(user, "is_active", False))
    return active and MesaMember.objects.active().filter(user=user, mesa__red=red).exists()


def can_see_bitacora(user: Any, bitacora: Bitacora) -> bool:
    """Everyone once there is an edition; before that who writes it."""
    return bitacora.editions.exists() or can_write_bitacora(user, bitacora.red)


def can_publish_edition(user: Any, red: Red) -> bool:
    """Close an edition: the technical secretariat and operators."""
    return is_operator(user) or is_secretary(user, red)
