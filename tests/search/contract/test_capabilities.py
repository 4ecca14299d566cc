"""What an engine declares of itself (base.Capabilities) is so: each ability is asked of each engine.

Callers ask for the ability and never for the engine, so a declaration that is wrong would be believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from search import rebuilding
from search.backends.base import AnotherRebuilds, Backend, Capabilities, Request
from search.backends.elastic import ElasticBackend
from search.backends.embedded import EmbeddedBackend
from search.backends.plan import parse
from tests.factories.search import make_document

PROVED = {"shared"}
"""Those that the tests below ask for."""


@pytest.fixture
def elsewhere(engine: Backend, request: Any, tmp_path: Path) -> Callable[[], Backend]:
    """Return the same engine as another machine has it: the same settings, and a disk of its own."""
    if isinstance(engine, ElasticBackend):
        url, prefix = request.getfixturevalue("server_url"), engine._prefix.rpartition("-")[0]
        return lambda: ElasticBackend(url, prefix=prefix)
    return lambda: EmbeddedBackend(str(tmp_path / "another-machine" / "index"))


def found(engine: Backend) -> list[str]:
    answer = engine.search(Request(plan=parse("acta"), audience=["public"]))
    return [one.document.title for one in answer.found]


def test_no_ability_is_declared_that_nothing_proves(engine: Backend) -> None:
    assert {field.name for field in fields(Capabilities)} == PROVED
    assert set(Capabilities.__slots__) == PROVED
    assert isinstance(engine.capabilities, Capabilities)


def test_several_machines_use_what_is_shared_and_nothing_else(
    engine: Backend, elsewhere: Callable[[], Backend]
) -> None:
    other = elsewhere()
    for one in (engine, other):
        with one.rebuild() as build:
            build.swap()
    engine.index({"t:1": [make_document(id="1", title="Acta de aquí")]})
    assert (found(other) == ["Acta de aquí"]) is engine.capabilities.shared
    other.index({"t:2": [make_document(id="2", title="Acta de allá")]})
    assert (len(found(engine)) == 2) is engine.capabilities.shared
    other.delete(["t:1"])
    assert ("Acta de aquí" not in found(engine)) is engine.capabilities.shared


def test_what_one_machine_rebuilds_serves_all_that_share_it(
    engine: Backend, elsewhere: Callable[[], Backend]
) -> None:
    other = elsewhere()
    assert not engine.is_ready() and not other.is_ready()
    with engine.rebuild() as build:
        build.index({"t:1": [make_document(title="Acta")]})
        build.swap()
    assert elsewhere().is_ready() is engine.capabilities.shared
    assert (found(elsewhere()) == ["Acta"]) is engine.capabilities.shared


@pytest.mark.postgres
@pytest.mark.django_db
def test_machines_that_share_an_index_take_turns_to_rebuild_it(tmp_path: Path) -> None:
    """The database gives the turn, as the machines share nothing else; an engine of one asks for none."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL serves several machines")
    shared: Backend = ElasticBackend("http://127.0.0.1:9")  # is not asked
    alone: Backend = EmbeddedBackend(str(tmp_path))
    assert (shared.capabilities.shared, alone.capabilities.shared) == (True, False)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [rebuilding.ADVISORY_LOCK + 1])
        with pytest.raises(AnotherRebuilds), rebuilding._alone(shared):
            pass
        with rebuilding._alone(alone):
            pass
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [rebuilding.ADVISORY_LOCK + 1])
        with rebuilding._alone(shared):
            pass
    finally:
        other.close()
