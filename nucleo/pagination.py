"""Pages of a list, forgiving about the number in the address."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

PER_PAGE = 20


def paginate(items: QuerySet[Any] | list[Any], number: str | None, *, per_page: int = PER_PAGE) -> Page[Any]:
    """Return page ``number`` (address text) of ``items``; nonsense gives the first, too far the last."""
    return Paginator(items, per_page).get_page(number)
