"""Titles straight from the database, while the engine rests: little, but honest and at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils import timezone

from nucleo.folding import fold, folded
from search import registry
from search.backends.plan import Plan, Word
from search.documents import SearchDocument
from search.query import DATE, Query

PER_SOURCE = 10
LOOKED = 60
"""Rows of a source that are looked at: where a word begins, and what parts are called, only shows then."""
NARROWED = 300
"""As many when there are filters: what they leave only shows in the document."""

_WORD = re.compile(r"[^\W_]+")
Wanted = tuple[str, bool]
"""What a word of a title begins with, or is: an acronym (*AD* is no part of *administrativa*)."""
Terms = Sequence[Sequence[Sequence[Wanted]]]
"""For each thing that is asked for the ways to say it, each as words."""


def titles(plan: Plan, query: Query, audience: frozenset[str], viewer: Any) -> list[SearchDocument]:
    """Return documents whose title has all that was typed: its words' beginnings, or another way to say it.

    Narrowed as ``query`` says; without words all that it leaves, the newest first. A query a source, of rows
    that ``viewer`` may read: those of others must not use up the few that are taken. Not authorised yet.
    """
    terms = _terms(plan)
    found: list[SearchDocument] = []
    for source in registry.sources():
        if (terms or query.has_filters) and (not query.kinds or source.kind in query.kinds):
            named = (
                document
                for document, title in _of(source, terms, viewer, NARROWED if query.has_filters else LOOKED)
                if document.audience & audience and _fits(document, query) and not _is_unwanted(title, plan)
            )
            found.extend(islice(named, PER_SOURCE if terms else query.per_page))
    if query.sort == DATE or not terms:
        found.sort(key=lambda document: document.moment, reverse=True)
    return found


def _fits(document: SearchDocument, query: Query) -> bool:
    """Whether the document is what the filters of ``query`` leave, but for its kind."""
    day = timezone.localdate(document.updated)
    return (
        (not query.cities or document.city in query.cities)
        and (not query.themes or document.theme in query.themes)
        and (not query.routes or document.route in query.routes)
        and (not query.within or document.parent_id == query.within)
        and (query.since is None or day >= query.since)
        and (query.until is None or day <= query.until)
    )


def _is_unwanted(title: str, plan: Plan) -> bool:
    """Whether the folded ``title`` has what was typed after a minus."""
    words = f" {' '.join(_WORD.findall(title))} "
    phrases = (f" {' '.join(map(fold, phrase))} " for phrase in plan.unwanted)
    return any(_begins(title, _wanted(word)) for word in plan.excluded) or any(p in words for p in phrases)


def _terms(plan: Plan) -> Terms:
    said = [[list(map(_wanted, way)) for way in (term.words, *term.synonyms)] for term in plan.terms]
    return [*said, *([[(fold(word), False) for word in phrase]] for phrase in plan.phrases)]


def _wanted(word: Word) -> Wanted:
    return fold(word.typed), word.exact


def _of(
    source: registry.Source, terms: Terms, viewer: Any, looked: int
) -> Iterator[tuple[SearchDocument, str]]:
    """Yield what the rows named so give first, then parts that are named so; each with its folded title."""
    rows = source.rows_of(viewer)
    fields = source.titled_by or _own_title(rows.model)
    if fields:
        named = rows.annotate(folded_title=folded(*fields))
        for row in named.filter(_contained(terms))[:looked]:
            if _says(row.folded_title, terms):
                yield from ((document, row.folded_title) for document in list(source.documents(row))[:1])
    for row in rows[:looked] if source.has_parts else ():
        for part in list(source.documents(row))[1:]:
            if _says(title := fold(part.title), terms):
                yield part, title


def _contained(terms: Terms) -> Q:
    """Return the question whether the letters are there, which a database answers fast."""
    wanted = Q()
    for ways in terms:
        said = Q()
        for way in ways:
            said |= Q(*(Q(folded_title__contains=text) for text, _whole in way))
        wanted &= said
    return wanted


def _says(title: str, terms: Terms) -> bool:
    return all(any(all(_begins(title, word) for word in way) for way in ways) for ways in terms)


def _begins(title: str, wanted: Wanted) -> bool:
    """Whether a word of the folded ``title`` begins so, or is it: *sena* is no part of *contraseña*."""
    text, whole = wanted
    return any(one == text if whole else one.startswith(text) for one in _WORD.findall(title))


def _own_title(model: Any) -> tuple[str, ...]:
    for name in ("title", "name"):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return (name,)
    return ()
