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

from search import backends, correcting, fallback, indexing, registry, vocabulary
from search.audience import tokens_of
from search.backends import analysis
from search.backends.base import Answer, Backend, EngineDown, Found, Health, Request
from search.backends.plan import Plan, Term, Word, parse, related, synonyms
from search.documents import KINDS, PUBLIC, SearchDocument
from search.highlight import Highlighter
from search.hits import hits_of
from search.permission import authorised, waiting
from search.query import DATE, MAX_PAGE, RELEVANCE, Query
from search.results import Facet, FacetValue, ResultPage

logger = logging.getLogger(__name__)

FACETS = {"kind": "tipo", "city": "ciudad", "theme": "tema", "route": "ruta"}
FEW = 3
"""With fewer exact results than this, words one or two slips away are taken too."""
ENOUGH = 5
"""With fewer results than this, those that have only some of the words are taken too."""
CANDIDATES = 6
"""Results among which one that the database allows makes a word known."""
COMPLETED = 100
"""Titles that are looked at for the word that a beginning is of."""


def search(query: Query, viewer: Any) -> ResultPage:
    """Return the results that ``viewer`` may read now. Never raises for what was typed or for an engine."""
    if query.is_blank:
        return ResultPage(query=query)
    audience = tokens_of(viewer)
    try:
        return _Search(query, viewer, audience).run()
    except EngineDown as error:
        logger.warning("The search engine does not answer: %s", error)
        plan = parse(query.text, vocabulary.synonyms())
        found = fallback.titles(plan, query, audience, viewer)
        documents = authorised([Found(d, 0.0) for d in found], viewer)
        hits = hits_of(documents[: query.per_page], Highlighter(plan))
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
    related: bool = False
    """Whether words near in meaning were taken too."""


