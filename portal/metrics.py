"""Numbers for Prometheus: how many answers of each kind and how long they took, and what waits.

No label carries a person, an address or a search.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Gauge, Histogram

ANSWERS = Counter("portal_answers_total", "Answers by view and status.", ["view", "status"])
SECONDS = Histogram("portal_answer_seconds", "Time to an answer, by view.", ["view"])
PENDING_INDEX = Gauge("portal_pending_index_changes", "Rows of the search outbox that wait.")
PENDING_TASKS = Gauge("portal_pending_tasks", "Tasks that wait for the worker.")
FAILED_TASKS = Gauge("portal_failed_tasks", "Tasks that failed and were not tried again yet.")
WORKERS = Gauge("portal_workers_alive", "Workers heard of in the last two minutes.")

GetResponse = Callable[[HttpRequest], HttpResponse]


def measured(get_response: GetResponse) -> GetResponse:
    """Count each answer under the name of its view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = (match.view_name or match.route) if match else "none"
        ANSWERS.labels(view, str(response.status_code)).inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return response

    return middleware


def refresh() -> None:
    """Bring the gauges up to date. Four small queries."""
    from django_tasks_db.models import DBTaskResult

    from portal.models import WorkerBeat
    from search.models import PendingChange

    PENDING_INDEX.set(PendingChange.objects.count())
    PENDING_TASKS.set(DBTaskResult.objects.ready().count())
    FAILED_TASKS.set(DBTaskResult.objects.failed().count())
    WORKERS.set(WorkerBeat.objects.alive().count())
