"""The two engines, each empty at the start of a test, behind one interface."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.backends.base import Answer, Backend, Request
from search.backends.plan import parse
from search.documents import PUBLIC
from tests.factories.search import make_document


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
