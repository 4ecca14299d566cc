"""How a server is written to, in bulks with versions, and how an index is filled beside the live one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import BulkIndexError, bulk, scan

from search.backends import base, scoring
from search.backends.base import EngineDown, Known, Rows
from search.documents import SearchDocument

COPIES = "0-1"
"""A copy of each index as soon as there is a second machine."""
FILLING = {"refresh_interval": "-1", "auto_expand_replicas": False, "number_of_replicas": 0}
"""What is other while nobody asks an index yet: nothing is copied or made ready to be found at each bulk."""
SERVING = {"refresh_interval": None, "auto_expand_replicas": COPIES}
BULK_SECONDS = 60
"""How long the worker waits for an answer: to a bulk, or when a large index is made ready to be found."""
SHARD_SECONDS = 5
"""How long the server itself waits for a shard that is away before it refuses a bulk."""


@contextmanager
def failures() -> Iterator[None]:
    """Turn what the client raises into EngineDown."""
    try:
        yield
    except (ApiError, TransportError, BulkIndexError) as error:
        raise EngineDown(str(error)) from error


def alias_names(prefix: str) -> tuple[str, str]:
    """Return the aliases by which the index that serves is read and written."""
    return f"{prefix}-read", f"{prefix}-write"


def aliases_of(client: Elasticsearch, prefix: str) -> dict[str, set[str]]:
    """Return the indexes of this prefix, closed ones too, each with the aliases that name it."""
    found = client.indices.get_alias(index=f"{prefix}-*", expand_wildcards="all")
    return {name: set(about["aliases"]) for name, about in found.items()}


def patient(client: Elasticsearch) -> Elasticsearch:
    """Return a client that waits longer for an answer than a reader would."""
    return client.options(request_timeout=BULK_SECONDS)


class Build:
    """A dated index being filled, named by no alias until :meth:`swap`.

    A bulk is sent while the next documents are being made: the server and this process work at the same time.
    """

    def __init__(self, client: Elasticsearch, prefix: str, name: str) -> None:
        self._client = patient(client)
        self._prefix, self.name = prefix, name
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bulk")
        self._sent: Future[None] | None = None

    def index(self, rows: Rows, *, again: bool = True) -> None:
        """Replace the documents of these rows; raises also what went wrong with those before."""
        with failures():
            stored: dict[str, int] = {}
            if again:
                self._wait()
                self._client.indices.refresh(index=self.name)
                held_now = held(self._client, self.name, of_rows(rows))
                stored = {known.key: known.version for known in held_now}
            actions = actions_for(self.name, rows, stored)
            self._wait()
            self._sent = self._sender.submit(send, self._client, actions, refresh=False, require_alias=False)

    def _wait(self) -> None:
        """Wait until the server has what was sent; raises what it refused."""
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.result()

    def save(self) -> None:
        """Wait for the last bulk: what was answered is on the server's disk."""
        with failures():
            self._wait()

    def swap(self) -> None:
        """Let the index be as one that serves; then move both aliases and remove what served, in one step."""
        with failures():
            self._wait()
            self._client.indices.put_settings(index=self.name, settings=SERVING)
            self._client.indices.refresh(index=self.name)
            self._client.indices.put_mapping(index=self.name, meta={"complete": True})
            read, write = alias_names(self._prefix)
            before = [name for name, aliases in aliases_of(self._client, self._prefix).items() if aliases]
            actions: list[dict[str, Any]] = [{"remove_index": {"index": name}} for name in before]
            actions.append({"add": {"index": self.name, "alias": read}})
            actions.append({"add": {"index": self.name, "alias": write, "is_write_index": True}})
            self._client.indices.update_aliases(actions=actions)

    def close(self) -> None:
        """Let the last bulk end; what it would still say is of no use to anybody."""
        self._sender.shutdown(wait=True)


def of_rows(rows: Collection[str]) -> dict[str, Any]:
    """Return the query for what is held of these rows."""
    return {"terms": {"row": sorted(rows)}}


def held(client: Elasticsearch, index: str, query: dict[str, Any]) -> Iterator[Known]:
    """Stream what is held of what ``query`` finds."""
    wanted = {"query": query, "_source": list(Known._fields)}
    for hit in scan(client, index=index, query=wanted, size=2_000):
        source = hit["_source"]
        yield Known(source["row"], source["key"], int(source["version"]), source["mark"])


def actions_for(index: str, rows: Rows, stored: dict[str, int]) -> list[dict[str, Any]]:
    """Return what puts the rows' documents in, and takes out what is ``stored`` of them and no longer given.

    A deletion carries the stored version, not the moment: a row that is hidden and shown again keeps
    its version and must be able to come back.
    """
    given = {d.key for documents in rows.values() for d in documents}
    common = {"_index": index, "version_type": "external_gte"}
    actions = [
        {
            "_op_type": "index",
            "_id": document.key,
            "version": document.version,
            "_source": _source(row, document),
        }
        | common
        for row, documents in rows.items()
        for document in documents
    ]
    actions += [
        {"_op_type": "delete", "_id": key, "version": version} | common
        for key, version in stored.items()
        if key not in given
    ]
    return actions


def send(client: Elasticsearch, actions: list[dict[str, Any]], *, refresh: bool, require_alias: bool) -> None:
    """Send them in bulks; raises EngineDown when one was refused for another reason than its age."""
    try:
        bulk(
            patient(client),
            actions,
            refresh=refresh,
            require_alias=require_alias,
            timeout=f"{SHARD_SECONDS}s",
        )
    except BulkIndexError as error:
        done = {("index", 409), ("delete", 409), ("delete", 404)}  # newer there already; gone already
        bad = [
            one for item in error.errors for verb, one in item.items() if (verb, one["status"]) not in done
        ]
        if bad:
            raise EngineDown(str(bad[0])[:500]) from error


def _source(row: str, document: SearchDocument) -> dict[str, Any]:
    data = base.dump(document)
    return {
        **scoring.analysed(document),
        "key": document.key,
        "row": row,
        **{name: getattr(document, name) for name in base.FACETS},
        "audience": sorted(document.audience),
        "updated": document.moment,
        "listed": scoring.listed(document),
        "version": document.version,
        "mark": base.mark(data),
        "weight": max(scoring.weight(document), 0.0),
        "document": data,
    }
