"""A meeting as a calendar reads it (RFC 5545), in UTC so that no zone has to be explained."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from redip.models import Meeting


def make(meeting: Meeting) -> bytes:
    """Return the file; wants the agenda and the mesa with its city."""
    host = settings.ORIGIN.split("://", 1)[1]
    address = f"{settings.ORIGIN}{meeting.get_absolute_url()}"
    event = Event()
    event.add("uid", f"reunion-{meeting.pk}@{host}")
    event.add("dtstamp", meeting.created_at.astimezone(dt.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(dt.UTC))
    event.add("dtend", meeting.ends_at.astimezone(dt.UTC))
    event.add(
        "summary", _("%(mesa)s, %(city)s") % {"mesa": meeting.mesa.title, "city": meeting.mesa.red.city.name}
    )
    event.add("location", ", ".join(part for part in (meeting.place, meeting.link) if part))
    points = [f"{item.order}. {item.text}" for item in meeting.agenda.all()]
    event.add("description", "\n".join([*points, address]))
    event.add("url", address)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//Red Cemprende//Mesas//ES")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
