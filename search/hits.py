"""What was found, as a page of results shows it: its words marked, the part that says most, its label."""

from __future__ import annotations

from collections.abc import Iterable

from search.backends.base import Found
from search.documents import KIND_NAMES, SearchDocument
from search.highlight import Highlighter
from search.results import Hit


def hits_of(found: Iterable[Found], marker: Highlighter) -> tuple[Hit, ...]:
    """Return what ``marker`` shows of documents that the reader may read."""
    return tuple(_hit(one, marker) for one in found)


def _hit(one: Found, marker: Highlighter) -> Hit:
    document = one.document
    snippet, part = marker.passage(document)
    return Hit(
        kind=document.kind,
        id=document.id,
        title=document.title,
        title_html=marker.whole(document.title),
        url=part.url if part else document.url,
        label=label_of(document),
        parent=document.parent,
        parent_id=document.parent_id,
        parent_url=document.parent_url,
        place=str(part.label) if part else "",
        snippet_html=snippet,
        status=str(document.status),
        city=document.city,
        theme=document.theme,
        route=document.route,
        updated=document.updated,
        score=one.score,
    )


def label_of(document: SearchDocument) -> str:
    """Return what a document is, in the words shown beside its title."""
    return str(document.label) or KIND_NAMES.get(document.kind, document.kind)
