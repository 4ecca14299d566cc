"""What an engine must be able to do, in few verbs; nothing outside this package asks which one runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from search.backends.plan import Plan
from search.documents import Part, SearchDocument

FACETS = ("kind", "city", "theme", "route", "parent_id")
"""Fields of a document that results can be narrowed by."""
MAX_BODY = 400_000
"""Characters of a document's text that are indexed: some 150 pages."""


class EngineDown(Exception):
    """The engine does not answer now. What was to be written stays in the outbox; ``str()`` says why."""


class AnotherRebuilds(EngineDown):
    """Somebody else is rebuilding this index now."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine promises, so that callers ask for the ability and never for the engine's name."""

    shared: bool
    """Several machines may use it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A search as an engine gets it: understood, with the tokens of which a document needs one."""

    plan: Plan
    audience: Collection[str]
    hidden: Collection[str] = ()
    """Keys of documents that are as if they were not there: not found and not counted."""
    late: Collection[str] = ()
    """Keys of documents that say something else by now, or to others: their words are not counted."""
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Facet field → accepted values; fields are and-ed, values or-ed."""
    since: int | None = None
    """Microseconds since 1970, inclusive; ``until`` exclusive."""
    until: int | None = None
    offset: int = 0
    limit: int = 20
    by_date: bool = False
    """The newest first; else the best, and of a plan without words what ``scoring.listed`` puts first."""
    fuzzy: bool = False
    """Also take words one or two slips away."""
    periods: Mapping[str, int] = field(default_factory=dict)
    """Names of counts by date → since when (microseconds)."""
    now: int | None = None
    """From when (microseconds) the age of results is counted; it does not matter when not given."""
    count: bool = True
    """Whether facets are wanted."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document that matched."""

    document: SearchDocument
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found. Counts of a facet leave its own filter aside, so that more can be chosen."""

    total: int
    found: tuple[Found, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is: ``ok`` answers, ``ready`` holds an index that was once filled.

    ``damaged`` is an index that only a rebuild can mend; an engine that is merely away is not.
    """

    ok: bool
    ready: bool
    documents: int = 0
    detail: str = ""
    damaged: bool = False


Rows = Mapping[str, Sequence[SearchDocument]]
"""Row (``source:pk``) → the documents it gives now; none takes out what it gave before."""


class Known(NamedTuple):
    """What an index holds of a document."""

    row: str
    key: str
    version: int
    mark: str
    """:func:`mark` of the document as it was given to the index."""


class Build(Protocol):
    """An index being filled beside the one that serves."""

    name: str
    """What :meth:`Backend.rebuild` takes to go on with it."""

    def index(self, rows: Rows, *, again: bool = True) -> None:
        """Put the rows in; not ``again`` when none of them can be in already, which may be quicker."""

    def save(self) -> None:
        """Keep what was put in, whatever happens to this process."""

    def swap(self) -> None:
        """Let it serve from now on, in one step; the old one is removed."""


class Backend(Protocol):
    """An engine. Every verb may raise EngineDown."""

    name: str
    capabilities: Capabilities
    label: str
    """Which index this is: engine, place and layout, without passwords."""

    def index(self, rows: Rows) -> None:
        """Replace the documents of these rows; an older version never wins over a newer one."""

    def delete(self, rows: Collection[str]) -> None:
        """Take out all documents of these rows."""

    def search(self, request: Request) -> Answer:
        """Find; only documents with one of the request's audience tokens, in hits and in counts."""

    def suggest(
        self,
        words: Sequence[str],
        audience: Collection[str],
        limit: int,
        kinds: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> list[SearchDocument]:
        """Return documents (of ``kinds``, none ``hidden``) whose title has all words, the last one begun."""

    def spelt(
        self, word: str, slips: int, audience: Collection[str], limit: int, hidden: Collection[str] = ()
    ) -> list[SearchDocument]:
        """Return documents that have a word up to ``slips`` letters from a folded one; the fewest first."""

    def rebuild(self, unfinished: str = "") -> AbstractContextManager[Build]:
        """Open an index beside the live one: the ``unfinished`` one of that name if it is any good, or a new.

        Left without ``swap`` it waits for a rebuild that goes on with it; any other removes it.
        """

    def known_versions(self) -> Iterator[Known]:
        """Stream what is held of every document, in no order, with little memory whatever their number."""

    def versions_of(self, rows: Collection[str]) -> Iterator[Known]:
        """Stream what is held of these rows."""

    def is_ready(self) -> bool:
        """Whether the index was once filled: what it does not find is not there. Asked by each search."""

    def examine(self) -> None:
        """Look for damage that answers do not show, now and then; what is found is told by ``health``."""

    def health(self) -> Health:
        """Say how the engine is; never raises."""


def dump(document: SearchDocument) -> dict[str, Any]:
    """Return the document as plain values."""
    data = {name: getattr(document, name) for name in SearchDocument.__dataclass_fields__}
    data["audience"] = sorted(document.audience)
    data["updated"] = document.updated.isoformat()
    data["touched"] = document.touched.isoformat() if document.touched else ""
    data["keywords"], data["asked"] = list(document.keywords), list(document.asked)
    data["parts"] = [[part.at, part.url, str(part.label)] for part in document.parts]
    data["body"] = document.body[:MAX_BODY]
    return {
        key: value if isinstance(value, str | int | float | list) else str(value)
        for key, value in data.items()
    }


def mark(data: Mapping[str, Any]) -> str:
    """Return a mark of what :func:`dump` gave: another text, reader, place or weight has another mark.

    To compare an index with the database: a version tells what is newer, and not that nothing else changed.
    """
    return hashlib.blake2b(json.dumps(data, sort_keys=True).encode(), digest_size=8).hexdigest()


def load(data: Mapping[str, Any]) -> SearchDocument:
    """Return the document that :func:`dump` gave; fields that a later release added keep their default."""
    known = {key: value for key, value in data.items() if key in SearchDocument.__dataclass_fields__}
    known["audience"] = frozenset(data["audience"])
    known["updated"] = datetime.fromisoformat(data["updated"])
    known["touched"] = datetime.fromisoformat(data["touched"]) if data.get("touched") else None
    known["keywords"], known["asked"] = tuple(data["keywords"]), tuple(data.get("asked", ()))
    known["parts"] = tuple(Part(*part) for part in data.get("parts", ()))
    return SearchDocument(**known)
