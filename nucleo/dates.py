"""Dates, hours and amounts as Colombia writes them, with spaces that do not break. Knows no model."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from decimal import Decimal

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NBSP = "\N{NO-BREAK SPACE}"
Day = dt.date | dt.datetime


def _unbroken(text: str) -> str:
    return text.replace(" ", NBSP)


def local(value: dt.datetime) -> dt.datetime:
    """Return ``value`` in the network's time zone; what has no zone is already there."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def as_day(value: Day) -> dt.date:
    """Return the day of ``value`` where the network lives."""
    return local(value).date() if isinstance(value, dt.datetime) else value


def month(number: int) -> str:
    """``noviembre``: months are written small."""
    return str(MONTHS[number]).lower()


def month_and_year(value: Day) -> str:
    """``noviembre de 2026``; it may break."""
    day = as_day(value)
    return _("%(month)s de %(year)s") % {"month": month(day.month), "year": day.year}


def short_month(number: int) -> str:
    """``nov``."""
    return month(number)[:3]


def weekday(value: Day) -> str:
    """``lunes``."""
    return str(WEEKDAYS[as_day(value).weekday()]).lower()


def day_and_month(value: Day) -> str:
    """``3 de noviembre``."""
    day = as_day(value)
    return _unbroken(_("%(day)s de %(month)s") % {"day": day.day, "month": month(day.month)})


def long_date(value: Day) -> str:
    """``3 de noviembre de 2026``."""
    day = as_day(value)
    words = {"day": day.day, "month": month(day.month), "year": day.year}
    return _unbroken(_("%(day)s de %(month)s de %(year)s") % words)


def loose(text: str) -> str:
    """Return a date that may break across lines: in a title or a narrow column it must."""
    return text.replace(NBSP, " ")


def hour(value: dt.datetime | dt.time) -> str:
    """``9:00 a. m.``."""
    moment = local(value) if isinstance(value, dt.datetime) else value
    half = _("a. m.") if moment.hour < 12 else _("p. m.")
    return _unbroken(f"{moment.hour % 12 or 12}:{moment.minute:02} {half}")


def long_moment(value: dt.datetime) -> str:
    """``3 de noviembre de 2026, 9:00 a. m.``."""
    value = local(value)
    return f"{long_date(value.date())}, {hour(value.time())}"


def moment(value: dt.datetime, now: dt.datetime | None = None) -> str:
    """Say when something happened or will, near in words and far by its date.

    ``hace 5 minutos``, ``hoy, 9:00 a. m.``, ``ayer, 4:10 p. m.``, ``mañana, …``, ``hace 3 días``,
    ``dentro de 3 días``, ``3 de marzo`` of this year, ``3 de marzo de 2015`` of another.
    """
    now = local(now or timezone.now())
    value = local(value)
    days = (value.date() - now.date()).days
    minutes = int((now - value).total_seconds() // 60)
    if 0 <= minutes < 60:
        if minutes < 1:
            return _("hace un momento")
        return _unbroken(ngettext("hace %(n)s minuto", "hace %(n)s minutos", minutes) % {"n": minutes})
    near = {0: _("hoy"), -1: _("ayer"), 1: _("mañana")}
    if days in near:
        return f"{near[days]}, {hour(value.time())}"
    if -7 < days < 0:
        return _unbroken(ngettext("hace %(n)s día", "hace %(n)s días", -days) % {"n": -days})
    if 0 < days < 7:
        return _unbroken(ngettext("dentro de %(n)s día", "dentro de %(n)s días", days) % {"n": days})
    return day_and_month(value.date()) if value.year == now.year else long_date(value.date())


def in_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later; the last of that month where it has no such day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def range_of_days(start: Day, end: Day | None) -> str:
    """``18``, or ``18–20`` for what lasts; the month stands elsewhere."""
    first = as_day(start)
    last = as_day(end) if end else first
    return str(first.day) if last <= first else f"{first.day}–{last.day}"


def hours(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return ``9:00 a 11:00 a. m.``, in the portal's time zone; with both halves when they differ."""
    start, end = hour(starts_at), hour(ends_at)
    figures, _space, half = start.partition(NBSP)
    if half == end.partition(NBSP)[2]:
        start = figures
    return _("%(start)s a %(end)s") % {"start": start, "end": end}


def when(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return ``24 de febrero de 2015, de 9:00 a 11:00 a. m.``; with both days when they differ."""
    day = loose(long_date(starts_at))
    if as_day(ends_at) != as_day(starts_at):
        day = _("%(first)s al %(last)s") % {"first": day, "last": loose(long_date(ends_at))}
    return _("%(day)s, de %(hours)s") % {"day": day, "hours": hours(starts_at, ends_at)}


def thousands(value: int | Decimal | float) -> str:
    """``1.234.567``; decimals after a comma, as many as there are (two at most)."""
    number = Decimal(str(value))
    whole, _point, rest = f"{abs(number):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", ".")
    rest = rest.rstrip("0")[:2]
    return f"{'−' if number < 0 else ''}{groups}{',' + rest if rest else ''}"


def pesos(value: int | Decimal | float) -> str:
    """``$ 1.234.567``."""
    return f"${NBSP}{thousands(value)}"
