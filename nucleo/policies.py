"""What every app's ``policies.py`` shares: the refusal that says why.

A policy answers ``can_x(user, obj) -> bool``; its twin ``visible_to(user)`` on the QuerySet answers
"which ones?". Not visible is a 404, visible but forbidden is this 403.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Forbidden(PermissionDenied):
    """A verb that this person may not do on something she may see; ``str()`` is the sentence shown."""


def require(allowed: bool, sentence: str) -> None:
    """Raise :class:`Forbidden` with ``sentence`` (shown to the person) unless ``allowed``."""
    if not allowed:
        raise Forbidden(sentence)
