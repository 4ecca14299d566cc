"""The engine inside the process (tantivy): the default, for one machine, without a server."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

import tantivy

from search.backends import base, embedded_query
from search.backends.base import Answer, Capabilities, EngineDown, Found, Health, Request, Rows
from search.backends.embedded_store import Store
from search.documents import SearchDocument

COMMIT_EVERY = 5_000
"""Documents put in between two commits of a rebuild."""
WEIGHTS = (0.25, 4.0)
"""The engine multiplies by ``log2(2 + field)`` and takes no field below 0: weights are kept within these."""
MANY = 10_000


class EmbeddedBackend:
    """Search over a directory; safe in threads and beside other processes."""

    name = "embedded"
    capabilities = Capabilities(shared=False)

    def __init__(self, place: str) -> None:
        self._store = Store(place)

    # --- Writing -------------------------------------------------------------------------------------
    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows in one commit."""
        index = self._store.open()
        with _failures(), self._store.writing(index) as writer:
            index.reload()
            searcher = index.searcher()
            for row, documents in rows.items():
                stored = self._versions(searcher, row) if documents else {}
                if any(stored.get(document.key, 0) > document.version for document in documents):
                    continue
                writer.delete_documents_by_term("row", row)
                for document in documents:
                    writer.add_document(_stored(row, document))

    def delete(self, rows: Collection[str]) -> None:
        """Take out all documents of these rows."""
        self.index(dict.fromkeys(rows, ()))

    def _versions(self, searcher: tantivy.Searcher, row: str) -> dict[str, int]:
        query = tantivy.Query.term_query(self._store.schema, "row", row)
        hits = searcher.search(query, MANY, count=False, order_by_field="updated").hits
        return {str(searcher.doc(address).get_first("key")): int(version) for version, address in hits}

    @contextmanager
    def rebuild(self) -> Iterator[_Build]:
        """Open an empty index beside the live one."""
        with _failures(), self._store.rebuilding():
            before = self._store.current()
            self._store.remove_others()
            build = _Build(self._store)
            try:
                yield build
            finally:
                build.close()
                self._store.remove_others(before)  # who is reading it finishes; the next rebuild removes it

    # --- Reading -------------------------------------------------------------------------------------
    def search(self, request: Request) -> Answer:
        """Find; counts of a chosen facet are taken once more without its own filter."""
        with _failures():
            searcher, schema = self._store.searcher(), self._store.schema
            text = embedded_query.text_query(schema, request.plan, fuzzy=request.fuzzy)
            query = embedded_query.narrowed(schema, text, request)
            ordering: dict[str, Any] = {"order_by_field": "updated"}
            if not request.by_date and not request.plan.is_empty:
                ordering = {"weight_by_field": "weight"}
            result = searcher.search(query, request.limit, offset=request.offset, **ordering)
            found = tuple(
                Found(_loaded(searcher.doc(address)), float(score)) for score, address in result.hits
            )
            facets, periods = self._counts(searcher, text, request) if request.count else ({}, {})
            return Answer(_total(result), found, facets, periods)

    def _counts(
        self, searcher: tantivy.Searcher, text: tantivy.Query, request: Request
    ) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """Return the counts of facets and periods: one pass over the matches, one more a chosen facet."""
        schema = self._store.schema
        dated = request.since is not None or request.until is not None
        by_date = _periods(request.periods)
        chosen = [name for name in base.FACETS if request.filters.get(name)]
        wanted = {name: _values(name) for name in base.FACETS if name not in chosen}
        if not dated:
            wanted |= by_date
        counted = searcher.aggregate(embedded_query.narrowed(schema, text, request), wanted) if wanted else {}
        for name in chosen:
            query = embedded_query.narrowed(schema, text, request, without=name)
            counted |= searcher.aggregate(query, {name: _values(name)})
        if dated and by_date:
            whenever = replace(request, since=None, until=None)
            counted |= searcher.aggregate(embedded_query.narrowed(schema, text, whenever), by_date)
        facets = {
            name: {b["key"]: b["doc_count"] for b in counted[name]["buckets"] if b["key"]}
            for name in base.FACETS
        }
        return facets, _since(request.periods, counted)

    def suggest(self, words: Sequence[str], audience: Collection[str], limit: int) -> list[SearchDocument]:
        """Return titles that begin to say ``words``, heaviest and newest first."""
        if not words:
            return []
        with _failures():
            searcher = self._store.searcher()
            query = embedded_query.title_query(self._store.schema, words, audience)
            hits = searcher.search(query, limit, count=False, weight_by_field="weight").hits
            return [_loaded(searcher.doc(address)) for _, address in hits]

    def known_versions(self) -> Iterator[tuple[str, str, int]]:
        """Stream row, key and version of every document, in the order of their versions."""
        with _failures():
            searcher = self._store.searcher()
            seen = 0
            while True:
                hits = searcher.search(
                    tantivy.Query.all_query(), MANY, offset=seen, count=False, order_by_field="updated"
                ).hits
                for _, address in hits:
                    stored = searcher.doc(address)
                    yield str(stored["row"][0]), str(stored["key"][0]), int(stored["updated"][0])
                if len(hits) < MANY:
                    return
                seen += len(hits)

    def health(self) -> Health:
        """Say whether the index opens, whether it was ever filled, and how much it holds."""
        try:
            with _failures():
                return Health(ok=True, ready=self._store.is_filled, documents=self._store.searcher().num_docs)
        except EngineDown as error:
            return Health(ok=False, ready=False, detail=str(error))


