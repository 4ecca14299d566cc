"""Networks and mesas: who is told of meetings, commitments and actas."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from nucleo.dates import when
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.purposes import Reporting
from portal.responding import issue
from portal.tasks import send_links
from redip.models import Acta, Commitment, Meeting, Mesa, MesaMember
from redip.models.wording import due
from redip.signals import (
    acta_approved,
    acta_returned,
    acta_sent,
    commitment_assigned,
    commitment_due,
    meeting_called,
    meeting_near,
    member_joined,
)


def _place(mesa: Mesa) -> str:
    return f"{mesa.title}, {mesa.red.city.name}"


def _seated(mesa: Mesa, *, but: Any = None) -> list[Any]:
    """Return the people who sit at ``mesa`` now; never who left it, nor ``but`` herself."""
    seats = mesa.members.active().exclude(user=None).select_related("user")
    return [seat.user for seat in seats if but is None or seat.user_id != but.pk]


@receiver(meeting_called)
def tell_of_meeting(sender: Any, meeting: Meeting, by: Any, **kwargs: Any) -> None:
    """Call the members; a meeting written down after it was held calls nobody."""
    if not meeting.is_over:
        tell(
            people=_seated(meeting.mesa, but=by),
            kind=NoticeKind.MEETING,
            text=_("Hay una reunión: diga si va"),
            detail=f"{_place(meeting.mesa)}: {when(meeting.starts_at, meeting.ends_at)}",
            url=meeting.get_absolute_url(),
            key=f"reunion:{meeting.pk}",
        )


@receiver(meeting_near)
def remind_of_meeting(sender: Any, meeting: Meeting, **kwargs: Any) -> None:
    """Remind the members, once, except those who said that they cannot."""
    absent = set(meeting.answers.filter(answer="no").values_list("member__user", flat=True))
    tell(
        people=[person for person in _seated(meeting.mesa) if person.pk not in absent],
        kind=NoticeKind.MEETING,
        text=_("Ya casi es la reunión de su mesa"),
        detail=f"{_place(meeting.mesa)}: {when(meeting.starts_at, meeting.ends_at)}",
        url=meeting.get_absolute_url(),
        key=f"reunion:{meeting.pk}:cerca",
    )


@receiver(commitment_assigned)
def tell_of_commitment(sender: Any, commitment: Commitment, by: Any, **kwargs: Any) -> None:
    """Tell whoever answers for it, unless she wrote it down herself."""
    tell(
        people=[person for person in commitment.answerable() if by is None or person.pk != by.pk],
        kind=NoticeKind.COMMITMENT,
        text=_("Quedó con un compromiso en su mesa"),
        detail=f"{commitment.what}. {due(commitment.until)}",
        url=commitment.get_absolute_url(),
        key=f"compromiso:{commitment.pk}",
    )


@receiver(commitment_due)
def remind_of_commitment(sender: Any, commitment: Commitment, late: bool, **kwargs: Any) -> None:
    """Remind whoever answers for it, once before its date and once after; by mail with a link to answer."""
    notices = tell(
        people=commitment.answerable(),
        kind=NoticeKind.COMMITMENT,
        text=_("Pasó el plazo de un compromiso") if late else _("Se acerca el plazo de un compromiso"),
        detail=f"{commitment.what}. {due(commitment.until)}",
        url=commitment.get_absolute_url(),
        key=f"compromiso:{commitment.pk}:{commitment.until}:{'tarde' if late else 'pronto'}",
        mail=False,
    )
    people = [notice.recipient for notice in notices if notice.recipient.mail_notices]
    links = [issue(Reporting, person=person, object_id=commitment.pk) for person in people]
    if links:
        send_links.enqueue(links=[link.pk for link in links])


@receiver(acta_sent)
def tell_of_acta(sender: Any, acta: Acta, **kwargs: Any) -> None:
    """Ask those who were present, and still sit at the mesa, to approve it."""
    waited = acta.attendees.filter(approved_at__isnull=True, member__left_on__isnull=True)
    people = [row.member.user for row in waited.select_related("member__user") if row.member]
    tell(
        people=people,
        kind=NoticeKind.ACTA,
        text=_("Un acta espera su aprobación"),
        detail=f"{acta.title}. {_place(acta.mesa)}",
        url=acta.get_absolute_url(),
        key=f"acta:{acta.pk}:{acta.sent_at:%Y%m%d%H%M%S}",
    )


@receiver(acta_returned)
def tell_of_wanted_change(sender: Any, acta: Acta, by: Any, **kwargs: Any) -> None:
    """Tell who wrote it last and who coordinates that a change is wanted."""
    seats = acta.mesa.members.active().exclude(user=None).select_related("user")
    people = [
        seat.user
        for seat in seats
        if (seat.is_coordinator or seat.user_id == acta.updated_by_id) and seat.user_id != by.pk
    ]
    tell(
        people=people,
        kind=NoticeKind.ACTA,
        text=_("Pidieron un cambio en un acta"),
        detail=f"{acta.title}. {_place(acta.mesa)}",
        url=acta.get_absolute_url(),
    )


@receiver(acta_approved)
def tell_of_approved_acta(sender: Any, acta: Acta, **kwargs: Any) -> None:
    """Tell the members, in the page alone, that it is closed."""
    tell(
        people=_seated(acta.mesa),
        kind=NoticeKind.ACTA,
        text=_("Un acta quedó aprobada y cerrada"),
        detail=f"{acta.title}. {_place(acta.mesa)}",
        url=acta.get_absolute_url(),
        key=f"acta:{acta.pk}:aprobada",
        mail=False,
    )


@receiver(member_joined)
def tell_of_seat(sender: Any, member: MesaMember, by: Any, **kwargs: Any) -> None:
    """Tell a person that she sits at a mesa now."""
    tell(
        people=[member.user],
        kind=NoticeKind.ACCOUNT,
        text=_("Ahora es miembro de una mesa"),
        detail=_place(member.mesa),
        url=member.mesa.get_absolute_url(),
        key=f"miembro:{member.pk}",
    )
