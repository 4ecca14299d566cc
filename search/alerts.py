"""Nobody searches twice in vain: who found nothing may ask to be told when there is something.

Kept with the account, since somebody must be told; editors see how many wait and never who. The worker asks
again each hour, as the person who waits: what she may not read does not count, and a synonym that an editor
has added for her words does. An alert is removed when it
was answered, when she lets go of it, and after KEPT.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from search import permission, signals, vocabulary
from search.audience import tokens_of
from search.backends import analysis
from search.backends.base import EngineDown, Found, Request
from search.backends.plan import Plan, parse
from search.highlight import Highlighter
from search.hits import hits_of
from search.models import SearchAlert
from search.results import Hit
from search.service import ready_engine

KEPT = timedelta(days=180)
MOST = 20
"""Alerts that one person may have."""
CANDIDATES = 6
"""Results of which the best that the database allows is news."""
KNOWN = 100
"""Results that are looked through for what a new synonym has brought."""


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
        hit = news(alert.text, alert.user, alert.asked_at)
        if hit is None:
            continue
        with transaction.atomic():
            if alert.delete()[0]:
                signals.alert_answered.send(SearchAlert, alert=alert, hit=hit)
                answered += 1
    return answered


def news(text: str, viewer: Any, since: datetime) -> Hit | None:
    """Return the best result for ``text`` that there was not at ``since`` and that ``viewer`` may read.

    What changed after it; else what editors have put first since then, or have made findable by a synonym.
    Only what a search finds without slips and with enough of the words. None also while the engine rests.
    """
    plan = parse(text, vocabulary.synonyms())
    if plan.is_empty or not getattr(viewer, "is_active", False):
        return None
    try:
        found = _found(plan, viewer, since) or _pinned_since(text, since)
        before = parse(text, vocabulary.synonyms_at(since))
        if not found and before != plan:
            known = {one.document.key for one in _found(before, viewer, limit=KNOWN)}
            found = [one for one in _found(plan, viewer, limit=KNOWN) if one.document.key not in known]
    except EngineDown:
        return None
    hits = hits_of(permission.authorised(found, viewer)[:1], Highlighter(plan))
    return hits[0] if hits else None


def _found(plan: Plan, viewer: Any, since: datetime | None = None, limit: int = CANDIDATES) -> list[Found]:
    after = int(since.timestamp() * 1_000_000) + 1 if since else None
    engine = ready_engine()
    late = permission.waiting(engine, viewer)
    request = Request(
        plan=plan,
        audience=tokens_of(viewer),
        hidden=late.refused,
        late=late.keys,
        since=after,
        limit=limit,
        count=False,
    )
    return list(engine.search(request).found)


def _pinned_since(text: str, since: datetime) -> list[Found]:
    document = vocabulary.pinned(text, since)
    return [Found(document, 0.0)] if document else []
