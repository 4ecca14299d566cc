"""The two engines, each empty at the start of a test, behind one interface."""

from __future__ import annotations

import os
import subprocess
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.backends.base import Answer, Backend, Request
from search.backends.plan import parse
from search.documents import PUBLIC
from tests.conftest import unavailable
from tests.factories.search import make_document

SCRIPT = Path(__file__).resolve().parents[3] / "bin" / "opensearch"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of a real server: SEARCH_SERVER_URL, the one that runs, or one started for these tests."""
    url = os.environ.get("SEARCH_SERVER_URL", "http://127.0.0.1:9201")
    if _answers(url):
        yield url
        return
    done = subprocess.run([SCRIPT, "start"], capture_output=True, text=True, check=False)
    if done.returncode or not _answers(url):
        unavailable(
            f"no OpenSearch at {url} and bin/opensearch cannot start one: {done.stderr.strip()[-200:]}"
        )
    yield url
    subprocess.run([SCRIPT, "stop"], check=False)


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.server_engine)])
def engine(request: Any, tmp_path: Path) -> Iterator[Backend]:
    """Each engine in turn."""
    if request.param == "embedded":
        from search.backends.embedded import EmbeddedBackend

        yield EmbeddedBackend(str(tmp_path / "index"))
        return
    from search.backends.elastic import ElasticBackend

    url = request.getfixturevalue("server_url")
    backend = ElasticBackend(url, prefix=f"test-{uuid.uuid4().hex[:8]}")
    yield backend
    backend.remove_everything()


@pytest.fixture
def put(engine: Backend) -> Callable[..., None]:
    """Index documents, each its own row unless ``row`` says so: ``put(doc, doc)`` or ``put(title=…)``."""

    def put(*documents: Any, row: str = "", **values: Any) -> None:
        if values:
            documents = (*documents, make_document(**values))
        if row:
            engine.index({row: documents})
        else:
            engine.index({f"test:{document.id}": [document] for document in documents})

    return put


@pytest.fixture
def ask(engine: Backend) -> Callable[..., Answer]:
    """Search as an anonymous reader, or with ``audience``."""

    def ask(text: str, **options: Any) -> Answer:
        options.setdefault("audience", frozenset({PUBLIC}))
        return engine.search(Request(plan=parse(text), **options))

    return ask


@pytest.fixture
def titles(ask: Callable[..., Answer]) -> Callable[..., list[str]]:
    """Titles of what is found, best first."""

    def titles(text: str, **options: Any) -> list[str]:
        return [one.document.title for one in ask(text, **options).found]

    return titles