class _Search:
    """One search of one viewer: mostly one question to the engine; eleven at most, and one a word."""

    def __init__(self, query: Query, viewer: Any, audience: frozenset[str], typed: str = "") -> None:
        self.query = query
        self.viewer = viewer
        self.audience = audience
        self.typed = typed
        """What was typed, where the query says what was meant by it."""
        self.backend = ready_engine()
        self.waiting = waiting(self.backend, viewer)
        self._allowed: tuple[Answer | None, list[Found]] = (None, [])

    def run(self) -> ResultPage:
        """Ask as typed; with few results in other words, for what was meant, and for some of the words."""
        plan = parse(self.query.text, vocabulary.synonyms())
        found = _Tried(plan, self._ask(plan))
        if found.answer.total < FEW and not self.query.exact and not self._is_written(plan):
            found = self._with_related(found)
            if not found.related:
                meant = None if self.typed else self._meant(found)
                if meant:
                    return meant
                found = self._with_near(found)
        if found.answer.total < ENOUGH and found.plan.minimum > 1:
            loose = replace(found.plan, loose=True)
            wider = replace(found, plan=loose, answer=self._ask(loose))
            if wider.answer.total > found.answer.total:
                found = wider
        return self._page(found)

    def _is_written(self, plan: Plan) -> bool:
        """Whether enough say it outside the chosen filters: *cali*, hardly said in Jamundí, is no slip."""
        if not self.query.has_filters:
            return False
        return self.backend.search(self._anywhere(plan, 1)).total >= FEW

    def _anywhere(self, plan: Plan, limit: int) -> Request:
        """Return the question that no filter narrows, without counts."""
        refused = self.waiting.refused
        return Request(plan=plan, audience=self.audience, hidden=refused, limit=limit, count=False)

    def _meant(self, tried: _Tried) -> ResultPage | None:
        """Return the page of what was probably meant, just as if typed so; None when that has no more."""
        completed = self._completed(tried)
        corrected = self._corrected(tried, completed)
        said = correcting.said(self.query.text, completed | corrected)
        if analysis.fold(said) == analysis.fold(analysis.clean(self.query.text)):
            return None
        asked = replace(self.query, text=said)
        page = _Search(asked, self.viewer, self.audience, self.query.text).run()
        if page.total <= tried.answer.total:
            return None
        begun, whole = next(iter(completed.items()), ("", "")) if not corrected else ("", "")
        return replace(page, query=self.query, did_you_mean=said, begun=begun, whole=whole)

    def _completed(self, tried: _Tried) -> dict[str, str]:
        """Return the last word, when nothing has it, with the one that titles have which begins so."""
        last = correcting.begun(self.query.text, tried.plan)
        if last is None or self._is_known(last, tried):
            return {}
        words = [word.typed for word in tried.plan.words]
        for way in dict.fromkeys([tuple(words), tuple(words[-1:])]):
            if len(way) > 1 or len(last.typed) >= correcting.BEGUN:
                hidden = self.waiting.refused
                documents = self.backend.suggest(way, self.audience, COMPLETED, self.query.kinds, hidden)
                titled = authorised([Found(one, 0.0) for one in documents], self.viewer)
                if whole := correcting.whole(last.typed, [one.document.title for one in titled]):
                    return {last.typed: whole}
        taught = correcting.whole(last.typed, synonyms(vocabulary.synonyms()).words.values())
        return {last.typed: taught} if taught else {}

    def _allowed_of(self, answer: Answer) -> list[Found]:
        """Return what the database allows of an answer, asked once as long as it is about the same one."""
        if answer is not self._allowed[0]:
            self._allowed = answer, authorised(answer.found, self.viewer)
        return self._allowed[1]

    def _corrected(self, tried: _Tried, completed: Collection[str]) -> dict[str, str]:
        """Return words that nothing has which the viewer may read, with what was meant by them."""
        plan = tried.plan
        slips = [word for word in plan.words if word.edits and word.typed not in completed]
        if not slips or (len(plan.words) == 1 and self._is_known(slips[0], tried)):
            return {}
        near = self._ask(replace(plan, loose=True), fuzzy=True, first=True)
        marker = Highlighter(plan, fuzzy=True)
        met = [marker.met(one.document) for one in authorised(near.found, self.viewer)]
        meant = correcting.corrections(plan, met, synonyms(vocabulary.synonyms()))
        return {
            word.typed: meant[word.typed]
            for word in slips
            if word.typed in meant and not self._is_known(word, tried)
        }

    def _is_known(self, word: Word, tried: _Tried) -> bool:
        """Whether a document that the viewer may read has the word, or a group of synonyms."""
        if word.normal in synonyms(vocabulary.synonyms()).normals:
            return True
        alone = tried.plan == parse(word.typed, vocabulary.synonyms()) and not self.query.has_filters
        if alone and self.query.page == 1:
            return bool(self._allowed_of(tried.answer))
        plan = Plan(terms=(Term((word,)),))
        found = self.backend.search(self._anywhere(plan, CANDIDATES)).found
        return bool(authorised(found, self.viewer))

    def _with_related(self, tried: _Tried) -> _Tried:
        """Return what says it with words near in meaning, where nothing says it as typed."""
        if tried.answer.total:
            return tried
        plan = parse(self.query.text, (*vocabulary.synonyms(), *related()))
        if plan == tried.plan:
            return tried
        answer = self._ask(plan)
        return _Tried(plan, answer, related=True) if answer.total else tried

    def _with_near(self, tried: _Tried) -> _Tried:
        """Return also what has a word one or two slips away, where few have the only one that was typed."""
        words = tried.plan.words
        if not tried.answer.total or len(words) > 1 or not any(word.edits for word in words):
            return tried
        near = self._ask(tried.plan, fuzzy=True)
        return _Tried(tried.plan, near, fuzzy=True) if near.total > tried.answer.total else tried

    def _ask(self, plan: Plan, *, fuzzy: bool = False, first: bool = False) -> Answer:
        """Ask the engine for this page; for the best results without any counts when only they are wanted."""
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
            offset=0 if first else (query.page - 1) * query.per_page,
            limit=query.per_page,
            by_date=not first and (query.sort == DATE or (plan.is_empty and not query.is_of_something)),
            now=_micros(today),
            fuzzy=fuzzy,
            count=not first,
            periods={start.isoformat(): _micros(start) or 0 for start in _periods(today)},
        )
        return self.backend.search(request)

    def _page(self, tried: _Tried) -> ResultPage:
        plan, answer = tried.plan, tried.answer
        found = self._allowed_of(answer)
        refused = [one.document for one in answer.found if one not in found]
        total = max(0, min(answer.total, MAX_PAGE * self.query.per_page * 1000) - len(refused))
        shown, more = self._with_pinned(found)
        nothing = not answer.total
        return ResultPage(
            query=self.query,
            total=total + more,
            reach=answer.total,
            for_all=any(self._is_for_all(one.document) for one in shown),
            hits=hits_of(shown, Highlighter(plan, fuzzy=tried.fuzzy)),
            facets=self._facets(answer, refused),
            periods=self._period_facets(answer, refused),
            parts=_parts(answer, refused, shown[:more]),
            near=tried.fuzzy or tried.related,
            related=tried.related,
            loose=plan.loose,
            wordless=bool(self.query.text.strip()) and not analysis.tokens(analysis.clean(self.query.text)),
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
        document = vocabulary.pinned(query.text) or (vocabulary.pinned(self.typed) if self.typed else None)
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
        return _Search(self.query.without_filters(), self.viewer, self.audience).run().total

    def _narrower(self, plan: Plan) -> tuple[str, ...]:
        """Return single words of a query without results that would find something by themselves."""
        useful = []
        if len(plan.words) > 1:
            for word in plan.words[:4]:
                found = self.backend.search(self._anywhere(parse(word.typed), 1))
                if authorised(found.found, self.viewer):
                    useful.append(word.typed)
        return tuple(useful)


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


def _micros(day: date | None) -> int | None:
    if day is None:
        return None
    moment = timezone.make_aware(datetime.combine(day, time.min))
    return int(moment.timestamp() * 1_000_000)


def _periods(today: date) -> list[date]:
    return sorted({today.replace(day=1), today.replace(month=1, day=1)}, reverse=True)
