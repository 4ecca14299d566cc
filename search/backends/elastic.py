"""The engine on a server: Elasticsearch 8 and 9, OpenSearch 2. For several machines.

Indexes are dated and stand behind a read and a write alias, whose names carry the mapping's hash, so
that two releases of the code can share a server and a rebuild never takes search away. Every write
carries the document's version: the server itself refuses an older one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.dsl import Q, Search
from elasticsearch.helpers import BulkIndexError, bulk, scan

from search.backends import base, elastic_query
from search.backends.base import Answer, Capabilities, EngineDown, Found, Health, Known, Request, Rows
from search.backends.elastic_node import connect
from search.documents import SearchDocument

_TEXT = {"type": "text", "analyzer": "whitespace"}
_SET = {**_TEXT, "norms": False, "index_options": "docs"}
_RAW = {"type": "keyword"}
MAPPING: dict[str, Any] = {
    "dynamic": False,
    "properties": {
        **dict.fromkeys(("title", "title_words", "meta", "body", "words"), _TEXT),
        **dict.fromkeys(base.SET_FIELDS, _SET),
        **dict.fromkeys(("key", "row", "kind", "city", "theme", "route", "audience"), _RAW),
        "updated": {"type": "long"},
        "version": {"type": "long", "index": False},
        "weight": {"type": "float"},
        "document": {"type": "object", "enabled": False},
    },
}
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "max_result_window": 20_000}
BULK_SECONDS = 60


class ElasticBackend:
    """Search on a server, over HTTP."""

    name = "elastic"
    capabilities = Capabilities(shared=True)

    def __init__(self, url: str, prefix: str = "portal") -> None:
        layout = hashlib.sha256(json.dumps([MAPPING, base.LAYOUT], sort_keys=True).encode()).hexdigest()[:8]
        self._prefix = f"{prefix}-{layout}"
        self.read, self.write = f"{self._prefix}-read", f"{self._prefix}-write"
        self.label = f"{self.name}:{self._prefix}"
        self._client: Elasticsearch = connect(url)
        self._known = False
        self._ready = False

    # --- Writing -------------------------------------------------------------------------------------
    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows in one bulk, searchable when it returns."""
        with self._failures():
            self._ensure()
            put_in(self._client, self.write, rows, self._stored(rows), require_alias=True)

    def delete(self, rows: Collection[str]) -> None:
        """Take out all documents of these rows."""
        self.index(dict.fromkeys(rows, ()))

    def _stored(self, rows: Collection[str]) -> dict[str, int]:
        """Return key → version of what the index holds of these rows."""
        return {key: version for _, key, version in _held(self._client, self.write, _of(rows))}

    @contextmanager
    def rebuild(self, unfinished: str = "") -> Iterator[_Build]:
        """Open a dated index beside the live one: empty, or as an interrupted rebuild left it."""
        with self._failures():
            self._ensure()
            left = self._unnamed()
            for name in left - {unfinished}:
                self._client.indices.delete(index=name, ignore_unavailable=True)
            name = unfinished if unfinished in left else self._new_index()
            yield _Build(self._client, name, self.read, self.write)

    def _new_index(self, name: str = "", aliases: dict[str, Any] | None = None) -> str:
        name = name or f"{self._prefix}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        self._client.indices.create(index=name, mappings=MAPPING, settings=SETTINGS, aliases=aliases or {})
        return name

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what the client raises into EngineDown, and look for the index anew the next time."""
        try:
            yield
        except (ApiError, TransportError, BulkIndexError, EngineDown) as error:
            self._known = self._ready = False
            raise EngineDown(str(error)) from error

    def _ensure(self) -> None:
        """Make an empty index with its aliases, unless there is one: once a process."""
        if self._known:
            return
        if not self._client.indices.exists_alias(name=self.write):
            try:
                self._new_index(
                    f"{self._prefix}-00000000", {self.read: {}, self.write: {"is_write_index": True}}
                )
            except ApiError as error:
                if "resource_already_exists" not in str(error):
                    raise
        self._known = True

    def _unnamed(self) -> set[str]:
        """Return the indexes that no alias names: rebuilds that were not finished."""
        found = self._client.indices.get_alias(index=f"{self._prefix}-*").items()
        return {name for name, about in found if not about["aliases"]}

    def stored_bytes(self) -> int:
        """Return what the indexes of this prefix take on the server's disk, before replicas."""
        found = self._client.indices.stats(index=f"{self._prefix}-*", metric="store")
        return int(found["_all"]["primaries"]["store"]["size_in_bytes"])

    def remove_everything(self) -> None:
        """Remove all indexes of this prefix; for tests."""
        for name in list(self._client.indices.get(index=f"{self._prefix}-*")):
            self._client.indices.delete(index=name, ignore_unavailable=True)
        self._client.close()

    # --- Reading -------------------------------------------------------------------------------------
    def search(self, request: Request) -> Answer:
        """Find; facets filter after counting, each count taken with the other filters only."""
        with self._failures():
            self._ensure()
            text = elastic_query.text_query(request.plan, fuzzy=request.fuzzy)
            only = [elastic_query.any_of("audience", request.audience)]
            chosen = {f: elastic_query.any_of(f, values) for f, values in request.filters.items() if values}
            dated = elastic_query.dates(request.since, request.until)
            search = Search(using=self._client, index=self.read)
            search = search.query(elastic_query.weighted(Q("bool", must=[text], filter=only)))
            search = search.post_filter(Q("bool", filter=[*chosen.values(), *dated]))
            search = search.source(["document"]).extra(track_total_hits=True)[
                request.offset : request.offset + request.limit
            ]
            newest_first = {"updated": {"order": "desc"}}
            if request.by_date or request.plan.is_empty:
                search = search.sort(newest_first)
            else:
                search = search.sort("_score", newest_first)
            if request.count:
                _count(search, request, chosen, dated)
            response = search.execute().to_dict()
            found = tuple(
                Found(base.load(hit["_source"]["document"]), float(hit["_score"] or 0.0))
                for hit in response["hits"]["hits"]
            )
            facets, periods = _counted(response.get("aggregations", {}), request)
            return Answer(int(response["hits"]["total"]["value"]), found, facets, periods)

    def suggest(self, words: Sequence[str], audience: Collection[str], limit: int) -> list[SearchDocument]:
        """Return titles that begin to say ``words``, heaviest first."""
        if not words:
            return []
        with self._failures():
            self._ensure()
            search = Search(using=self._client, index=self.read).source(["document"])[:limit]
            query = elastic_query.weighted(elastic_query.title_query(words, audience))
            hits = search.query(query).execute().to_dict()["hits"]["hits"]
            return [base.load(hit["_source"]["document"]) for hit in hits]

    def known_versions(self) -> Iterator[Known]:
        """Stream row, key and version of every document."""
        with self._failures():
            self._ensure()
            yield from _held(self._client, self.read, {"match_all": {}})

    def versions_of(self, rows: Collection[str]) -> Iterator[Known]:
        """Stream row, key and version of what is held of ``rows``."""
        with self._failures():
            self._ensure()
            yield from _held(self._client, self.read, _of(rows))

    def is_ready(self) -> bool:
        """Whether a rebuild was ever finished here; once seen it is believed until something fails."""
        if not self._ready:
            with self._failures():
                self._ensure()
                self._ready = self._is_complete()
        return self._ready

    def _is_complete(self) -> bool:
        about = self._client.indices.get_mapping(index=self.read)
        return any(one["mappings"].get("_meta", {}).get("complete") for one in about.values())

    def examine(self) -> None:
        """Nothing: the server keeps checksums of its own and answers no question with damaged files."""

    def health(self) -> Health:
        """Say whether the server answers, whether a rebuild was ever finished, and how much it holds."""
        try:
            with self._failures():
                self._ensure()
                count = int(self._client.count(index=self.read)["count"])
                return Health(ok=True, ready=self._is_complete(), documents=count)
        except EngineDown as error:
            return Health(ok=False, ready=False, detail=str(error))


