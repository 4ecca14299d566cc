"""What stands before a view that writes: an account, and a measure of how often."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from nucleo.ratelimit import rate_limited

posting = rate_limited("comunidad-post", limit=15, seconds=300)
"""New messages of one person: nobody writes more by hand."""
touching = rate_limited("comunidad-touch", limit=80, seconds=300)
"""Buttons: a tutor who clears a long queue stays below."""


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send to sign-in and back, with what the address already says."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped
