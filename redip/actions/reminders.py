"""What falls due: announced once a day by ``manage.py tick``; whoever listens says each thing once."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from redip import signals
from redip.models import Commitment, Meeting

SOON = dt.timedelta(days=3)
LATE_FOR = dt.timedelta(days=14)
"""How long after its date a late commitment is still spoken of."""
NEAR = dt.timedelta(hours=36)


def announce_due(now: dt.datetime | None = None) -> int:
    """Announce open commitments about their date and meetings about to begin; return how many."""
    moment = now or timezone.now()
    today = timezone.localtime(moment).date()
    owed = Commitment.objects.open().filter(until__range=(today - LATE_FOR, today + SOON)).with_people()
    meetings = Meeting.objects.filter(starts_at__range=(moment, moment + NEAR))
    said = 0
    for commitment in owed:
        late = commitment.until < today
        signals.commitment_due.send(sender=Commitment, commitment=commitment, late=late)
        said += 1
    for meeting in meetings.select_related("mesa__red__city"):
        signals.meeting_near.send(sender=Meeting, meeting=meeting)
        said += 1
    return said
