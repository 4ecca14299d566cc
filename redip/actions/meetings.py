"""Call a meeting and answer to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nucleo.policies import require
from nucleo.twice import just_made
from redip import policies, signals
from redip.enums import Answer
from redip.models import AgendaItem, Attendance, Meeting, Mesa


@transaction.atomic
def call_meeting(
    *,
    mesa: Mesa,
    by: Any,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    agenda: Sequence[str],
    place: str = "",
    link: str = "",
) -> Meeting:
    """Return a new meeting with its agenda, in the order given; announces ``meeting_called``.

    Raises Forbidden for who is not inside the mesa. A date in the past is allowed: a meeting that was
    held without the portal may still get its acta. A double click calls one meeting.
    """
    Mesa.objects.select_for_update().get(pk=mesa.pk)
    require(policies.can_take_part(by, mesa), _("Solo quienes participan en la mesa convocan sus reuniones."))
    twin = just_made(
        mesa.meetings.all(), "created_at", starts_at=starts_at, ends_at=ends_at, place=place, link=link
    )
    if twin is not None:
        return twin
    meeting = Meeting.objects.create(mesa=mesa, starts_at=starts_at, ends_at=ends_at, place=place, link=link)
    _set_agenda(meeting, agenda)
    transaction.on_commit(partial(signals.meeting_called.send, sender=Meeting, meeting=meeting, by=by))
    return meeting


def _set_agenda(meeting: Meeting, agenda: Sequence[str]) -> None:
    points = [point.strip() for point in agenda if point.strip()]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=n, text=point[:200]) for n, point in enumerate(points, start=1)
    )


@transaction.atomic
def answer(*, meeting: Meeting, by: Any, answer: Answer) -> bool:
    """Keep what ``by`` says to the call; true if that is new or another answer than before."""
    require(
        policies.can_answer(by, meeting),
        _("Solo los miembros de la mesa responden, y solo hasta que la reunión termina."),
    )
    member = policies.membership(by, meeting.mesa)
    kept = Attendance.objects.filter(meeting=meeting, member=member).first()
    if kept is not None and kept.answer == answer:
        return False
    Attendance.objects.update_or_create(
        meeting=meeting, member=member, defaults={"answer": answer, "answered_at": timezone.now()}
    )
    return True
