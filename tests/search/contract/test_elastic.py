"""What only the engine on a server has to get right: the connection, versions, a lost index."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search.backends.base import EngineDown, Request
from search.backends.elastic import ElasticBackend
from search.backends.elastic_node import connect
from search.backends.plan import parse
from tests.factories.search import EPOCH, make_document


def request(text: str) -> Request:
    return Request(plan=parse(text), audience=["public"])


def test_a_server_that_is_not_there_is_an_engine_that_is_down() -> None:
    engine = ElasticBackend("http://127.0.0.1:9")
    for ask in (
        lambda: engine.search(request("acta")),
        lambda: engine.suggest(["acta"], ["public"], 3),
        lambda: engine.index({"t:1": [make_document()]}),
        lambda: list(engine.known_versions()),
    ):
        with pytest.raises(EngineDown):
            ask()
    assert not engine.health().ok
    with pytest.raises(EngineDown), engine.rebuild():
        pass


def test_address_and_password() -> None:
    node = next(iter(connect("https://ana:se%40creta@buscador.example").transport.node_pool.all()))
    assert (node.config.scheme, node.config.host, node.config.port) == ("https", "buscador.example", 443)
    assert connect("https://ana:se%40creta@h")._headers["authorization"].startswith("Basic ")


@pytest.mark.server_engine
def test_an_index_that_was_removed_loses_no_write(on_server: Callable[[], ElasticBackend]) -> None:
    engine = on_server()
    engine.index({"t:1": [make_document(title="Acta")]})
    engine._client.indices.delete(index=next(iter(engine._client.indices.get_alias(name=engine.write))))
    with pytest.raises(EngineDown):
        engine.index({"t:1": [make_document(title="Acta")]})
    engine.index({"t:1": [make_document(title="Acta")]})
    assert engine.search(request("acta")).total == 1


@pytest.mark.server_engine
def test_hidden_and_shown_again_with_the_same_version(on_server: Callable[[], ElasticBackend]) -> None:
    engine = on_server()
    document = make_document(title="Acta", updated=EPOCH)
    for _ in range(2):
        engine.index({"t:1": [document]})
        assert engine.search(request("acta")).total == 1
        engine.index({"t:1": []})
        assert engine.search(request("acta")).total == 0
