"""What happens when, as calendars read it (RFC 5545). Knows no app: plain values in, one file out.

Moments are written in UTC, so that no zone has to be explained; what lasts whole days has days, so that no
zone can move it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. ``uid`` names it on this site for ever; ``end`` of whole days is the last of them."""

    uid: str
    stamp: dt.datetime
    start: dt.date
    end: dt.date
    summary: str
    path: str
    """Where it is on this site, beginning with /."""
    location: str = ""
    description: str = ""
    categories: Sequence[str] = ()
    private: bool = False
    cancelled: bool = False


def make(entries: Iterable[Entry], *, product: str, name: str = "") -> bytes:
    """Return the file; ``product`` is what made it, ``name`` what a calendar that subscribes shows."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Red Cemprende//{product}//ES")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry) -> Event:
    host = settings.ORIGIN.split("://", 1)[1]
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.stamp.astimezone(dt.UTC))
    event.add("last-modified", entry.stamp.astimezone(dt.UTC))
    if isinstance(entry.start, dt.datetime) and isinstance(entry.end, dt.datetime):
        event.add("dtstart", entry.start.astimezone(dt.UTC))
        event.add("dtend", entry.end.astimezone(dt.UTC))
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end + dt.timedelta(days=1))  # the day after the last one (RFC 5545)
        event.add("transp", "TRANSPARENT")
    event.add("summary", entry.summary)
    if entry.categories:
        event.add("categories", list(entry.categories))
    if entry.location:
        event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    event.add("url", f"{settings.ORIGIN}{entry.path}")
    if entry.private:
        event.add("class", "PRIVATE")
    if entry.cancelled:
        event.add("status", "CANCELLED")
    return event
