"""The pages for what went wrong, in words and in the site's design.

The 500 page is made without the request: it must not ask a database that may be the reason.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from nucleo.policies import Forbidden
from nucleo.ratelimit import RETRY_AFTER, refuse


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it may not exist, or be private to others."""
    return render(request, "404.html", {"section": ""}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence of the policy that refused if it gave one."""
    sentence = str(exception) if isinstance(exception, Forbidden) else ""
    return render(request, "403.html", {"sentence": sentence, "section": ""}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that no page of ours makes."""
    return render(request, "400.html", {"section": ""}, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form was open too long, or cookies are off: what to do so that nothing is lost."""
    return render(request, "403_csrf.html", {"section": ""}, status=403)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429 with the time after which it makes sense to try again."""
    return refuse(request, seconds=RETRY_AFTER)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, made from the template alone."""
    context: dict[str, Any] = {"theme": request.COOKIES.get("tema", ""), "section": ""}
    return HttpResponseServerError(render_to_string("500.html", context))
