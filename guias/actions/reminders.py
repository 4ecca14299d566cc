"""What falls due: announced once a day by ``manage.py tick``; whoever listens says each thing once."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from guias import signals
from guias.models import Session
from guias.models.sessions import NEAR


def announce_near_sessions(now: dt.datetime | None = None) -> int:
    """Announce the sessions about to begin; return how many."""
    moment = now or timezone.now()
    near = Session.objects.held().filter(starts_at__range=(moment, moment + NEAR), course__live=True)
    for session in near.select_related("course", "city"):
        signals.session_near.send(sender=Session, session=session)
    return len(near)
