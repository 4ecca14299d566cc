"""What an engine must be able to do, in few verbs; nothing outside this package asks which one runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from search.backends import analysis
from search.backends.plan import Plan, stopwords
from search.documents import KIND_NAMES, LISTED_FIRST, Part, SearchDocument

FACETS = ("kind", "city", "theme", "route", "parent_id")
"""Fields of a document that results can be narrowed by."""
SET_FIELDS = ("alias_title", "alias", "sound_title", "sound")
"""Fields that say only whether a document has a word, not how often or where."""
SMALL = "=="
"""What stands before the sound of a small word, further than two slips reach: *nacer* is none of *hacer*, and
*aser*, which sounds as it, is."""
MAX_BODY = 400_000
"""Characters of a document's text that are indexed: some 150 pages."""

Boosts = Mapping[str, float]
"""Field → what a match there is multiplied by."""
BOOSTS: Boosts = {"title": 2.5, "title_words": 2.8, "meta": 2.0, "body": 1.0, "words": 1.2, "asked": 1.5}
"""How much a match counts by where it is: the one table of weights. ``…words`` hold words unstemmed."""
ASKING = 4
"""From this many words on, small ones too, the questions that documents answer count: fewer name a thing."""
SENTENCE = 5
"""From this many words on, small ones too, what is typed asks for an answer, not for a thing by its name."""
TITLE_OF_SENTENCE = 0.5
"""What a match in a title is worth to a sentence; neighbours in a title (TOGETHER_TITLE) lose nothing."""
SYNONYM = 0.5
ALIAS_TITLE, ALIAS = 0.1, 0.05
"""Score of an ñ typed as n: below any true match."""
FUZZY_TITLE, FUZZY = 0.6, 0.3
TOGETHER_TITLE, TOGETHER = 2.0, 0.8
"""What two words gain when they stand together as in the query, in order."""
TIE = 0.3
NEAR = 280
"""Near words that a query may unfold into on a server, which refuses one of more than 1024 clauses."""
COVERED = 5.0
"""What a result gains when it has all terms of the query, and again when it has most of them."""
COVERED_LOOSE = 15.0
"""What it gains by all of them where some are enough: it is one of the few that were asked for."""
PLACE = 10.0
"""What the centre, network and mesas of a city (LISTED_FIRST) gain when its name is all that was typed."""
KINDS = {"institucion": 0.9, "demanda": 0.9, "tema": 0.9}
"""How much a kind counts, where it is not 1: hardly more than a name, what others want, a place to ask."""
HELPED = 0.03
"""What each step of having served people adds to the weight: 0.15 at most, for sixteen people and more."""
AGEING = ("recurso", "demanda", "oferta", "acta", "archivo")
"""Kinds of which the new is worth more than the old. A guide is in force or it is not."""
AGED = {90: 0.4, 365: 0.4}
"""Days → what a result of these kinds loses that has not changed since: less than a better place is worth."""
DAY = 86_400_000_000
LAYOUT = 10
"""Counts up when the analysis or the meaning of a stored field changes: older indexes are then built anew."""


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
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Facet field → accepted values; fields are and-ed, values or-ed."""
    since: int | None = None
    """Microseconds since 1970, inclusive; ``until`` exclusive."""
    until: int | None = None
    offset: int = 0
    limit: int = 20
    by_date: bool = False
    """The newest first; else the best, and of a plan without words what is :func:`listed` first."""
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


def analysed(document: SearchDocument) -> dict[str, str]:
    """Return the indexed text of a document by field, its words separated by spaces."""
    title = analysis.tokens(analysis.clean(document.title))
    named = [document.parent, str(document.label), KIND_NAMES.get(document.kind, "")]
    about = analysis.tokens(analysis.clean(" ".join([*document.keywords, *named])))
    text = analysis.tokens(analysis.clean(f"{document.summary}\n{document.body[:MAX_BODY]}"))
    # A slug writes ñ as n: where the document says the word itself, its slug would make of Ocaña an Ocana.
    said = {analysis.without_enye(word) for word in (*title, *about, *text) if "ñ" in word}
    slugs = analysis.tokens(f"{document.city} {document.theme} {document.route}")
    meta = [*about, *(word for word in slugs if word not in said)]
    return {
        "title": " ".join(map(analysis.normal, title)),
        "title_words": " ".join(title),
        "meta": " ".join(map(analysis.normal, meta)),
        "body": " ".join(map(analysis.normal, text)),
        "words": " ".join([*text, *meta]),
        "asked": " ".join(map(analysis.normal, analysis.tokens(analysis.clean(" ".join(document.asked))))),
        "alias_title": " ".join(analysis.aliases(title)),
        "alias": " ".join(analysis.aliases([*meta, *text])),
        "sound_title": _heard(title),
        "sound": _heard([*meta, *text]),
    }


def _heard(words: Iterable[str]) -> str:
    """Return how the words sound, each once; a small word SMALL."""
    different, small = set(words), stopwords()
    heard = [SMALL + sound for sound in analysis.sounds(different & small)]
    return " ".join(sorted({*heard, *analysis.sounds(different - small)}))


def boosts(plan: Plan) -> Boosts:
    """Return how much a match counts by where it is, for what was typed."""
    words = len(plan.sequence)
    found = {field: boost for field, boost in BOOSTS.items() if field != "asked" or words >= ASKING}
    if words >= SENTENCE:
        found |= {field: BOOSTS[field] * TITLE_OF_SENTENCE for field in ("title", "title_words")}
    return found


def covered(plan: Plan) -> dict[int, float]:
    """Return how many terms a result gains by having, besides those that it must have, and how much."""
    gains = dict.fromkeys({plan.most, len(plan.terms)} - {plan.minimum}, COVERED)
    return gains | {len(plan.terms): COVERED_LOOSE} if plan.loose and len(plan.terms) > 1 else gains


def place(plan: Plan) -> str:
    """Return the slug of the city whose name the whole query may be."""
    return analysis.without_enye("-".join(plan.sequence))


def spelt(field: str, letters: int) -> float:
    """Return the score of a word so many letters from what was typed: above all the fewest."""
    return 1.0 / letters + (FUZZY_TITLE - FUZZY if field == "title_words" else 0.0)


def stems(boosts: Boosts) -> list[str]:
    """Return those of the fields that hold comparable forms."""
    return [field for field in boosts if not field.endswith("words")]


def weight(document: SearchDocument) -> float:
    """Return what its score is multiplied by: its own weight, that of its kind, how it has served."""
    return document.weight * KINDS.get(document.kind, 1.0) * (1 + HELPED * document.helped)


def listed(document: SearchDocument) -> int:
    """Return what results are sorted by when no word says what is wanted, the greatest first."""
    kind = document.kind
    rank = len(LISTED_FIRST) - LISTED_FIRST.index(kind) if kind in LISTED_FIRST else 0
    return (rank << 53) + document.moment


def aged(request: Request) -> list[tuple[int, float]]:
    """Return before when (microseconds) a result of AGEING kinds was changed last to lose how much."""
    if request.now is None or request.plan.is_empty or request.by_date:
        return []
    return [(request.now - days * DAY, loss) for days, loss in AGED.items()]
