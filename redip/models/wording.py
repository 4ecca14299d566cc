"""How the hours and terms of a mesa are said: screens, paper and mails use the same words."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nucleo import dates


def hours(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return ``9:00 a 11:00 a. m.``, in the portal's time zone; with both halves when they differ."""
    start, end = dates.hour(starts_at), dates.hour(ends_at)
    figures, _space, half = start.partition(dates.NBSP)
    if half == end.partition(dates.NBSP)[2]:
        start = figures
    return _("%(start)s a %(end)s") % {"start": start, "end": end}


def when(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return ``24 de febrero de 2015, de 9:00 a 11:00 a. m.``; with both days when they differ."""
    day = dates.loose(dates.long_date(starts_at))
    if dates.as_day(ends_at) != dates.as_day(starts_at):
        day = _("%(first)s al %(last)s") % {"first": day, "last": dates.loose(dates.long_date(ends_at))}
    return _("%(day)s, de %(hours)s") % {"day": day, "hours": hours(starts_at, ends_at)}


def due(until: dt.date, today: dt.date | None = None) -> str:
    """Return how far a date is: ``Vence en 4 días``, ``Pasó el plazo hace 6 días``."""
    days = (until - (today or timezone.localdate())).days
    if days == 0:
        return _("Vence hoy")
    if days == 1:
        return _("Vence mañana")
    if days == -1:
        return _("Pasó el plazo ayer")
    if days < 0:
        return ngettext("Pasó el plazo hace %(n)s día", "Pasó el plazo hace %(n)s días", -days) % {"n": -days}
    return ngettext("Vence en %(n)s día", "Vence en %(n)s días", days) % {"n": days}


def month(day: dt.date) -> str:
    """Return ``marzo de 2015``."""
    return _("%(month)s de %(year)s") % {"month": dates.month(day.month), "year": day.year}
