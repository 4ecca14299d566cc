"""System checks: what apps registered can be found under a known kind. Opens no engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from search import registry
from search.documents import KINDS

NAME_LENGTH = 40


@register("search")
def check_sources(**kwargs: Any) -> Sequence[CheckMessage]:
    """E001: a source of a kind that addresses and facets do not know. E002: a name the outbox cannot hold."""
    found: list[CheckMessage] = []
    for source in registry.sources():
        if source.kind not in KINDS:
            found.append(
                Error(
                    f"The search source {source.name!r} gives documents of the unknown kind {source.kind!r}.",
                    hint=f"Use one of {', '.join(KINDS)}, or add it to search.documents.KINDS.",
                    id="search.E001",
                )
            )
        if len(source.name) > NAME_LENGTH or ":" in source.name:
            found.append(
                Error(
                    f"The search source {source.name!r} needs a shorter name, without a colon.",
                    id="search.E002",
                )
            )
    return found
