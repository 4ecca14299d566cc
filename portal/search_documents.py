"""The editors' pages as search finds them; the home page is not a result."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guias.models import Chapter
from portal.models import ContentPage
from search import registry
from search.documents import PUBLIC, SearchDocument


def queryset() -> QuerySet[ContentPage]:
    """Pages that everyone may read."""
    found: QuerySet[ContentPage] = ContentPage.objects.live().public()
    return found


def documents(page: ContentPage) -> Iterator[SearchDocument]:
    """Give the page; nothing for a draft or for one that only some may read."""
    if not page.live or page.get_view_restrictions().exists():
        return
    words = Chapter(number=1, title=page.title, slug=page.slug, summary=(), blocks=page.body).text
    yield SearchDocument(
        kind="pagina",
        id=str(page.pk),
        title=page.title,
        url=page.get_url() or "/",
        audience=frozenset({PUBLIC}),
        updated=page.last_published_at or page.latest_revision_created_at or page.first_published_at,
        summary=page.lead,
        body=words,
        label=_("Página"),
    )


def authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that are live and public now."""
    return registry.existing(queryset(), ids)


registry.register(
    registry.Source(
        name="pagina", kind="pagina", queryset=queryset, documents=documents, authorised=authorised
    )
)