class _Build:
    """A directory being filled, invisible until :meth:`swap`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._name = store.fresh_name()
        self._index = store.make(self._name)
        self._writer: tantivy.IndexWriter | None = None
        self._since_commit = 0

    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows."""
        if self._writer is None:
            self._writer = self._index.writer(50_000_000, 1)
        for row, documents in rows.items():
            self._writer.delete_documents_by_term("row", row)
            for document in documents:
                self._writer.add_document(_stored(row, document))
                self._since_commit += 1
        if self._since_commit >= COMMIT_EVERY:
            self._writer.commit()
            self._since_commit = 0

    def swap(self) -> None:
        """Commit, and let this directory serve."""
        if self._writer is not None:
            self._writer.commit()
        self.close()
        self._store.mark_filled(self._name)
        self._store.point_at(self._name)

    def close(self) -> None:
        """Let go of the writer."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what the engine and the disk raise into EngineDown."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineDown(str(error)) from error


def _total(result: Any) -> int:
    """Return how many documents matched; the type stubs of the engine forget the attribute."""
    return int(result.count)


def _values(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": 1000}}


def _periods(periods: Mapping[str, int]) -> dict[str, Any]:
    """Return what counts the stretches between the starts of ``periods``: none may overlap."""
    starts = sorted(set(periods.values()))
    stretches = [{"from": start, "to": end} for start, end in pairwise(starts)]
    stretches += [{"from": start} for start in starts[-1:]]
    return {"periods": {"range": {"field": "updated", "ranges": stretches}}} if stretches else {}


def _since(periods: Mapping[str, int], counted: Mapping[str, Any]) -> dict[str, int]:
    """Return how many documents each period has, which is all stretches from its beginning on."""
    stretches = counted["periods"]["buckets"] if periods else []
    return {
        name: sum(one["doc_count"] for one in stretches if one.get("from", -inf) >= since)
        for name, since in periods.items()
    }


def _stored(row: str, document: SearchDocument) -> tantivy.Document:
    stored = tantivy.Document()
    for name, text in base.analysed(document).items():
        if text:
            stored.add_text(name, text)
    for name in ("key", "kind", "city", "theme", "route"):
        stored.add_text(name, str(getattr(document, name)))
    stored.add_text("row", row)
    for token in document.audience:
        stored.add_text("audience", token)
    stored.add_integer("updated", document.version)
    least, most = WEIGHTS
    stored.add_float("weight", 2 ** (4 * min(max(base.weight(document), least), most)) - 2)
    stored.add_bytes("document", json.dumps(base.dump(document)).encode())
    return stored


def _loaded(stored: tantivy.Document) -> SearchDocument:
    return base.load(json.loads(bytes(stored["document"][0])))
