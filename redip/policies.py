"""Who may do what in a network.

Networks, the names of mesas and editions are public. What happens inside a mesa is for its *insiders*:
members who have not left, the network's technical secretariat, operators. Twins: ``visible_to`` of each
QuerySet, which answer "which ones?" with the same rule (``redip.models.mesas.inside``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from redip.enums import ActaState
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
    return mesa.members.active().filter(user=user).first()


def is_secretary(user: Any, red: Red) -> bool:
    """Whether ``user`` is of the technical secretariat of the network."""
    if not getattr(user, "is_active", False):
        return False
    return bool(Red.secretaries.through.objects.filter(red=red, user=user).exists())


class Standing:
    """Who a person is towards one mesa; made once for a page, it asks the database for each fact once."""

    def __init__(self, user: Any, mesa: Mesa) -> None:
        self.user, self.mesa = user, mesa

    @cached_property
    def seat(self) -> MesaMember | None:
        """Her seat, unless she has none or has left."""
        return membership(self.user, self.mesa)

    @cached_property
    def runs_network(self) -> bool:
        """Whether she is of the technical secretariat of the mesa's network, or an operator."""
        return is_operator(self.user) or is_secretary(self.user, self.mesa.red)

    @property
    def is_inside(self) -> bool:
        """Members, the network's technical secretariat, operators."""
        return is_operator(self.user) or self.seat is not None or self.runs_network

    @property
    def manages(self) -> bool:
        """Who coordinates, the technical secretariat, operators."""
        return self.runs_network or (self.seat is not None and self.seat.is_coordinator)


def can_see_inside(user: Any, mesa: Mesa) -> bool:
    """Members, the network's technical secretariat, operators."""
    return Standing(user, mesa).is_inside


def can_take_part(user: Any, mesa: Mesa) -> bool:
    """Write to the mesa, share files, call meetings, write down commitments: every insider."""
    return can_see_inside(user, mesa)


def can_manage_mesa(user: Any, mesa: Mesa) -> bool:
    """Add and remove members: who coordinates, the technical secretariat, operators."""
    return Standing(user, mesa).manages


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


def reports_on(at: Standing) -> Callable[[Commitment], bool]:
    """Return the rule of :func:`can_report` for all commitments of the mesa where she stands."""
    mesa, manages, seat = at.mesa, at.manages, at.seat

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
    return commitment.is_open and reports_on(Standing(user, commitment.mesa))(commitment)


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
