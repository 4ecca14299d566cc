"""A meeting as a calendar reads it; of a mesa's inside, and so private."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from nucleo import calendar
from redip.models import Meeting


def make(meeting: Meeting) -> bytes:
    """Return the file; wants the agenda and the mesa with its city."""
    points = [f"{item.order}. {item.text}" for item in meeting.agenda.all()]
    entry = calendar.Entry(
        uid=f"reunion-{meeting.pk}",
        stamp=meeting.created_at,
        start=meeting.starts_at,
        end=meeting.ends_at,
        summary=_("%(mesa)s, %(city)s") % {"mesa": meeting.mesa.title, "city": meeting.mesa.red.city.name},
        path=meeting.get_absolute_url(),
        location=", ".join(part for part in (meeting.place, meeting.link) if part),
        description="\n".join([*points, f"{settings.ORIGIN}{meeting.get_absolute_url()}"]),
        private=True,
    )
    return calendar.make([entry], product="Mesas")
