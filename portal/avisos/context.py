"""The number beside the bell: one query for who is signed in, and only when the page shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from portal.avisos.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``unread_notices`` (called when first shown); a visitor costs no query."""

    @cache
    def count() -> int:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return 0
        return Notice.objects.visible_to(user).unread().count()

    return {"unread_notices": count}
