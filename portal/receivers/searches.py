"""Searches that waited: who asked is told once, with the title of what there is now."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from search import signals
from search.models import SearchAlert
from search.results import Hit


@receiver(signals.alert_answered)
def tell_who_waited(sender: Any, alert: SearchAlert, hit: Hit, **kwargs: Any) -> None:
    """Tell her; she may read the hit, since it was looked for as herself."""
    tell(
        people=[alert.user],
        kind=NoticeKind.SEARCH,
        text=_("Ya hay algo sobre «%(text)s»") % {"text": alert.text},
        detail=hit.title,
        url=hit.url,
    )
