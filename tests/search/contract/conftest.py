"""The two engines, each empty at the start of a test, behind one interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from search.backends.base import Answer, Backend, Request
from search.backends.plan import parse
from search.documents import PUBLIC
from tests.factories.search import make_document


@pytest.fixture
def engine(new_engine: Callable[[], Backend]) -> Backend:
    """Each engine in turn."""
    return new_engine()


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