def _count(search: Any, request: Request, chosen: dict[str, Any], dated: list[Any]) -> None:
    for name in base.FACETS:
        others = [query for field, query in chosen.items() if field != name]
        facet = search.aggs.bucket(name, "filter", filter=Q("bool", filter=[*others, *dated]))
        facet.bucket("values", "terms", field=name, size=1000)
    for name, since in request.periods.items():
        within = [*chosen.values(), *elastic_query.dates(since, None)]
        search.aggs.bucket(f"period-{name}", "filter", filter=Q("bool", filter=within))


def _counted(counts: dict[str, Any], request: Request) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    if not counts:
        return {}, {}
    facets = {
        name: {b["key"]: b["doc_count"] for b in counts[name]["values"]["buckets"] if b["key"]}
        for name in base.FACETS
    }
    return facets, {name: counts[f"period-{name}"]["doc_count"] for name in request.periods}


class _Build:
    """A dated index being filled, named by no alias until :meth:`swap`."""

    def __init__(self, client: Elasticsearch, name: str, read: str, write: str) -> None:
        self._client = client
        self.name, self._read, self._write = name, read, write

    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows."""
        stored = {key: version for _, key, version in _held(self._client, self.name, _of(rows))}
        put_in(self._client, self.name, rows, stored, require_alias=False)

    def save(self) -> None:
        """Nothing more: a bulk that was answered is on the server's disk."""

    def swap(self) -> None:
        """Move both aliases here in one step, then remove what served before."""
        self._client.indices.put_mapping(index=self.name, meta={"complete": True})
        before = set(self._client.indices.get_alias(name=self._write)) - {self.name}
        actions: list[dict[str, Any]] = []
        for name in before:
            actions += [{"remove": {"index": name, "alias": alias}} for alias in (self._read, self._write)]
        actions.append({"add": {"index": self.name, "alias": self._read}})
        actions.append({"add": {"index": self.name, "alias": self._write, "is_write_index": True}})
        self._client.indices.update_aliases(actions=actions)
        for name in before:
            self._client.indices.delete(index=name, ignore_unavailable=True)


