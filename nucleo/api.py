"""What every app's ``api.py`` shares: the shape of a list, and how an error reads (RFC 9457).

Lists are ``{count, next, results}``; ``?pagina=`` is read as forgivingly as the pages read it. Visibility is
not decided here: a router hands over rows that are already ``visible_to`` the person who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from ninja import Schema

from nucleo.pagination import paginate

PER_PAGE = 50
PROBLEM = "application/problem+json"

T = TypeVar("T")


class Paged(Schema, Generic[T]):
    """A page of a list; ``next`` is the address of the following page, null on the last."""

    count: int
    next: str | None
    results: list[T]


class Problem(Schema):
    """What went wrong, as RFC 9457 writes it; ``errores`` names the parameters that could not be read."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errores: list[dict[str, Any]] = []


def absolute(path: str) -> str:
    """Return ``path`` (which begins with /) on the portal's own address."""
    return f"{settings.ORIGIN}{path}"


def paged(request: HttpRequest, rows: QuerySet[Any], make: Callable[[Any], T]) -> dict[str, Any]:
    """Return page ``?pagina=`` of ``rows`` in the shape of :class:`Paged`, each made by ``make``."""
    page = paginate(rows, request.GET.get("pagina"), per_page=PER_PAGE)
    following = None
    if page.has_next():
        query = request.GET.copy()
        query["pagina"] = str(page.next_page_number())
        following = absolute(f"{request.path}?{query.urlencode()}")
    return {
        "count": page.paginator.count,
        "next": following,
        "results": [make(row) for row in page.object_list],
    }


def problem(
    status: int, title: str, detail: str = "", errors: list[dict[str, Any]] | None = None
) -> JsonResponse:
    """Return an error as problem details; ``title`` is for people."""
    body = Problem(title=title, status=int(HTTPStatus(status)), detail=detail, errores=errors or [])
    return JsonResponse(
        body.model_dump(), status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
    )
