"""What hidden documents do tell, said as a test: the order by likeness (docs/search.md).

Who may publish has two documents alike but for a word, and sees by their order which word is the rarer, also
counting hidden ones. With a ladder of such words she counts how many documents have the one that she wants.
Nothing else tells it. If an engine ever ends it, this test fails, and the docs are to be mended.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search import backends, service
from search.backends.base import Backend
from search.query import Query
from tests.factories.search import make_document
from tests.search.contract.test_twin_index import Reader, Twins

pytestmark = pytest.mark.django_db


def test_the_order_tells_how_common_a_word_is(
    new_engine: Callable[[], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    twins, reader = Twins(new_engine, monkeypatch), Reader(frozenset())
    alike = [
        make_document(id="known", kind="guia", title="Sonda", body="tienda"),
        make_document(id="asked", kind="guia", title="Sonda", body="crédito"),
        *(make_document(id=f"w{n}", kind="guia", title="Otra", body="tienda") for n in range(2)),
    ]
    hidden = [
        make_document(id=f"h{n}", kind="acta", title="Acta", body="crédito", audience=frozenset({"mesa:1"}))
        for n in range(6)
    ]
    whole, own, _public = twins.fill([*alike, *hidden], reader, {})
    seen = [twins.seen(engine, reader, "tienda crédito") for engine in (whole, own)]
    assert seen[0] == seen[1]
    first = []
    for engine in (whole, own):
        monkeypatch.setattr(backends, "current", lambda name="", engine=engine: engine)
        hits = service.search(Query(text="tienda crédito"), reader).hits
        first.append(next(hit.id for hit in hits if hit.id in {"known", "asked"}))
    assert first == ["known", "asked"]
