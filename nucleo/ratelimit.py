"""How often a person may do a thing: a counter in the cache, shared by the processes that share it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nucleo.http import client_key

RETRY_AFTER = 300
"""Seconds; the longest of the windows within which sign-in attempts are counted."""


def refuse(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Return the page that says when it makes sense to try again: 429, with ``Retry-After``."""
    context = {"minutes": math.ceil(seconds / 60), "section": ""}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def too_many(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more of ``key``; true when it is over ``limit`` within a window of ``seconds``."""
    name = f"rate:{key}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) > limit
    except ValueError:  # expired between the two calls
        cache.set(name, 1, seconds)
        return False


def rate_limited(name: str, *, limit: int, seconds: int) -> Callable[..., Any]:
    """Decorate a view: POSTs over ``limit`` in ``seconds`` by one person get a 429 with ``Retry-After``."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and too_many(
                f"{name}:{client_key(request)}", limit=limit, seconds=seconds
            ):
                return refuse(request, seconds=seconds)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
