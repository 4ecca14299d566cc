"""The engine inside the process (tantivy): the default, for one machine, without a server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

import tantivy
from tantivy import Occur

from search.backends import base, embedded_query, scoring
from search.backends.base import Answer, Capabilities, EngineDown, Found, Health, Known, Request, Rows
from search.backends.embedded_store import SCHEMA_HASH, WRITER_HEAP, Store, failures
from search.documents import SearchDocument

COMMIT_EVERY = 5_000
"""Documents put in between two commits of a rebuild."""
WEIGHTS = (0.25, 4.0)
"""The engine multiplies by ``log2(2 + field)`` and takes no field below 0: weights are kept within these."""
MANY = 5_000
"""Documents that are gone through at a time."""


class EmbeddedBackend:
    """Search over a directory; safe in threads and beside other processes."""

    name = "embedded"
    capabilities = Capabilities(shared=False)

    def __init__(self, place: str) -> None:
        self._store = Store(place)
        self.label = f"{self.name}:{place}:{SCHEMA_HASH}"
        self._counts_of = scoring.Counts(None)

    # --- Writing -------------------------------------------------------------------------------------
    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows in one commit."""
        with self._failures():
            index = self._store.open()
            with self._store.writing(index) as writer:
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
        return {known.key: known.version for known in self._held(searcher, query)}

    @contextmanager
    def rebuild(self, unfinished: str = "") -> Iterator[_Build]:
        """Open an index beside the live one: empty, or as an interrupted rebuild left it."""
        with self._store.rebuilding():
            with failures():
                before = self._store.current()
                self._store.remove_others(unfinished)
                self._store.require_room()
                build = _Build(self._store, unfinished)
            try:
                yield build
            finally:
                build.close()
                # Who is reading the one before finishes; the next rebuild removes it.
                self._store.remove_others(before, build.name)

    # --- Reading -------------------------------------------------------------------------------------
    def search(self, request: Request) -> Answer:
        """Find; counts of a chosen facet are taken once more without its own filter."""
        with self._failures():
            searcher, rarity = self._rarity(request)
            schema = self._store.schema
            text = simple = embedded_query.unscored(schema, request.plan, rarity, fuzzy=request.fuzzy)
            if request.by_date or request.plan.is_empty:
                ordering: dict[str, Any] = {"order_by_field": "updated" if request.by_date else "listed"}
            else:
                ordering = {"weight_by_field": "weight"}
                text = embedded_query.text_query(schema, request.plan, rarity, fuzzy=request.fuzzy)
            query = embedded_query.fresher(schema, embedded_query.narrowed(schema, text, request), request)
            result = searcher.search(query, request.limit, offset=request.offset, **ordering)
            found = tuple(
                Found(_loaded(searcher.doc(address)), float(score)) for score, address in result.hits
            )
            facets, periods = self._counts(searcher, simple, request) if request.count else ({}, {})
            return Answer(_total(result), found, facets, periods)

    def _rarity(self, request: Request) -> tuple[tantivy.Searcher, scoring.Rarity]:
        """Return a view, and how rare words are in it for everybody, counted once between two commits.

        The number of the view is read first: what is counted is never older than it says.
        """
        schema, late = self._store.schema, frozenset(request.late)
        state = (self._store.generation, late)
        searcher, counts, words = self._store.searcher(), self._counts_of, request.plan.forms
        if counts.state != state:
            counts = self._counts_of = scoring.Counts(state)
            counts.documents = _how_many(searcher, embedded_query.counted(schema, late))
        for word in words - counts.having.keys():
            counts.having[word] = _how_many(searcher, embedded_query.counted(schema, late, word))
        return searcher, counts.rarity(words)

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

    def suggest(
        self,
        words: Sequence[str],
        audience: Collection[str],
        limit: int,
        kinds: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> list[SearchDocument]:
        """Return titles that begin to say ``words``, heaviest and newest first."""
        if not words:
            return []
        with self._failures():
            searcher = self._store.searcher()
            query = embedded_query.title_query(self._store.schema, words, audience, kinds, hidden)
            hits = searcher.search(query, limit, count=False, weight_by_field="weight").hits
            return [_loaded(searcher.doc(address)) for _, address in hits]

    def spelt(
        self, word: str, slips: int, audience: Collection[str], limit: int, hidden: Collection[str] = ()
    ) -> list[SearchDocument]:
        """Return documents that have a word up to ``slips`` letters from ``word``; the fewest first."""
        with self._failures():
            searcher = self._store.searcher()
            query = embedded_query.spelt(self._store.schema, word, slips, audience, hidden)
            hits = searcher.search(query, limit, count=False).hits
            return [_loaded(searcher.doc(address)) for _, address in hits]

    def known_versions(self) -> Iterator[Known]:
        """Stream what is held of every document."""
        with self._failures():
            yield from self._held(self._store.searcher(), tantivy.Query.all_query())

    def versions_of(self, rows: Collection[str]) -> Iterator[Known]:
        """Stream what is held of ``rows``."""
        with self._failures():
            query = embedded_query.any_of(self._store.schema, "row", rows)
            yield from self._held(self._store.searcher(), query)

    def _held(self, searcher: tantivy.Searcher, query: tantivy.Query) -> Iterator[Known]:
        """Go through what ``query`` finds a page at a time, in the order of a number made from the key."""
        after = -1
        while True:
            rest = tantivy.Query.range_query(
                self._store.schema, "place", tantivy.FieldType.Integer, after, include_lower=False
            )
            both = tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, rest)])
            order: dict[str, Any] = {"order_by_field": "place", "order": tantivy.Order.Asc}
            hits = searcher.search(both, MANY, count=False, **order).hits
            for _, address in hits:
                stored = searcher.doc(address)
                row, key, version, mark = (stored[name][0] for name in Known._fields)
                yield Known(str(row), str(key), int(version), str(mark))
            if len(hits) < MANY:
                return
            after = int(hits[-1][0])

    def is_ready(self) -> bool:
        """Whether a rebuild was ever finished here."""
        return self._store.is_filled

    def examine(self) -> None:
        """Compare each file with its checksum: once a process, once a day, and after any strange answer."""
        with failures():
            self._store.examine()

    def health(self) -> Health:
        """Say whether the index opens, whether it was ever filled, and how much it holds."""
        try:
            with failures():
                return Health(ok=True, ready=self._store.is_filled, documents=self._store.searcher().num_docs)
        except EngineDown as error:
            return Health(ok=False, ready=False, detail=str(error), damaged=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what the engine and the disk raise into EngineDown, and have the index examined."""
        try:
            with failures():
                yield
        except EngineDown:
            self._store.suspect()
            raise


class _Build:
    """A directory being filled, invisible until :meth:`swap`."""

    def __init__(self, store: Store, unfinished: str) -> None:
        self._store = store
        left = store.reopened(unfinished)
        self.name = unfinished if left else store.fresh_name()
        self._index = left or store.make(self.name)
        self._writer: tantivy.IndexWriter | None = None
        self._since_commit = 0

    def index(self, rows: Rows, *, again: bool = True) -> None:
        """Replace the documents of these rows."""
        with failures():
            if self._writer is None:
                self._writer = self._index.writer(WRITER_HEAP, 1)
            for row, documents in rows.items():
                self._writer.delete_documents_by_term("row", row)
                for document in documents:
                    self._writer.add_document(_stored(row, document))
                    self._since_commit += 1
        if self._since_commit >= COMMIT_EVERY:
            self.save()

    def save(self) -> None:
        """Commit."""
        with failures():
            if self._writer is not None:
                self._writer.commit()
        self._since_commit = 0

    def swap(self) -> None:
        """Commit, and let this directory serve."""
        self.save()
        self.close()
        with failures():
            self._store.mark_filled(self.name)
            self._store.point_at(self.name)

    def close(self) -> None:
        """Let go of the writer."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(EngineDown), failures():  # merges that a full disk stopped are no loss
                writer.wait_merging_threads()


def _total(result: Any) -> int:
    """Return how many documents matched; the type stubs of the engine forget the attribute."""
    return int(result.count)


def _how_many(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return _total(searcher.search(query, 1))


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
    stored, data = tantivy.Document(), base.dump(document)
    for name, text in scoring.analysed(document).items():
        if text:
            stored.add_text(name, text)
    for name in ("key", *base.FACETS):
        stored.add_text(name, str(getattr(document, name)))
    stored.add_text("row", row)
    stored.add_text("mark", base.mark(data))
    for token in document.audience:
        stored.add_text("audience", token)
    stored.add_integer("updated", document.moment)
    stored.add_integer("listed", scoring.listed(document))
    stored.add_integer("version", document.version)
    stored.add_integer("place", _place(document.key))
    least, most = WEIGHTS
    stored.add_float("weight", 2 ** (4 * min(max(scoring.weight(document), least), most)) - 2)
    stored.add_bytes("document", json.dumps(data).encode())
    return stored


def _place(key: str) -> int:
    """Return a number of 63 bits that no other key of an index has, to go through it page by page."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) >> 1


def _loaded(stored: tantivy.Document) -> SearchDocument:
    return base.load(json.loads(bytes(stored["document"][0])))
