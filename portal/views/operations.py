"""What those who run the portal ask it: is it there, is it well, how much does it do."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from portal import metrics
from portal.models import WorkerBeat
from search.service import is_well


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part as true or false; 503 when the database is down, since nothing works without it."""
    database = _database()
    parts = {
        "database": database,
        "search": database and _search(),
        "cache": _cache(),
        "worker": database and WorkerBeat.objects.alive().exists(),
    }
    return JsonResponse({"ready": database, **parts}, status=200 if database else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _search() -> bool:
    try:
        return is_well()
    except Exception:  # whatever an engine raises, it is not ready
        return False


def _cache() -> bool:
    probe = secrets.token_hex(8)
    try:
        cache.set("readyz", probe, 10)
        return bool(cache.get("readyz"))
    except Exception:  # a cache server that is down raises its own errors
        return False


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus, for who knows ``METRICS_TOKEN``; without one in the settings there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        response = HttpResponse("METRICS_TOKEN\n", status=401, content_type="text/plain")
        response["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return response
    metrics.refresh()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
