"""The only door to search: engine, then the database's word on every hit, then the page of results.

The index is a cache: it may be late. So each hit is authorised again (one query a kind) before its
text is read, marked or used for *quiso decir*, and the engine leaves out what is known to be refused
before it counts (:mod:`search.permission`). Knows no engine, no app and no HTTP.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from search import backends, fallback, indexing, registry, vocabulary
from search.audience import tokens_of
from search.backends import analysis
from search.backends.base import Answer, Backend, EngineDown, Found, Health, Request
from search.backends.plan import Plan, parse
from search.documents import KIND_NAMES, KINDS, PUBLIC, SearchDocument
from search.highlight import Highlighter
from search.permission import authorised, waiting
from search.query import DATE, MAX_PAGE, RELEVANCE, Query
from search.results import Facet, FacetValue, Hit, ResultPage

logger = logging.getLogger(__name__)

FACETS = {"kind": "tipo", "city": "ciudad", "theme": "tema", "route": "ruta"}
FEW = 3
"""With fewer exact results than this, words one or two slips away are taken too."""
ENOUGH = 5
"""With fewer results than this, those that have only some of the words are taken too."""
CANDIDATES = 6
"""Results of which the best that the database allows is news."""
KNOWN = 100
"""Results that are looked through for what a new synonym has brought."""


def search(query: Query, viewer: Any) -> ResultPage:
    """Return the results that ``viewer`` may read now. Never raises for what was typed or for an engine."""
    plan = parse(query.text, vocabulary.synonyms())
    if query.is_blank:
        return ResultPage(query=query)
    audience = tokens_of(viewer)
    try:
        return _Search(query, viewer, audience).run(plan)
    except EngineDown as error:
        logger.warning("The search engine does not answer: %s", error)
        found = fallback.titles(plan, query.kinds, audience, viewer)
        documents = authorised([Found(d, 0.0) for d in found], viewer)
        hits = _hits(documents[: query.per_page], Highlighter(plan))
        return ResultPage(query=query, total=len(hits), hits=hits, engine_down=True)


def found_by_everybody(page: ResultPage) -> bool:
    """Whether who has no account finds something for the same words: the most that editors may know of it.

    A page full of private papers does not show what everybody may read and comes after them: then it is asked
    for once more.
    """
    if page.for_all or not page.reach:
        return page.for_all
    return search(replace(page.query, page=1), AnonymousUser()).total > 0


def is_for_everybody(kind: str, document: str) -> bool:
    """Whether who has no account may read this document now."""
    return any(source.authorised({document}, AnonymousUser()) for source in registry.sources_of(kind))


def news(text: str, viewer: Any, since: datetime) -> Hit | None:
    """Return the best result for ``text`` that there was not at ``since`` and that ``viewer`` may read.

    What changed after it; else what editors have put first since then, or have made findable by a synonym.
    Only what a search finds without slips and with enough of the words. None also while the engine rests.
    """
    plan = parse(text, vocabulary.synonyms())
    if plan.is_empty or not getattr(viewer, "is_active", False):
        return None
    try:
        found = _found(plan, viewer, since) or _pinned_since(text, since)
        before = parse(text, vocabulary.synonyms_at(since))
        if not found and before != plan:
            known = {one.document.key for one in _found(before, viewer, limit=KNOWN)}
            found = [one for one in _found(plan, viewer, limit=KNOWN) if one.document.key not in known]
    except EngineDown:
        return None
    hits = _hits(authorised(found, viewer)[:1], Highlighter(plan))
    return hits[0] if hits else None


def _found(plan: Plan, viewer: Any, since: datetime | None = None, limit: int = CANDIDATES) -> list[Found]:
    after = int(since.timestamp() * 1_000_000) + 1 if since else None
    engine = ready_engine()
    request = Request(
        plan=plan,
        audience=tokens_of(viewer),
        hidden=waiting(engine, viewer).refused,
        since=after,
        limit=limit,
        count=False,
    )
    return list(engine.search(request).found)


def _pinned_since(text: str, since: datetime) -> list[Found]:
    document = vocabulary.pinned(text, since)
    return [Found(document, 0.0)] if document else []


def ready_engine() -> Backend:
    """Return the engine; raises EngineDown for one never filled: what it does not find may well be there."""
    engine = backends.current()
    if not engine.is_ready():
        raise EngineDown("the index was never filled")
    return engine


def health() -> Health:
    """Return how the engine is, for ``readyz`` and ``doctor``; never raises."""
    return backends.current().health()


def is_well() -> bool:
    """Whether all that may be found is found, and what is written will be: for ``readyz``."""
    return index_is_ready() and not indexing.refusal()


def index_is_ready() -> bool:
    """Whether the index was filled once; when not, ``rebuild_index`` has to run."""
    return health().ready


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a plan found, as it was asked at last."""

    plan: Plan
    answer: Answer
    fuzzy: bool = False


