"""Fixtures that every test may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def unavailable(reason: str) -> None:
    """Skip with ``reason`` what this machine cannot run; where CI is set that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"cannot be skipped in CI: {reason}")
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark with ``services`` what asks the database; what asks the cache alone is marked by hand.

    Only that can turn out otherwise on PostgreSQL and Redis; the rest was proved on SQLite (``bin/test``).
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(fixtures):
            item.add_marker("services")


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what was loaded by now, and look less often for the rest."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Add what failed, with when and why in a line, to the file that ``bin/test`` shows last."""
    shown_last = os.environ.get("FAILED_TESTS")
    if not shown_last or "PYTEST_XDIST_WORKER" in os.environ:  # those tell the one that started them
        return
    with Path(shown_last).open("a") as lines:
        for outcome in ("failed", "error"):
            for report in terminalreporter.stats.get(outcome, []):
                crash = getattr(report.longrepr, "reprcrash", None)
                why = (crash.message if crash else str(report.longrepr)).strip().partition("\n")[0][:120]
                stage = os.environ.get("STAGE", "")
                lines.write(f"  {stage}: {report.nodeid} ({report.when}) {why}\n")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database, from the one that an earlier run kept when it is the same."""
    from tests import database

    if not database.is_kept_here() or request.config.getoption("create_db"):
        request.getfixturevalue("django_db_setup")
        yield
        return
    request.getfixturevalue("django_db_modify_db_settings")  # each process has its own
    with database.one_at_a_time():
        memory = database.take()
        request.getfixturevalue("django_db_setup")
        if memory is None:
            with django_db_blocker.unblock():
                database.keep()
    yield
    if memory:
        memory.close()


@pytest.fixture(scope="module")
def made_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Any]:
    """Return ``with made_once(SETTING=…):`` for a fixture of a module, whose tests begin with what it writes.

    What a test itself writes is undone after it, as ever; the rest at the end.
    """
    from django.core.cache import caches
    from django.db import transaction
    from django.test import override_settings

    @contextmanager
    def written(**settings: Any) -> Iterator[None]:
        settings = {"MEDIA_ROOT": tmp_path_factory.mktemp("media"), **settings}
        with django_db_blocker.unblock(), override_settings(**settings), transaction.atomic():
            for name in caches:  # what a test of before had seen under the same keys
                caches[name].clear()
            yield
            transaction.set_rollback(True)

    return written


NO_UNIT = {"browser", "native", "server_engine", "slow"}


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test with no rate limit counted and nothing cached; who asks it must be marked so."""
    from django.core.cache import BaseCache, caches

    for name in caches:
        caches[name].clear()
    if not (NO_UNIT | {"services"}) & {mark.name for mark in request.node.iter_markers()}:
        said = "asks the cache: with pytest.mark.services it is run on Redis too"
        monkeypatch.setattr(BaseCache, "make_and_validate_key", lambda *_, **__: pytest.fail(said))


@pytest.fixture(autouse=True)
def _empty_outbox(request: pytest.FixtureRequest) -> None:
    """Start every test as a worker leaves the database: the first pages it is born with are indexed."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        from search.models import PendingChange

        PendingChange.objects.all().delete()


@pytest.fixture
def queued(settings: Any) -> Callable[[str], Any]:
    """Leave what is asked of the worker in its queue; return what gives the rows of a task by its path."""
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    return lambda path: DBTaskResult.objects.filter(task_path=path)


@pytest.fixture
def assert_same_queries(client: Any) -> Callable[..., int]:
    """Return a check: the address costs the same number of queries before and after ``add_more()``.

    ``assert_same_queries(url, add_more, client=…)``; call it once one item exists. Returns the number.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(url: str, browser: Any) -> int:
        browser.get(url)  # content types, sites: cached once a process
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = browser.get(url)
        assert response.status_code == 200, response.status_code
        return len(captured)

    def check(url: str, add_more: Callable[[], Any], *, client: Any = client) -> int:
        before = count(url, client)
        add_more()
        after = count(url, client)
        assert after == before, f"{url}: {before} queries with one item, {after} with more"
        return before

    return check


@pytest.fixture
def search_index(
    request: pytest.FixtureRequest, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Give a clean embedded index; call it to bring what is in the outbox into it.

    ``search_index()`` drains the outbox and returns how many changes it took; ``search_index.backend``
    is the engine. With ``tests.search.ON_EACH_ENGINE`` it is a real server's in turn.
    """
    from search import backends
    from search.indexing import drain_once

    settings.SEARCH_ENGINE, settings.SEARCH_PLACE = "embedded", str(tmp_path / "index")
    if getattr(request, "param", "embedded") == "elastic":
        engine = request.getfixturevalue("on_server")()
        monkeypatch.setattr(backends, "current", lambda name="": engine)
    with backends.current().rebuild() as build:
        build.swap()

    class Index:
        backend = backends.current()

        def __call__(self) -> int:
            total = 0
            while done := drain_once():
                total += done
            return total

    yield Index()
