"""Nobody searches twice in vain: who found nothing may ask to be told when there is something.

Kept with the account, since somebody must be told; editors see how many wait and never who. The worker asks
again each hour, as the person who waits: what she may not read does not count, and a synonym that an editor
has added for her words does. An alert is removed when it
was answered, when she lets go of it, and after KEPT.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from search import service, signals
from search.backends import analysis
from search.models import SearchAlert

KEPT = timedelta(days=180)
MOST = 20
"""Alerts that one person may have."""


class TooMany(Exception):
    """Somebody has MOST alerts already."""


def of(user: Any) -> QuerySet[SearchAlert]:
    """Return the alerts of ``user`` alone, the newest first."""
    found = SearchAlert.objects.all()
    return found.filter(user_id=user.pk) if getattr(user, "is_authenticated", False) else found.none()


def about(user: Any, text: str) -> SearchAlert | None:
    """Return the alert that ``user`` has for ``text``, in whatever plural and case she typed it."""
    return of(user).filter(key=_named(text)[1]).first()


@transaction.atomic
def ask(*, user: Any, text: str) -> SearchAlert | None:
    """Note that ``user`` wants to hear of ``text``; asked twice it is one. None when it has no words.

    Raises TooMany.
    """
    known = about(user, text)
    if known is not None:
        return known
    text, key = _named(text)
    if not key:
        return None
    if of(user).count() >= MOST:
        raise TooMany
    return SearchAlert.objects.create(user=user, text=text, key=key)


def _named(text: str) -> tuple[str, str]:
    """Return the part of ``text`` that is kept, and its key."""
    text = " ".join(analysis.clean(text).split())[:100]
    return text, analysis.key(text)[:200]


def let_go(*, user: Any, pk: int) -> bool:
    """Remove an alert of ``user``; return whether there was one."""
    return bool(of(user).filter(pk=pk).delete()[0])


def waiting(keys: Collection[str]) -> dict[str, int]:
    """Return for each of ``keys`` how many people wait; nobody is named."""
    found = SearchAlert.objects.filter(key__in=keys).values("key").annotate(people=Count("pk"))
    return {row["key"]: row["people"] for row in found.order_by()}


def answer() -> int:
    """Look again for what people wait for and announce what there is; return how many were answered.

    Each answered alert is removed in the transaction that announces it: told once, or tried again.
    """
    SearchAlert.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    answered = 0
    for alert in list(SearchAlert.objects.select_related("user").order_by("pk")):
        hit = service.news(alert.text, alert.user, alert.asked_at)
        if hit is None:
            continue
        with transaction.atomic():
            if alert.delete()[0]:
                signals.alert_answered.send(SearchAlert, alert=alert, hit=hit)
                answered += 1
    return answered