class _Search:
    """One search of one viewer: up to six questions to the engine, mostly one; one answer."""

    def __init__(self, query: Query, viewer: Any, audience: frozenset[str]) -> None:
        self.query = query
        self.viewer = viewer
        self.audience = audience
        self.backend = ready_engine()
        self.waiting = waiting(self.backend, viewer)
        self.corrections: dict[str, str] = {}
        """Typed words that nothing has → what was looked for instead."""

    def run(self, plan: Plan) -> ResultPage:
        """Ask for all words; with few results for some of them too, where having all counts for much."""
        found = self._tried(plan)
        if found.answer.total < ENOUGH and found.plan.minimum > 1:
            wider = self._tried(replace(found.plan, loose=True))
            if wider.answer.total > found.answer.total:
                found = wider
        return self._page(found)

    def _tried(self, plan: Plan) -> _Tried:
        """Ask exactly; with few results for near words too; when those explain a word, anew with it."""
        answer = self._ask(plan)
        if answer.total >= FEW or not any(word.edits for word in plan.words) or self._is_written(plan):
            return _Tried(plan, answer)
        near = self._ask(plan, fuzzy=True)
        if near.total <= answer.total:
            return _Tried(plan, answer)
        corrections = self._corrections(plan, near)
        if corrections:
            self.corrections |= corrections
            plan = plan.corrected(corrections)
            return _Tried(plan, self._ask(plan))
        return _Tried(plan, near, fuzzy=True)

    def _is_written(self, plan: Plan) -> bool:
        """Whether enough say it outside the chosen filters: *cali*, hardly said in Jamundí, is no slip."""
        if not self.query.has_filters:
            return False
        anywhere = Request(
            plan=plan, audience=self.audience, hidden=self.waiting.refused, limit=1, count=False
        )
        return self.backend.search(anywhere).total >= FEW

    def _ask(self, plan: Plan, *, fuzzy: bool = False) -> Answer:
        query = self.query
        today = timezone.localdate()
        request = Request(
            plan=plan,
            audience=self.audience,
            hidden=self.waiting.refused,
            filters=_filters(query),
            since=_micros(query.since),
            until=_micros(query.until + timedelta(days=1))
            if query.until and query.until < date.max
            else None,
            offset=(query.page - 1) * query.per_page,
            limit=query.per_page,
            by_date=query.sort == DATE or (plan.is_empty and not query.is_of_something),
            now=_micros(today),
            fuzzy=fuzzy,
            periods={start.isoformat(): _micros(start) or 0 for start in _periods(today)},
        )
        return self.backend.search(request)

    def _corrections(self, plan: Plan, near: Answer) -> dict[str, str]:
        """Return words that no visible result has, with the near word the results have most often."""
        found = authorised(near.found, self.viewer)
        marker = Highlighter(plan, fuzzy=True)
        for one in found:
            for text in (one.document.title, one.document.summary, one.document.body):
                marker.marks(analysis.clean(text[:20_000]))
        unknown = {typed: met for typed, met in marker.near.items() if typed not in marker.seen}
        return {
            typed: min(met, key=lambda word: (analysis.slips(word, typed), -met[word], word))
            for typed, met in unknown.items()
        }

    def _page(self, tried: _Tried) -> ResultPage:
        plan, answer = tried.plan, tried.answer
        found = authorised(answer.found, self.viewer)
        refused = [one.document for one in answer.found if one not in found]
        total = max(0, min(answer.total, MAX_PAGE * self.query.per_page * 1000) - len(refused))
        shown, more = self._with_pinned(found)
        nothing = not answer.total
        return ResultPage(
            query=self.query,
            total=total + more,
            reach=answer.total,
            for_all=any(self._is_for_all(one.document) for one in shown),
            hits=_hits(shown, Highlighter(plan, fuzzy=tried.fuzzy)),
            facets=self._facets(answer, refused),
            periods=self._period_facets(answer, refused),
            parts=_parts(answer, refused, shown[:more]),
            did_you_mean=_said(self.query.text, self.corrections) if self.corrections else "",
            loose=plan.loose,
            wordless=bool(self.query.text.strip()) and plan.is_empty and not plan.excluded,
            narrower=self._narrower(plan) if nothing else (),
            unfiltered=self._unfiltered(plan) if nothing else 0,
        )

    def _is_for_all(self, document: SearchDocument) -> bool:
        """Whether everybody may read it; not of one that waits: it may have been made private just now."""
        return PUBLIC in document.audience and document.key not in self.waiting.keys

    def _with_pinned(self, found: list[Found]) -> tuple[list[Found], int]:
        """Return a first page with what editors put first before the rest, and whether it is one more."""
        query = self.query
        if query.page > 1 or query.has_filters or query.sort != RELEVANCE:
            return found, 0
        document = vocabulary.pinned(query.text)
        if document is None or not document.audience & self.audience:
            return found, 0
        first = authorised([Found(document, 0.0)], self.viewer)
        others = [one for one in found if one.document.key != document.key]
        more = len(first) if len(others) == len(found) else 0
        return [*first, *others][: query.per_page], more

    def _facets(self, answer: Answer, refused: Sequence[SearchDocument]) -> tuple[Facet, ...]:
        chosen = {"kind": self.query.kinds, "city": self.query.cities, "theme": self.query.themes}
        chosen["route"] = self.query.routes
        names = {"kind": _("Qué es"), "city": _("Ciudad"), "theme": _("Tema"), "route": _("Ruta")}
        facets = []
        for field, parameter in FACETS.items():
            counts = dict(answer.facets.get(field, {}))
            for document in refused:
                value = getattr(document, field)
                counts[value] = counts.get(value, 0) - 1
            counts |= {
                value: counts.get(value, 0) for value in chosen[field] if value in KINDS or field != "kind"
            }
            kept = [v for v in counts if counts[v] > 0 or v in chosen[field]]
            labels = (
                {v: str(KINDS.get(v, v)) for v in kept}
                if field == "kind"
                else registry.labels(parameter, kept)
            )
            values = [FacetValue(v, labels[v], max(0, counts[v]), v in chosen[field]) for v in kept]
            values.sort(key=lambda value: (-value.count, value.label))
            facets.append(Facet(parameter, names[field], tuple(values)))
        return tuple(facets)

    def _period_facets(self, answer: Answer, refused: Sequence[SearchDocument]) -> tuple[Facet, ...]:
        since = self.query.since.isoformat() if self.query.since else ""
        labels = [_("Este mes"), _("Este año")]
        counts = {
            start: count - sum(timezone.localdate(one.updated).isoformat() >= start for one in refused)
            for start, count in answer.periods.items()
        }
        values = tuple(
            FacetValue(start, label, max(0, count), start == since)
            for (start, count), label in zip(counts.items(), labels, strict=False)
            if count > 0 or start == since
        )
        return (Facet("desde", _("Fecha"), values),) if values else ()

    def _unfiltered(self, plan: Plan) -> int:
        """Return how many there are without the chosen filters."""
        if not self.query.has_filters or plan.is_empty:
            return 0
        return _Search(self.query.without_filters(), self.viewer, self.audience).run(plan).total

    def _narrower(self, plan: Plan) -> tuple[str, ...]:
        """Return single words of a query without results that would find something by themselves."""
        useful = []
        if len(plan.words) > 1:
            for word in plan.words[:4]:
                single = Request(
                    plan=parse(word.typed),
                    audience=self.audience,
                    hidden=self.waiting.refused,
                    limit=1,
                    count=False,
                )
                found = self.backend.search(single)
                if authorised(found.found, self.viewer):
                    useful.append(word.typed)
        return tuple(useful)


