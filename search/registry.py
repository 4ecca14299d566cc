"""Which apps have something to be found. Apps register a Source; search never imports them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from search.documents import SearchDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How one kind of thing is turned into documents and authorised again when found.

    ``queryset`` returns all rows that may be indexed, with what ``documents`` needs prefetched.
    ``documents`` gives the documents of one row (several when its parts are found apart; none when it
    must not be found). ``authorised`` takes document ids of this kind and a user, and returns those
    that the database lets her read now: one query, whatever the number of ids.
    ``name`` is the kind of row as queued in the outbox; ``kind`` the kind of its documents.
    """

    name: str
    kind: str
    queryset: Callable[[], QuerySet[Any]]
    documents: Callable[[Any], Iterable[SearchDocument]]
    authorised: Callable[[Collection[str], Any], set[str]]
    titled_by: tuple[str | Combinable, ...] = ()
    """Fields of the row, or expressions, that its title is made of, for the database's own search while the
    engine rests; ``title`` or ``name`` when not given."""
    has_parts: bool = False
    """Whether the titles of what a row gives after its first document are looked at then, too."""

    def rows_named(self, document: str) -> QuerySet[Any]:
        """Return the row whose document has this id: whose number it begins with, or whose slug it is."""
        rows = self.queryset()
        number = document.partition("-")[0]
        if number.isdecimal():
            return rows.filter(pk=number)
        return rows.filter(slug=document) if hasattr(rows.model, "slug") else rows.none()

    def rows_of(self, user: Any) -> QuerySet[Any]:
        """Return the rows that ``user`` may read: ``visible_to`` says; without it all are public."""
        rows = self.queryset()
        visible_to: Callable[[Any], QuerySet[Any]] | None = getattr(rows, "visible_to", None)
        return rows if visible_to is None else visible_to(user)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something people may be asked about: its name, where to ask, and the words it is known by."""

    name: str
    ask: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that things are found in: its name, and the address of all there is in it."""

    name: str
    url: str


_sources: dict[str, Source] = {}
_audiences: list[Callable[[Any], Iterable[str]]] = []
_ask: list[Callable[[str], str]] = []
_write: list[Callable[[str], str]] = []
_subjects: list[Callable[[str], Iterable[Subject]]] = []
_places: list[Callable[[str], Iterable[Place]]] = []
_files: list[Callable[[Collection[str]], Iterable[str]]] = []
_labels: dict[str, Callable[[Collection[str]], dict[str, str]]] = {}


def existing(rows: QuerySet[Any], ids: Collection[str]) -> set[str]:
    """Return those of ``ids`` that are numbers of ``rows``: one query, for most that ``authorised`` asks."""
    wanted = {int(one) for one in ids if one.isdecimal()}
    return {str(pk) for pk in rows.filter(pk__in=wanted).values_list("pk", flat=True)}


def register(source: Source) -> Source:
    """Make ``source`` known; its name must be new. Called from ``<app>/search_documents.py``."""
    if source.name in _sources:
        raise ValueError(f"search source {source.name!r} is registered twice")
    _sources[source.name] = source
    return source


def register_audience(tokens: Callable[[Any], Iterable[str]]) -> Callable[[Any], Iterable[str]]:
    """Make known a function that gives the tokens of a signed-in user (``mesa:12`` …): one query at most."""
    _audiences.append(tokens)
    return tokens


def sources() -> list[Source]:
    """All sources, in the order in which they were registered."""
    return list(_sources.values())


def sources_of(kind: str) -> list[Source]:
    """The sources whose documents are of this kind, in the same order."""
    return [source for source in sources() if source.kind == kind]


def document(kind: str, id: str) -> SearchDocument | None:
    """Return the document of this name as its app gives it now, or None; one query a source of the kind."""
    found = (
        one for source in sources_of(kind) for row in source.rows_named(id) for one in source.documents(row)
    )
    return next((one for one in found if one.id == id), None)


def source(name: str) -> Source:
    """The source called ``name``; raises KeyError."""
    return _sources[name]


def audience_providers() -> list[Callable[[Any], Iterable[str]]]:
    """The functions given to :func:`register_audience`."""
    return list(_audiences)


def register_files(in_use: Callable[[Collection[str]], Iterable[str]]) -> None:
    """Make known which files an app still has: hashes → those of them that it has, in one query.

    For apps whose documents hold the words of files (:mod:`search.reading`); words of others are removed.
    """
    _files.append(in_use)


def files_in_use(hashes: Collection[str]) -> set[str]:
    """Return those of ``hashes`` whose file some app has."""
    return {one for in_use in _files for one in in_use(hashes)}


def register_labels(facet: str, labels: Callable[[Collection[str]], dict[str, str]]) -> None:
    """Make known how the values of a facet (``ciudad``, ``tema``, ``ruta``) read.

    ``labels`` takes slugs and returns {slug: label}, in one query.
    """
    _labels[facet] = labels


def labels(facet: str, values: Collection[str]) -> dict[str, str]:
    """Return a label for each value; one that nobody names reads as its slug in words."""
    named = _labels[facet](values) if values and facet in _labels else {}
    return {value: str(named.get(value) or value.replace("-", " ").title()) for value in values}


def register_ask(link: Callable[[str], str]) -> None:
    """Make known where a reader who found nothing can ask people: text → address of a form that holds it."""
    _ask.append(link)


def ask_address(text: str) -> str:
    """Return the address to ask ``text`` at, or nothing when no app answers questions."""
    return _ask[-1](text) if _ask else ""


def register_write(link: Callable[[str], str]) -> None:
    """Make known where an editor begins a guide that is missing: text → address of a form that holds it."""
    _write.append(link)


def write_address(text: str) -> str:
    """Return the address to write a guide about ``text`` at, or nothing when no app has guides."""
    return _write[-1](text) if _write else ""


def register_subjects(subjects: Callable[[str], Iterable[Subject]]) -> None:
    """Make known what people may be asked about: text → subjects with a form that holds it. Public alone."""
    _subjects.append(subjects)


def subjects(text: str) -> list[Subject]:
    """Return all subjects that ``text`` may be asked in, in the order of who gives them."""
    return [subject for give in _subjects for subject in give(text)]


def register_places(places: Callable[[str], Iterable[Place]]) -> None:
    """Make known which places begin as a text does, in one query; they are suggested. Public ones alone."""
    _places.append(places)


def places(text: str) -> list[Place]:
    """Return the places that begin as ``text`` does."""
    return [place for give in _places for place in give(text)]