def _of(rows: Collection[str]) -> dict[str, Any]:
    return {"terms": {"row": sorted(rows)}}


def _held(client: Elasticsearch, index: str, query: dict[str, Any]) -> Iterator[Known]:
    """Stream row, key and version of what ``query`` finds."""
    wanted = {"query": query, "_source": ["row", "key", "version"]}
    for hit in scan(client, index=index, query=wanted, size=2_000):
        source = hit["_source"]
        yield source["row"], source["key"], int(source["version"])


def put_in(
    client: Elasticsearch, index: str, rows: Rows, stored: dict[str, int], *, require_alias: bool
) -> None:
    """Send the rows' documents, and delete what is ``stored`` of them and no longer given.

    A deletion carries the stored version, not the moment: a row that is hidden and shown again keeps
    its version and must be able to come back.
    """
    given = {d.key for documents in rows.values() for d in documents}
    actions: list[dict[str, Any]] = [
        {
            "_op_type": "index",
            "_index": index,
            "_id": document.key,
            "version": document.version,
            "version_type": "external_gte",
            "_source": _source(row, document),
        }
        for row, documents in rows.items()
        for document in documents
    ]
    actions += [
        {
            "_op_type": "delete",
            "_index": index,
            "_id": key,
            "version": version,
            "version_type": "external_gte",
        }
        for key, version in stored.items()
        if key not in given
    ]
    sender = client.options(request_timeout=BULK_SECONDS)
    try:
        bulk(sender, actions, refresh=True, require_alias=require_alias, raise_on_error=True)
    except BulkIndexError as error:
        done = {("index", 409), ("delete", 409), ("delete", 404)}  # newer there already; gone already
        bad = [
            one for item in error.errors for verb, one in item.items() if (verb, one["status"]) not in done
        ]
        if bad:
            raise EngineDown(str(bad[0])[:500]) from error


def _source(row: str, document: SearchDocument) -> dict[str, Any]:
    return {
        **base.analysed(document),
        "key": document.key,
        "row": row,
        "kind": document.kind,
        "city": document.city,
        "theme": document.theme,
        "route": document.route,
        "audience": sorted(document.audience),
        "updated": document.moment,
        "version": document.version,
        "weight": max(base.weight(document), 0.0),
        "document": base.dump(document),
    }