def _hits(found: Iterable[Found], marker: Highlighter) -> tuple[Hit, ...]:
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


def _filters(query: Query) -> dict[str, Collection[str]]:
    """Return the accepted values by field of a document."""
    within = (query.within,) if query.within else ()
    facets = {"kind": query.kinds, "city": query.cities, "theme": query.themes, "route": query.routes}
    return {**facets, "parent_id": within}


def _parts(answer: Answer, refused: Iterable[SearchDocument], pinned: Iterable[Found]) -> dict[str, int]:
    """Return how many parts of each thing the viewer finds."""
    counts = Counter(answer.facets.get("parent_id", {}))
    counts.subtract(document.parent_id for document in refused)
    counts.update(one.document.parent_id for one in pinned)
    return {name: count for name, count in counts.items() if name and count > 0}


def label_of(document: SearchDocument) -> str:
    """Return what a document is, in the words shown beside its title."""
    return str(document.label) or KIND_NAMES.get(document.kind, document.kind)


def _said(text: str, corrections: dict[str, str]) -> str:
    """Return the text as typed with its misspelled words exchanged."""
    text = analysis.clean(text)
    folded = analysis.fold(text)
    parts: list[str] = []
    at = 0
    for start, end in analysis.spans(folded):
        if folded[start:end] in corrections:
            parts += [text[at:start], corrections[folded[start:end]]]
            at = end
    return "".join([*parts, text[at:]])


def _micros(day: date | None) -> int | None:
    if day is None:
        return None
    moment = timezone.make_aware(datetime.combine(day, time.min))
    return int(moment.timestamp() * 1_000_000)


def _periods(today: date) -> list[date]:
    return sorted({today.replace(day=1), today.replace(month=1, day=1)}, reverse=True)
