"""The clock of the portal: days begin there, and not where its journeys are walked."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """Return the moment as the portal shows it."""
    return dt.datetime.now(ZoneInfo("America/Bogota"))


def today() -> dt.date:
    """Return the day that it is on the portal."""
    return now().date()
