"""Which audience tokens a viewer holds."""

from __future__ import annotations

from typing import Any

from search.documents import MEMBER, PUBLIC
from search.registry import audience_providers


def tokens_of(user: Any) -> frozenset[str]:
    """Return the tokens of ``user`` (anonymous: only ``public``). Costs a query per provider."""
    if not getattr(user, "is_authenticated", False):
        return frozenset({PUBLIC})
    tokens = {PUBLIC, MEMBER}
    for provider in audience_providers():
        tokens.update(provider(user))
    return frozenset(tokens)
