"""The engine on a server: Elasticsearch 8 and 9, OpenSearch 2. For several machines.

Indexes are dated and stand behind a read and a write alias, whose names carry the mapping's hash, so
that two releases of the code can share a server and a rebuild never takes search away. Every write
carries the document's version: the server itself refuses an older one.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.dsl import Q, Search

from search.backends import base, elastic_query, scoring
from search.backends.base import Answer, Capabilities, EngineDown, Found, Health, Known, Request, Rows
from search.backends.elastic_node import connect
from search.backends.elastic_writing import (
    COPIES,
    FILLING,
    Build,
    actions_for,
    alias_names,
    aliases_of,
    failures,
    held,
    of_rows,
    patient,
    send,
)
from search.documents import SearchDocument

_TEXT = {"type": "text", "analyzer": "whitespace", "norms": False}
_SET = {**_TEXT, "index_options": "docs"}
_RAW = {"type": "keyword"}
MAPPING: dict[str, Any] = {
    "dynamic": False,
    "properties": {
        **dict.fromkeys(scoring.BOOSTS, _TEXT),
        **dict.fromkeys(scoring.SET_FIELDS, _SET),
        **dict.fromkeys(("key", "row", *base.FACETS, "audience"), _RAW),
        "updated": {"type": "long"},
        "listed": {"type": "long", "index": False},
        "version": {"type": "long", "index": False},
        "mark": {"type": "keyword", "index": False, "doc_values": False},
        "weight": {"type": "float"},
        "document": {"type": "object", "enabled": False},
    },
}
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": COPIES, "max_result_window": 20_000}
BELIEVED_SECONDS = 5.0
"""How long a process believes that the index it has seen filled is still there: another may have lost it."""
COUNTED_SECONDS = 10.0
"""How long a process believes how rare a word is: so soon nothing that others write makes it another."""
RED_SECONDS = 300.0
"""How long all copies of an index must be away before it is filled anew: a restart brings them back."""


class ElasticBackend:
    """Search on a server, over HTTP."""

    name = "elastic"
    capabilities = Capabilities(shared=True)

    def __init__(self, url: str, prefix: str = "portal") -> None:
        layout = hashlib.sha256(json.dumps([MAPPING, scoring.LAYOUT], sort_keys=True).encode()).hexdigest()[
            :8
        ]
        self._prefix = f"{prefix}-{layout}"
        self.read, self.write = alias_names(self._prefix)
        self.label = f"{self.name}:{self._prefix}"
        self._client: Elasticsearch = connect(url)
        self._known = False
        self._believed_until = 0.0
        self._red_since = 0.0
        self._counts, self._counted_until = scoring.Counts(None), 0.0

    # --- Writing -------------------------------------------------------------------------------------
    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows in one bulk, searchable when it returns."""
        with self._failures():
            self._ensure()
            actions = actions_for(self.write, rows, self._stored(rows))
            send(self._client, actions, refresh=True, require_alias=True)
            self._counted_until = 0.0

    def delete(self, rows: Collection[str]) -> None:
        """Take out all documents of these rows."""
        self.index(dict.fromkeys(rows, ()))

    def _stored(self, rows: Collection[str]) -> dict[str, int]:
        """Return key → version of what the index holds of these rows."""
        return {known.key: known.version for known in held(self._client, self.write, of_rows(rows))}

    @contextmanager
    def rebuild(self, unfinished: str = "") -> Iterator[Build]:
        """Open a dated index beside the live one: empty, or as an interrupted rebuild left it."""
        with self._failures():
            self._ensure()
            left = self._unnamed()
            for name in left - {unfinished}:
                self._client.indices.delete(index=name, ignore_unavailable=True)
            name = unfinished if unfinished in left else ""
            if not name:
                name = f"{self._prefix}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
                making = patient(self._client).indices
                making.create(index=name, mappings=MAPPING, settings=SETTINGS | FILLING)
            build = Build(self._client, self._prefix, name)
            try:
                yield build
            finally:
                build.close()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what the client raises into EngineDown, and look for the index anew the next time."""
        try:
            with failures():
                yield
        except EngineDown:
            self._known, self._believed_until = False, 0.0
            raise

    def _ensure(self) -> None:
        """Make an empty index with its aliases, unless an alias names one: once a process."""
        if self._known:
            return
        if not any(self.aliases().values()):
            aliases: dict[str, Any] = {self.read: {}, self.write: {"is_write_index": True}}
            name = f"{self._prefix}-00000000"
            try:
                self._client.indices.create(index=name, mappings=MAPPING, settings=SETTINGS, aliases=aliases)
            except ApiError as error:
                if "resource_already_exists" not in str(error):
                    raise
        self._known = True

    def aliases(self) -> dict[str, set[str]]:
        """Return the indexes of this prefix, closed ones too, each with the aliases that name it."""
        return aliases_of(self._client, self._prefix)

    def _unnamed(self) -> set[str]:
        """Return the indexes that no alias names: rebuilds that were not finished."""
        return {name for name, aliases in self.aliases().items() if not aliases}

    def stored_bytes(self) -> int:
        """Return what the indexes of this prefix take on the server's disk, before replicas."""
        found = self._client.indices.stats(index=f"{self._prefix}-*", metric="store")
        return int(found["_all"]["primaries"]["store"]["size_in_bytes"])

    def remove_everything(self) -> None:
        """Remove all indexes of this prefix; for tests."""
        for name in self.aliases():
            patient(self._client).indices.delete(index=name, ignore_unavailable=True)
        self._client.close()

    # --- Reading -------------------------------------------------------------------------------------
    def search(self, request: Request) -> Answer:
        """Find; facets filter after counting, each count taken with the other filters only."""
        with self._failures():
            self._ensure()
            rarity = self._rarity(request)
            text = elastic_query.text_query(request.plan, rarity, fuzzy=request.fuzzy)
            allowed = elastic_query.allowed(request.audience, request.hidden)
            chosen = {f: elastic_query.any_of(f, values) for f, values in request.filters.items() if values}
            dated = elastic_query.dates(request.since, request.until)
            search = Search(using=self._client, index=self.read)
            weighted = elastic_query.weighted(Q("bool", must=[text], filter=allowed))
            search = search.query(elastic_query.fresher(weighted, request))
            search = search.post_filter(Q("bool", filter=[*chosen.values(), *dated]))
            search = (
                search.params(**_WHOLE)
                .source(["document"])
                .extra(track_total_hits=True)[request.offset : request.offset + request.limit]
            )
            if request.by_date or request.plan.is_empty:
                search = search.sort("-updated" if request.by_date else "-listed")
            else:
                search = search.sort("_score", "-updated")
            if request.count:
                _count(search, request, chosen, dated)
            response = search.execute().to_dict()
            found = tuple(
                Found(base.load(hit["_source"]["document"]), float(hit["_score"] or 0.0))
                for hit in response["hits"]["hits"]
            )
            facets, periods = _counted(response.get("aggregations", {}), request)
            return Answer(int(response["hits"]["total"]["value"]), found, facets, periods)

    def _rarity(self, request: Request) -> scoring.Rarity:
        """Return how rare words are among what everybody may read, counted once in some seconds."""
        words, late = request.plan.forms, frozenset(request.late)
        counts, now = self._counts, time.monotonic()
        if now >= self._counted_until or counts.state != late:
            counts, self._counted_until = scoring.Counts(late), now + COUNTED_SECONDS
            self._counts = counts
        unknown = sorted(words - counts.having.keys())
        if unknown:
            search = Search(using=self._client, index=self.read).params(**_WHOLE)
            search = search.query("bool", filter=elastic_query.allowed(scoring.COUNTED, late))
            search = search.extra(track_total_hits=True, size=0)
            for at, word in enumerate(unknown):
                search.aggs.bucket(str(at), "filter", filter=elastic_query.having(word))
            response = search.execute().to_dict()
            counts.documents = int(response["hits"]["total"]["value"])
            for at, word in enumerate(unknown):
                counts.having[word] = int(response["aggregations"][str(at)]["doc_count"])
        return counts.rarity(words)

    def suggest(
        self,
        words: Sequence[str],
        audience: Collection[str],
        limit: int,
        kinds: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> list[SearchDocument]:
        """Return titles that begin to say ``words``, heaviest first."""
        if not words:
            return []
        query = elastic_query.title_query(words, audience, kinds, hidden)
        return self._best(elastic_query.weighted(query), limit)

    def spelt(
        self, word: str, slips: int, audience: Collection[str], limit: int, hidden: Collection[str] = ()
    ) -> list[SearchDocument]:
        """Return documents that have a word up to ``slips`` letters from ``word``; the fewest first."""
        return self._best(elastic_query.spelt(word, slips, audience, hidden), limit)

    def _best(self, query: Any, limit: int) -> list[SearchDocument]:
        with self._failures():
            self._ensure()
            search = Search(using=self._client, index=self.read).params(**_WHOLE)
            search = search.source(["document"])[:limit]
            hits = search.query(query).execute().to_dict()["hits"]["hits"]
            return [base.load(hit["_source"]["document"]) for hit in hits]

    def known_versions(self) -> Iterator[Known]:
        """Stream what is held of every document."""
        with self._failures():
            self._ensure()
            yield from held(self._client, self.read, {"match_all": {}})

    def versions_of(self, rows: Collection[str]) -> Iterator[Known]:
        """Stream what is held of ``rows``."""
        with self._failures():
            self._ensure()
            yield from held(self._client, self.read, of_rows(rows))

    def is_ready(self) -> bool:
        """Whether a rebuild was ever finished here; once seen it is believed for some seconds."""
        if time.monotonic() >= self._believed_until:
            with self._failures():
                self._ensure()
                if not self._is_complete():
                    return False
                self._believed_until = time.monotonic() + BELIEVED_SECONDS
        return True

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
                damage = self._damage()
                if damage:
                    return Health(ok=False, ready=False, detail=damage, damaged=True)
                count = int(self._client.count(index=self.read)["count"])
                return Health(ok=True, ready=self._is_complete(), documents=count)
        except EngineDown as error:
            return Health(ok=False, ready=False, detail=str(error))

    def _damage(self) -> str:
        """Return what is wrong that the server does not mend by itself, or nothing.

        Not a disk that is full: the index answers, takes no writes, and the server opens it again when there
        is room.
        """
        aliases = self.aliases()
        named = {
            alias: [name for name in aliases if alias in aliases[name]] for alias in (self.read, self.write)
        }
        serving = named[self.read]
        if serving != named[self.write] or len(serving) != 1:
            return f"the aliases name {named}"
        (about,) = self._client.cat.indices(
            index=serving[0], expand_wildcards="all", h="status,health", format="json"
        )
        state: dict[str, str] = dict(about)  # type: ignore[arg-type]
        if state["status"] == "close":
            return f"{serving[0]} is closed"
        if state["health"] != "red":
            self._red_since = 0.0
            return ""
        now = time.monotonic()
        self._red_since = self._red_since or now
        return f"no copy of {serving[0]} is there" if now - self._red_since >= RED_SECONDS else ""


_WHOLE = {"allow_partial_search_results": False}
"""Rather no answer than one that leaves out, unsaid, what lies in a shard that is away."""


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
