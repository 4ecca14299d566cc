"""How the terms of a mesa are said: screens, paper and mails use the same words."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
