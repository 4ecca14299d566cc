"""What editors taught the search: synonyms, and the result that comes first for a query.

Read by every search, so kept in the cache and forgotten when an editor changes it; processes that share no
cache see the change within a minute. Nothing is indexed anew: both act when something is asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from search import registry
from search.backends import analysis
from search.documents import SearchDocument
from search.models import Pin, SynonymGroup

_KEY = "search:taught:2"
_SECONDS = 60

Taught = tuple[tuple[tuple[str, datetime], ...], dict[str, tuple[str, str, datetime]]]


def _taught() -> Taught:
    """Return the lines of synonyms, and key of query → kind and id of the pinned document: two queries.

    Each with when it was taught.
    """
    found: Taught | None = cache.get(_KEY)
    if found is None:
        lines = tuple(SynonymGroup.objects.order_by("pk").values_list("words", "updated_at"))
        found = lines, {pin.key: (pin.kind, pin.document, pin.updated_at) for pin in Pin.objects.all()}
        cache.set(_KEY, found, _SECONDS)
    return found


def forget() -> None:
    """Read again what editors taught; called when it has changed."""
    cache.delete(_KEY)


@receiver([post_save, post_delete], sender=SynonymGroup)
@receiver([post_save, post_delete], sender=Pin)
def taught_changed(sender: Any, **kwargs: Any) -> None:
    """Let the next search know."""
    transaction.on_commit(forget)


def synonyms() -> tuple[str, ...]:
    """Return the lines that editors added, as in ``data/synonyms_es.txt``."""
    return tuple(words for words, _ in _taught()[0])


def synonyms_at(moment: datetime) -> tuple[str, ...]:
    """Return those of the lines that were as they are now at ``moment`` already."""
    return tuple(words for words, taught in _taught()[0] if taught <= moment)


def pinned(text: str, since: datetime | None = None) -> SearchDocument | None:
    """Return the document that editors put first for ``text`` (after ``since``), as it is now."""
    pins = _taught()[1]
    pin = pins.get(analysis.key(text)) if pins else None
    if pin is None or (since is not None and pin[2] <= since):
        return None
    kind, wanted, _taught_at = pin
    return registry.document(kind, wanted)
