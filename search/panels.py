"""Results as the page's components take them: links, icons, words; no HTTP and no engine."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nucleo import routes
from search import address, registry
from search.documents import KINDS
from search.gathering import Entry, gathered
from search.query import DATE, MAX_PAGE, RELEVANCE, Query
from search.results import Facet, FacetValue, Hit, ResultPage

ICONS = {
    "guia": "book-open",
    "curso": "users",
    "formato": "file-text",
    "centro": "map-pin",
    "institucion": "users",
    "oferta": "hand-coins",
    "proveedor": "briefcase",
    "demanda": "briefcase",
    "red": "network",
    "mesa": "handshake",
    "acta": "file-text",
    "archivo": "file-text",
    "bitacora": "book-open",
    "tema": "messages-square",
    "recurso": "messages-square",
    "pagina": "file-text",
}
SETTLED = {"Respondida", "Aceptada", "Vigente", "Aprobada"}
"""States that are shown as done; any other is neutral."""
SHOWN = 12
"""Values of a facet that are listed at once; the others stand in a list to open."""


def hit(found: Hit, *, dated: bool = False) -> dict[str, Any]:
    """Return what ``components/hit.html`` takes; ``dated`` when its day is why it stands where it does."""
    pill = None
    if found.status:
        pill = {"tone": "ok" if found.status in SETTLED else "", "icon": "", "text": found.status}
    route = str(routes.get(found.route).name) if found.route else ""
    return {
        "kind": found.kind,
        "id": found.id,
        "label": found.label,
        "icon": ICONS.get(found.kind, "file-text"),
        "title_html": found.title_html,
        "href": found.url,
        "snippet_html": found.snippet_html,
        "route": found.route,
        "pill": pill,
        "facts": [fact for fact in (found.parent, found.place) if fact and fact != route],
        "day": found.updated if dated else None,
    }


def entries(page: ResultPage) -> list[dict[str, Any]]:
    """Return what ``search/_entry.html`` takes, in order; narrowed to one guide, its chapters stand apart."""
    dated = page.query.goes_by_date
    if page.query.within:
        return [{"hit": hit(found, dated=dated)} for found in page.hits]
    return [_entry(page.query, entry, dated=dated) for entry in gathered(page.hits, page.parts)]


def _entry(query: Query, entry: Entry, *, dated: bool) -> dict[str, Any]:
    if not entry.id:
        return {"hit": hit(entry.hits[0], dated=dated)}
    shown = [hit(found, dated=dated) for found in entry.hits]
    for one, found in zip(shown, entry.hits, strict=True):
        if not found.parent_id and not entry.is_headed:
            one["label"] = _("La guía completa")
    return {
        "own": shown.pop(0) if entry.is_headed else None,
        "head": {**hit(entry.hits[0]), "title": entry.title, "href": entry.url},
        "parts": shown,
        "more": _("y %(count)s más en esta guía") % {"count": _chapters(entry.more)} if entry.more else "",
        "more_href": f"?{address.write(query, within=entry.id)}",
    }


def _chapters(count: int) -> str:
    return ngettext("%(count)s capítulo", "%(count)s capítulos", count) % {"count": count}


def facets(page: ResultPage) -> list[dict[str, Any]]:
    """Return what ``components/filters.html`` takes: every value a link that chooses it or lets it go."""
    listed: list[dict[str, Any]] = []
    for facet in page.facets:
        first = [value for at, value in enumerate(facet.values) if at < SHOWN or value.chosen]
        others = [value for value in facet.values[SHOWN:] if not value.chosen]
        items = [_item(page.query, facet, value) for value in first]
        if facet.name == "tipo" and items:
            total = sum(value.count for value in facet.values)
            href = f"?{address.write(page.query, kinds=())}"
            items.insert(
                0, {"href": href, "label": _("Todo"), "count": total, "current": not page.query.kinds}
            )
        if items:
            more = [_item(page.query, facet, value) for value in others]
            listed.append({"name": facet.name, "title": facet.label, "items": items, "more": more})
    periods = [_period(page.query, value) for facet in page.periods for value in facet.values]
    dates = _dates(page.query) if page.total > 1 or page.query.since or page.query.until else None
    if periods or dates:
        listed.append({"name": "desde", "title": _("Fecha"), "items": periods, "dates": dates})
    return listed


def _dates(query: Query) -> dict[str, Any]:
    """Return the two days that results may lie between, and what the form of them keeps of the search."""
    return {
        "since": query.since.isoformat() if query.since else "",
        "until": query.until.isoformat() if query.until else "",
        "kept": address.pairs(query, since=None, until=None),
    }


def _item(query: Query, facet: Facet, value: FacetValue) -> dict[str, Any]:
    item: dict[str, Any] = {
        "href": f"?{address.toggled(query, facet.name, value.value)}",
        "label": value.label,
        "count": value.count,
        "current": value.chosen,
    }
    if facet.name == "tipo":
        item["icon"] = ICONS.get(value.value, "file-text")
    elif facet.name == "ruta":
        item |= {"icon": routes.get(value.value).icon, "css": routes.get(value.value).css}
    return item


def _period(query: Query, value: FacetValue) -> dict[str, Any]:
    since = None if value.chosen else date.fromisoformat(value.value)
    href = f"?{address.write(query, since=since)}"
    return {"href": href, "label": value.label, "count": value.count, "current": value.chosen}


def active(page: ResultPage) -> list[dict[str, str]]:
    """Return the chosen filters, each with the link that takes it away."""
    query = page.query
    named = {(facet.name, value.value): value.label for facet in page.facets for value in facet.values}
    chosen = []
    for name, field in address.FIELDS.items():
        values = getattr(query, field)
        # While the engine rests there are no facets that could say how a value reads.
        read = {} if page.facets or name == "tipo" else registry.labels(name, values)
        for value in values:
            label = named.get((name, value)) or read.get(value) or str(KINDS.get(value, value))
            chosen.append({"href": f"?{address.toggled(query, name, value)}", "label": label})
    if query.since:
        label = _("Desde %(day)s") % {"day": query.since.strftime("%d/%m/%Y")}
        chosen.append({"href": f"?{address.write(query, since=None)}", "label": label})
    if query.within:
        title = next((found.parent for found in page.hits), "")
        label = _("En la guía «%(title)s»") % {"title": title} if title else _("En una sola guía")
        chosen.append({"href": f"?{address.write(query, within='')}", "label": label})
    if query.until:
        label = _("Hasta %(day)s") % {"day": query.until.strftime("%d/%m/%Y")}
        chosen.append({"href": f"?{address.write(query, until=None)}", "label": label})
    if query.exact:
        href = f"?{address.write(query, exact=False)}"
        chosen.append({"href": href, "label": _("Exactamente como lo escribió")})
    return chosen


def sorts(page: ResultPage) -> list[dict[str, Any]]:
    """Return the two orders as links."""
    words = {RELEVANCE: _("Lo más parecido"), DATE: _("Lo más reciente")}
    return [
        {
            "href": f"?{address.write(page.query, sort=sort)}",
            "label": label,
            "current": page.query.sort == sort,
        }
        for sort, label in words.items()
    ]


def pagination(page: ResultPage) -> Page[int]:
    """Return the number of the page among all, as ``components/pagination.html`` takes it."""
    shown = min(max(page.total, page.reach), MAX_PAGE * page.query.per_page)
    return Paginator(range(shown), page.query.per_page).get_page(page.query.page)


def base(query: Query) -> str:
    """Return the query string that the links to other pages begin with."""
    written = address.write(query)
    return f"{written}&" if written else ""
