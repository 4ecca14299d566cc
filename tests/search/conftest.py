"""Something to be found without any app: Django's groups, as pages that may be private; and a real server."""

from __future__ import annotations

import os
import subprocess
import urllib.request
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.bootstrap import EDITORS
from portal.worker import Worker
from search import backends, indexing, outbox, registry
from search.backends.base import Backend
from search.backends.elastic import ElasticBackend
from search.backends.embedded import EmbeddedBackend
from search.comparing import differences
from search.documents import PUBLIC, SearchDocument
from search.models import PendingChange
from tests.conftest import unavailable
from tests.factories.cuentas import UserFactory
from tests.factories.search import EPOCH, make_document

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "search-server"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of a real server: SEARCH_SERVER_URL, the one that runs, or one started for these tests."""
    url = os.environ.get("SEARCH_SERVER_URL") or subprocess.check_output([SCRIPT, "url"], text=True).strip()
    if _answers(url):
        yield url
        return
    done = subprocess.run([SCRIPT, "start"], capture_output=True, text=True, check=False)
    if done.returncode or not _answers(url):
        unavailable(
            f"no search server at {url} and {SCRIPT.name} cannot start one: {done.stderr.strip()[-200:]}"
        )
    yield url
    subprocess.run([SCRIPT, "stop"], check=False)


@pytest.fixture
def editor(db: Any) -> Client:
    """The browser of an editor."""
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    browser = Client()
    browser.force_login(user)
    return browser


@dataclass
class Shelf:
    """Rows (groups) with what their documents say; ``refuse`` hides documents from the database's word."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    members_only: set[str] = field(default_factory=set)
    asked: int = 0

    def add(self, name: str, /, **values: Any) -> Group:
        """Write a row and queue it, as an app does."""
        row = Group.objects.create(name=name)
        self.values[str(row.pk)] = values
        outbox.queue("prueba", row.pk)
        return row

    def documents(self, row: Group) -> Iterable[SearchDocument]:
        """One document a row, or the parts that its values give."""
        values = {"updated": EPOCH, **self.values.get(str(row.pk), {})}
        if values.pop("broken", False):
            raise ZeroDivisionError
        for part in values.pop("parts", [""]):
            name = f"{row.pk}-{part}" if part else str(row.pk)
            yield make_document(**{"id": name, "title": f"{row.name} {part}".strip(), **values})

    def authorised(self, ids: Collection[str], user: Any) -> set[str]:
        """What is not refused and still exists: one query."""
        self.asked += 1
        rows = {str(pk) for pk in Group.objects.values_list("pk", flat=True)}
        refused = self.refused | (set() if user.is_authenticated else self.members_only)
        return {i for i in ids if i not in refused and i.split("-")[0] in rows}


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, search_index: Any, db: Any) -> Iterator[Shelf]:
    """The only source there is, over a clean index."""
    shelf = Shelf()
    monkeypatch.setattr(registry, "_sources", {})
    monkeypatch.setattr(registry, "_audiences", [])
    monkeypatch.setattr(registry, "_labels", {"ciudad": lambda slugs: {s: s.upper() for s in slugs}})
    monkeypatch.setattr(registry, "_ask", [])
    monkeypatch.setattr(registry, "_subjects", [])
    monkeypatch.setattr(registry, "_places", [])
    registry.register(
        registry.Source(
            name="prueba",
            kind="pagina",
            queryset=lambda: Group.objects.filter(pk__in=list(shelf.values)).order_by("pk"),
            documents=shelf.documents,
            authorised=shelf.authorised,
        )
    )
    yield shelf


@pytest.fixture
def stock(shelf: Shelf, search_index: Any) -> Callable[..., list[Group]]:
    """Write public rows with these titles and bring them into the index."""

    def stock(*titles: str, **values: Any) -> list[Group]:
        values.setdefault("audience", frozenset({PUBLIC}))
        rows = [shelf.add(title, **values) for title in titles]
        search_index()
        return rows

    return stock


@pytest.fixture
def on_server(server_url: str) -> Iterator[Callable[[], ElasticBackend]]:
    """Return ``on_server()``: an empty engine on a real server, alone there and removed at the end."""
    made: list[ElasticBackend] = []

    def on_server() -> ElasticBackend:
        made.append(ElasticBackend(server_url, prefix=f"test-{uuid.uuid4().hex[:8]}"))
        return made[-1]

    yield on_server
    for engine in made:
        engine.remove_everything()


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.server_engine)])
def new_engine(request: Any, tmp_path: Path) -> Callable[[], Backend]:
    """Return ``new_engine()``: an empty engine, of each of the two kinds in turn."""
    if request.param == "elastic":
        made: Callable[[], Backend] = request.getfixturevalue("on_server")
        return made
    return lambda: EmbeddedBackend(str(tmp_path / uuid.uuid4().hex))


@pytest.fixture
def live(new_engine: Callable[[], Backend], monkeypatch: pytest.MonkeyPatch) -> Backend:
    """Each engine in turn behind the whole portal."""
    engine = new_engine()
    monkeypatch.setattr(backends, "current", lambda name="": engine)
    return engine


@pytest.fixture
def worker(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the worker go round, in a process that has not read the index yet, until nothing is left to do."""
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.setattr(indexing, "MAX_WAIT_SECONDS", 0)

    def worker() -> None:
        backends._made.cache_clear()
        Worker().run_until_idle()

    return worker


def assert_the_engine_rests(client: Any) -> None:
    """See that a search says that the engine rests, and finds the title in the database, meanwhile.

    For a test that damaged an index and wrote one more acta since.
    """
    page = client.get("/buscar/?q=acta+entretanto")
    assert page.status_code == 200 and "está descansando" in page.content.decode()
    answer = client.get("/api/v1/buscar?q=acta+entretanto").json()
    assert answer["descansando"] is True
    assert [one["titulo"] for one in answer["results"]] == ["Acta escrita entretanto"]
    assert client.get("/buscar/sugerencias/?q=acta").status_code == 200


def assert_all_is_found_again(client: Any) -> None:
    """See that the 30 actas and the one written meanwhile are in the index, which is as the database."""
    assert client.get("/readyz").json()["search"] is True
    assert client.get("/api/v1/buscar?q=acta").json()["count"] == 31
    assert list(differences()) == [] and not PendingChange.objects.exists()
