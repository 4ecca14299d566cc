"""The only door to search: engine, then the database's word on every hit, then the page of results.

The index is a cache: it may be late. So each hit is authorised again (one query a kind) before its
text is read, marked or used for *quiso decir*, and the engine leaves out what is known to be refused
before it counts (:mod:`search.permission`). Knows no engine, no app and no HTTP.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from search import backends, correcting, counts, fallback, indexing, registry, vocabulary
from search.audience import tokens_of
from search.backends import analysis
from search.backends.base import Answer, Backend, EngineDown, Found, Health, Request
from search.backends.plan import Plan, Term, Word, parse, related, synonyms
from search.documents import PUBLIC, SearchDocument
from search.highlight import READ, Highlighter
from search.hits import hits_of
from search.permission import authorised, waiting
from search.query import DATE, MAX_PAGE, RELEVANCE, Query
from search.results import ResultPage

logger = logging.getLogger(__name__)

FEW = 3
"""With fewer exact results than this, words one or two slips away are taken too."""
ENOUGH = 5
"""With fewer results than this, those that have only some of the words are taken too."""
FEW_WORDS = 8
"""Words of which it is asked first whether something has them, and then what they may be a slip of."""
CANDIDATES = 6
"""Results among which one that the database allows makes a word known."""
OFFERED = 3
"""Words that are looked at for swapped letters, and for which others are offered that are spelt nearly so."""
NEAR = 20
"""Results among which these are looked for, and what was meant by a word: as many whatever a page shows,
since which are the best few depends on how common words are in what others wrote."""
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
    """A way to understand what was typed, and what it found."""

    text: str
    """What was typed, or what was meant by it."""
    plan: Plan
    answer: Answer
    fuzzy: bool = False
    related: bool = False
    """Whether words near in meaning were taken too."""
    begun: str = ""
    whole: str = ""
    """See ResultPage."""


class _Search:
    """One search of one viewer: mostly one question to the engine; seventeen at most, and one a word."""

    def __init__(self, query: Query, viewer: Any, audience: frozenset[str]) -> None:
        self.query = query
        self.viewer = viewer
        self.audience = audience
        self.wide = query.without_filters() if query.has_filters else query
        """The same of everything: what filters narrow is understood as it is without them."""
        self.backend = ready_engine()
        self.waiting = waiting(self.backend, viewer)
        self._allowed: tuple[Answer | None, list[Found]] = (None, [])

    def run(self) -> ResultPage:
        """Understand what was typed, then find it within the chosen filters.

        How it is understood (in other words, corrected, some of the words) is decided by all there is: or the
        number beside a filter, counted for one understanding, would not be what choosing it finds.
        """
        tried = self._understood(self.query.text)
        if not self.query.has_filters or tried.plan.is_empty:
            return self._page(tried, tried.answer)
        return self._page(tried, self._ask(tried.plan, self.query, fuzzy=tried.fuzzy))

    def _understood(self, text: str, *, corrected: bool = False) -> _Tried:
        """Ask as typed; with few results in other words, for what was meant, and for some of the words."""
        plan = parse(text, vocabulary.synonyms())
        if plan.is_empty:
            return _Tried(text, plan, self._ask(plan, self.query))
        tried = _Tried(text, plan, self._look(plan))
        if tried.answer.total < FEW and not self.query.exact:
            tried = self._with_related(tried)
            if not tried.related:
                meant = None if corrected else self._meant(tried)
                if meant:
                    return meant
                tried = self._with_near(tried)
        if tried.answer.total < ENOUGH and tried.plan.minimum > 1:
            loose = replace(tried.plan, loose=True)
            wider = replace(tried, plan=loose, answer=self._look(loose))
            if wider.answer.total > tried.answer.total:
                return wider
        return tried

    def _anywhere(self, plan: Plan, limit: int) -> Request:
        """Return the question that no filter narrows, without counts."""
        refused, late = self.waiting.refused, self.waiting.keys
        return Request(plan=plan, audience=self.audience, hidden=refused, late=late, limit=limit, count=False)

    def _meant(self, tried: _Tried) -> _Tried | None:
        """Return what was probably meant, just as if typed so; None when that has no more."""
        completed = self._completed(tried)
        corrected = self._corrected(tried, completed)
        said = correcting.said(tried.text, completed | corrected)
        if analysis.fold(said) == analysis.fold(analysis.clean(tried.text)):
            return None
        meant = self._understood(said, corrected=True)
        if self._total(meant.answer) <= tried.answer.total:
            return None
        begun, whole = next(iter(completed.items()), ("", "")) if not corrected else ("", "")
        return replace(meant, begun=begun, whole=whole)

    def _completed(self, tried: _Tried) -> dict[str, str]:
        """Return the last word, when nothing has it, with the one that titles have which begins so."""
        last = correcting.begun(tried.text, tried.plan)
        if last is None or self._is_known(last, tried):
            return {}
        words, hidden = [word.typed for word in tried.plan.words], self.waiting.refused
        for way in dict.fromkeys([tuple(words), tuple(words[-1:])]):
            if len(way) > 1 or len(last.typed) >= correcting.BEGUN:
                documents = self.backend.suggest(way, self.audience, COMPLETED, (), hidden)
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

    def _total(self, answer: Answer) -> int:
        """Return how much there is, as far as a reader can page, without what the database refuses of it."""
        refused = len(answer.found) - len(self._allowed_of(answer))
        return max(0, min(answer.total, MAX_PAGE * self.query.per_page * 1000) - refused)

    def _corrected(self, tried: _Tried, completed: Collection[str]) -> dict[str, str]:
        """Return words that nothing has which the viewer may read, with what was meant by them."""
        slips = [word for word in tried.plan.words if word.edits and word.typed not in completed]
        few = len(slips) <= FEW_WORDS
        if few:  # mostly none is left, and to look for slips takes the engine twenty times as long
            slips = [word for word in slips if not self._is_known(word, tried)]
        if not slips:
            return {}
        plan = tried.plan.forgiving([word.typed for word in slips])
        best = replace(self._anywhere(replace(plan, loose=True), NEAR), fuzzy=True)
        near = self.backend.search(best)
        allowed = [one.document for one in authorised(near.found, self.viewer)]
        met = Highlighter(plan, fuzzy=True).met(allowed)
        meant = correcting.corrections(plan, met, synonyms(vocabulary.synonyms()))
        if few:
            rest = [word for word in slips if word.typed not in meant][:OFFERED]
            meant |= {word.typed: way for word in rest if (way := self._swapped(word))}
        return {
            word.typed: meant[word.typed]
            for word in slips
            if word.typed in meant and (few or not self._is_known(word, tried))
        }

    def _swapped(self, word: Word) -> str:
        """Return the word of which two letters were swapped, when the viewer may read it somewhere."""
        ways = correcting.swaps(word.typed)
        plan = Plan(terms=tuple(Term((Word(way, way, exact=True),)) for way in ways), loose=True)
        found = self.backend.search(self._anywhere(plan, NEAR)).found if ways else ()
        return correcting.swapped(ways, self._texts(found), synonyms(vocabulary.synonyms()))

    def _texts(self, found: Sequence[Found]) -> list[str]:
        """Return what the viewer may read of what was found, as far as it is read for words."""
        allowed = authorised(found, self.viewer)
        return [one.document.title + "\n" + one.document.body[:READ] for one in allowed]

    def _is_known(self, word: Word, tried: _Tried) -> bool:
        """Whether a document that the viewer may read has the word, or a group of synonyms."""
        if word.normal in synonyms(vocabulary.synonyms()).normals:
            return True
        alone = tried.plan == parse(word.typed, vocabulary.synonyms())
        if alone and self.wide.page == 1:
            return bool(self._allowed_of(tried.answer))
        # The newest and not the best: any of them is enough, and to score them all takes the engine longer.
        request = replace(self._anywhere(Plan(terms=(Term((word,)),)), CANDIDATES), by_date=True)
        return bool(authorised(self.backend.search(request).found, self.viewer))

    def _with_related(self, tried: _Tried) -> _Tried:
        """Return what says it with words near in meaning, where nothing says it as typed."""
        if tried.answer.total:
            return tried
        plan = parse(tried.text, (*vocabulary.synonyms(), *related()))
        if plan == tried.plan:
            return tried
        answer = self._look(plan)
        return replace(tried, plan=plan, answer=answer, related=True) if answer.total else tried

    def _with_near(self, tried: _Tried) -> _Tried:
        """Return also what has a word one or two slips away, where few have the only one that was typed."""
        words = tried.plan.words
        if not tried.answer.total or len(words) > 1 or not any(word.edits for word in words):
            return tried
        near = self._look(tried.plan, fuzzy=True)
        return replace(tried, answer=near, fuzzy=True) if near.total > tried.answer.total else tried

    def _look(self, plan: Plan, *, fuzzy: bool = False) -> Answer:
        """Return what there is without filters: the page that was asked for, when none is chosen."""
        return self._ask(plan, self.wide, fuzzy=fuzzy, count=self.wide is self.query)

    def _ask(self, plan: Plan, query: Query, *, fuzzy: bool = False, count: bool = True) -> Answer:
        """Ask the engine for the page of ``query``."""
        today = timezone.localdate()
        request = Request(
            plan=plan,
            audience=self.audience,
            hidden=self.waiting.refused,
            late=self.waiting.keys,
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
            count=count,
            periods={start.isoformat(): _micros(start) or 0 for start in counts.starts(today)},
        )
        return self.backend.search(request)

    def _page(self, tried: _Tried, answer: Answer) -> ResultPage:
        plan, query = tried.plan, self.query
        found = self._allowed_of(answer)
        refused = [one.document for one in answer.found if one not in found]
        shown, more = self._with_pinned(found, tried)
        nothing = not answer.total
        return ResultPage(
            query=query,
            total=self._total(answer) + more,
            reach=answer.total,
            for_all=self._is_as_for_all(tried) and any(self._is_for_all(one.document) for one in shown),
            hits=hits_of(shown, Highlighter(plan, fuzzy=tried.fuzzy)),
            facets=counts.facets(answer, refused, query),
            periods=counts.periods(answer, refused, query),
            parts=counts.parts(answer, refused, shown[:more]),
            did_you_mean=tried.text if tried.text != query.text else "",
            begun=tried.begun,
            whole=tried.whole,
            near=tried.fuzzy or tried.related,
            related=tried.related,
            loose=plan.loose,
            wordless=bool(query.text.strip()) and not analysis.tokens(analysis.clean(query.text)),
            narrower=self._narrower(plan) if nothing else (),
            offered=self._offered(tried) if nothing and not tried.answer.total else "",
            unfiltered=self._total(tried.answer) if nothing and answer is not tried.answer else 0,
        )

    def _is_as_for_all(self, tried: _Tried) -> bool:
        """Whether who has no account is understood so too: what was meant may be a word of hers alone."""
        return tried.text == self.query.text or self.audience == {PUBLIC}

    def _is_for_all(self, document: SearchDocument) -> bool:
        """Whether everybody may read it; not of one that waits: it may have been made private just now."""
        return PUBLIC in document.audience and document.key not in self.waiting.keys

    def _with_pinned(self, found: list[Found], tried: _Tried) -> tuple[list[Found], int]:
        """Return a first page with what editors put first before the rest, and whether it is one more."""
        query = self.query
        if query.page > 1 or query.has_filters or query.sort != RELEVANCE:
            return found, 0
        document = vocabulary.pinned(tried.text) or vocabulary.pinned(query.text)
        if document is None or not document.audience & self.audience:
            return found, 0
        first = authorised([Found(document, 0.0)], self.viewer)
        others = [one for one in found if one.document.key != document.key]
        more = len(first) if len(others) == len(found) else 0
        return [*first, *others][: query.per_page], more

    def _offered(self, tried: _Tried) -> str:
        """Return what was typed with each word that nothing has exchanged for one that is spelt nearly so."""
        if self.query.exact or tried.plan.phrases or tried.plan.excluded:
            return ""  # then its words may well be somewhere
        known, words = synonyms(vocabulary.synonyms()), {}
        for word in [word for word in tried.plan.words if word.edits or word.loud][:OFFERED]:
            audience, hidden = self.audience, self.waiting.refused
            documents = self.backend.spelt(word.typed, correcting.SPELT, audience, NEAR, hidden)
            texts = self._texts([Found(one, 0.0) for one in documents])
            if near := correcting.spelt(word, texts, known):
                words[word.typed] = near
        if not words:
            return ""
        said = correcting.said(tried.text, words)
        plan = replace(parse(said, vocabulary.synonyms()), loose=True)
        found = self.backend.search(self._anywhere(plan, CANDIDATES)).found
        return said if authorised(found, self.viewer) else ""

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


def _micros(day: date | None) -> int | None:
    if day is None:
        return None
    moment = timezone.make_aware(datetime.combine(day, time.min))
    return int(moment.timestamp() * 1_000_000)
