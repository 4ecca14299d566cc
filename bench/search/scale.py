"""How an engine bears many documents: size, rate, memory, and how long it lets a reader wait.

    python -m bench.search 1000 10000 100000                         the embedded engine
    python -m bench.search 10000 --url http://127.0.0.1:9201         a server (emptied of what this made)
    python -m bench.search 1000000 --keep var/bench/scale            what was filled once is kept there

A server keeps what was filled too when ``--keep`` is given: one size then, since a server holds one index.

For each size one process fills the index and another asks it, so that the memory of each is its own. A
search is timed as the web process pays for it: plan, engine, loading of the twenty hits, highlights. *Engine*
is what passes inside tantivy (or what the server says it took), *ours* the rest. No web, no database. A
*page* is all that one search needs to be understood (:mod:`bench.search.whole`), with an empty database.

On a machine with other work the clock counts that too: ``cpu`` is the processor time of this process and
``ours`` of it what is not the engine's, and of ``--rounds`` the least disturbed one is told for each kind.
Exits with 1 when something is over its limit (LIMITS), by the clock.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from bench import end  # noqa: E402  Django must be set up first
from bench.search import text, whole  # noqa: E402
from search.backends.base import Backend, Request  # noqa: E402
from search.backends.elastic import ElasticBackend  # noqa: E402
from search.backends.embedded import EmbeddedBackend  # noqa: E402
from search.backends.plan import parse  # noqa: E402
from search.documents import PUBLIC  # noqa: E402
from search.highlight import Highlighter  # noqa: E402

BATCH = 500
TIMES = 200
GOAL = 100_000
"""Documents with which SEARCH_MS, SERVER_MS and OURS_MS bind."""
SEARCH_MS, SERVER_MS, OURS_MS = 30, 80, 10
"""A full search with facets and highlights, p95: embedded, over a server, and what is ours of either."""
SUGGESTED_MS = 30
GROWN = 8
"""How much p95 may grow from ten thousand documents to a million."""
ASKING_MB = 600
"""The asking process's own memory, whatever it asks."""
SEARCHES = ("one word", "three words", "a slip", "two facets", "public reader")
MONTH = 1_700_000_000_000_000
YEAR = 1_690_000_000_000_000


def engine_at(place: str, url: str) -> Backend:
    """Return the engine that is measured."""
    return ElasticBackend(url, prefix="bench") if url else EmbeddedBackend(place)


@dataclass
class Filled:
    """What filling an index cost."""

    seconds: float
    megabytes: float
    peak: float
    """Megabytes of memory of the process that filled it, with the files it had mapped."""
    own: float = 0.0
    """Those that it held for itself, at most."""


def fill(engine: Backend, count: int, place: str, answers: Any) -> None:
    """Put ``count`` documents in, and say what it cost."""
    begun = time.perf_counter()
    made = own = 0.0
    with engine.rebuild() as build:
        source = text.documents(count)
        while True:
            at = time.perf_counter()
            rows = {document.key: [document] for document in itertools.islice(source, BATCH)}
            made += time.perf_counter() - at
            if not rows:
                break
            build.index(rows, again=False)
            own = max(own, _anonymous())
        build.swap()
    answers.put(Filled(time.perf_counter() - begun - made, _size(engine, place), _peak(), own))


def _size(engine: Backend, place: str) -> float:
    if isinstance(engine, ElasticBackend):
        return engine.stored_bytes() / 1e6
    return sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file()) / 1e6


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _anonymous() -> float:
    """Return the megabytes that the process holds for itself: without the pages of the index it maps."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1000


class Clock:
    """Adds up what passes inside the engine."""

    def __init__(self, engine: Backend) -> None:
        self.seconds = self.processor = 0.0
        """By the clock, and of this process's processor time."""
        if isinstance(engine, ElasticBackend):
            self._listen(engine)
        elif isinstance(engine, EmbeddedBackend):
            opened = engine._store.searcher
            engine._store.searcher = lambda: _Searcher(opened(), self)  # type: ignore[method-assign,return-value]

    def _listen(self, engine: ElasticBackend) -> None:
        transport = engine._client.transport
        ask = transport.perform_request

        def asked(*args: Any, **named: Any) -> Any:
            answer = ask(*args, **named)
            if isinstance(answer.body, dict):
                self.seconds += answer.body.get("took", 0) / 1000
            return answer

        transport.perform_request = asked  # type: ignore[method-assign]


class _Searcher:
    """A searcher of tantivy whose calls are timed."""

    def __init__(self, searcher: Any, clock: Clock) -> None:
        self._searcher = searcher
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._searcher, name)
        if not callable(method):
            return method

        def timed(*args: Any, **named: Any) -> Any:
            begun, processor = time.perf_counter(), time.process_time()
            try:
                return method(*args, **named)
            finally:
                self._clock.seconds += time.perf_counter() - begun
                self._clock.processor += time.process_time() - processor

        return timed


@dataclass
class Asked:
    """How long one kind of query took: milliseconds, half of the times and nineteen of twenty."""

    name: str
    p50: float
    p95: float
    engine95: float
    ours95: float
    cpu95: float
    ours_cpu95: float
    hits: int
    """Documents found, half of the times."""


def ask(engine: Backend, answers: Any, rounds: int = 1) -> None:
    """Ask each kind of query, and say what it took and how much memory."""
    clock = Clock(engine)
    kinds: dict[str, Callable[[text.Queries], int]] = {
        "one word": lambda query: _search(engine, " ".join(query.words(1))),
        "three words": lambda query: _search(engine, " ".join(query.words(3))),
        "a slip": lambda query: _search(engine, query.slip(), fuzzy=True),
        "two facets": lambda query: _search(
            engine,
            " ".join(query.words(1)),
            filters={"kind": [query.one_of(["guia", "acta"])], "city": [query.one_of(text.CITIES)]},
        ),
        "public reader": lambda query: _search(
            engine, " ".join(query.words(1)), audience=frozenset({PUBLIC})
        ),
        "suggestion": lambda query: len(engine.suggest([query.beginning()], text.READER, 18)),
    }
    answers.put([_best(clock, name, run, rounds) for name, run in kinds.items()])
    with whole.allowed(engine):
        answers.put([_best(clock, name, run, rounds) for name, run in PAGES.items()])
    answers.put((_peak(), _anonymous()))


PAGES: dict[str, Callable[[text.Queries], int]] = {
    "page, one word": lambda query: whole.search(" ".join(query.words(1))),
    "page, 3 words": lambda query: whole.search(" ".join(query.words(3))),
    "page, question": lambda query: whole.search(query.question()),
    "page, a slip": lambda query: whole.search(query.slip()),
    "offered": lambda query: whole.suggest(query.beginning()),
    "offered, acronym": lambda query: whole.suggest(query.acronym()),
}


def _best(clock: Clock, name: str, run: Callable[[text.Queries], int], rounds: int) -> Asked:
    """Ask some so that the pages of the index come into memory, then tell of the least disturbed round."""
    _time(clock, name, run, times=20)
    return min((_time(clock, name, run) for _ in range(rounds)), key=lambda asked: asked.p95)


def _time(clock: Clock, name: str, run: Callable[[text.Queries], int], times: int = 0) -> Asked:
    queries = text.Queries()
    both, engine, ours, cpu, ours_cpu, hits = [], [], [], [], [], []
    for _ in range(times or TIMES):
        clock.seconds = clock.processor = 0.0
        begun, processor = time.perf_counter(), time.process_time()
        hits.append(run(queries))
        both.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - processor) * 1000)
        engine.append(clock.seconds * 1000)
        ours.append(both[-1] - engine[-1])
        ours_cpu.append(cpu[-1] - clock.processor * 1000)
    found = sorted(hits)[len(hits) // 2]
    p95 = [_at(values, 95) for values in (both, engine, ours, cpu, ours_cpu)]
    return Asked(name, _at(both, 50), *p95, hits=found)


def _at(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]


def _search(engine: Backend, typed: str, *, audience: frozenset[str] = text.READER, **options: Any) -> int:
    """Search as a page does: all facets, two counts by date, twenty hits with their highlights."""
    plan = parse(typed)
    request = Request(plan=plan, audience=audience, periods={"mes": MONTH, "año": YEAR}, **options)
    answer = engine.search(request)
    marker = Highlighter(plan, fuzzy=request.fuzzy)
    for one in answer.found:
        marker.whole(one.document.title)
        marker.passage(one.document)
    return answer.total


def apart(work: Callable[..., None], *args: Any) -> list[Any]:
    """Run ``work`` in a process of its own and return what it put into the queue it was given last."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=work, args=(*args, answers))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} ended with {process.exitcode}")
    return [answers.get() for _ in range(answers.qsize())]


def _fill(place: str, url: str, count: int, answers: Any) -> None:
    fill(engine_at(place, url), count, place, answers)


def _ask(place: str, url: str, rounds: int, answers: Any) -> None:
    call_command("migrate", "search", verbosity=0)
    ask(engine_at(place, url), answers, rounds)


def measure(count: int, place: str, url: str, rounds: int) -> tuple[list[Asked], float]:
    """Fill an index (unless it is there), ask it, print a table; return what was asked and the own memory."""
    told = Path(place) / "filled.json"
    if told.exists():
        filled = Filled(**json.loads(told.read_text(encoding="utf-8")))
    else:
        filled = apart(_fill, place, url, count)[0]
        told.write_text(json.dumps(asdict(filled)), encoding="utf-8")
    searches, pages, (peak, anonymous) = apart(_ask, place, url, rounds)
    rate = count / filled.seconds
    print(
        f"\n{count:,} documents: {filled.seconds:.0f} s ({rate:.0f} a second, {filled.peak:.0f} MB, own "
        f"{filled.own:.0f} MB), index {filled.megabytes:.0f} MB; asking {peak:.0f} MB, own {anonymous:.0f} MB"
    )
    heads = ("found", "p50", "p95", "engine", "ours", "cpu", "ours")
    print(f"{'':<16}" + "".join(f"{head:>9}" for head in heads))
    for one in searches + pages:
        values = (one.p50, one.p95, one.engine95, one.ours95, one.cpu95, one.ours_cpu95)
        print(f"{one.name:<16}{one.hits:>9,}" + "".join(f"{value:>9.1f}" for value in values), flush=True)
    return searches + pages, anonymous


def over_limit(count: int, asked: list[Asked], own: float, *, server: bool) -> Iterator[str]:
    """Give what is over its limit, in words."""
    if own > ASKING_MB:
        yield f"{own:.0f} MB of memory with {count:,} documents; the limit is {ASKING_MB}"
    if count != GOAL:
        return
    for one in asked:
        is_search = one.name in SEARCHES
        most = (SERVER_MS if server else SEARCH_MS) if is_search else SUGGESTED_MS
        if (is_search or one.name not in PAGES or "offered" in one.name) and one.p95 > most:
            yield f"{one.name}: p95 {one.p95:.1f} ms with {count:,} documents; the limit is {most}"
        if is_search and not server and one.ours95 > OURS_MS:
            yield f"{one.name}: ours {one.ours95:.1f} ms with {count:,} documents; the limit is {OURS_MS}"
        if is_search and server and one.ours_cpu95 > OURS_MS:  # the rest is the wire and waiting for a core
            yield f"{one.name}: ours {one.ours_cpu95:.1f} ms of processor; the limit is {OURS_MS}"


def grown(few: list[Asked], many: list[Asked]) -> Iterator[str]:
    """Give what grew too much from ten thousand documents to a million."""
    for one, other in zip(few, many, strict=True):
        if other.p95 > GROWN * one.p95:
            yield f"{one.name}: p95 grew {other.p95 / one.p95:.1f} times; the limit is {GROWN}"


def main() -> None:
    """Measure each size that is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", type=int, nargs="+")
    parser.add_argument("--url", default="", help="a server instead of the embedded engine")
    parser.add_argument("--keep", default="", help="folder to keep the filled indexes in")
    parser.add_argument("--rounds", type=int, default=1, help="tell of the least disturbed of so many")
    options = parser.parse_args()
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    over: list[str] = []
    found: dict[int, list[Asked]] = {}
    with tempfile.TemporaryDirectory() as passing:
        for count in options.documents:
            place = Path(options.keep or passing) / str(count)
            place.mkdir(parents=True, exist_ok=True)
            found[count], own = measure(count, str(place), options.url, options.rounds)
            over += over_limit(count, found[count], own, server=bool(options.url))
            if options.url and not options.keep:
                ElasticBackend(options.url, prefix="bench").remove_everything()
    if {10_000, 1_000_000} <= found.keys():
        over += grown(found[10_000], found[1_000_000])
    end(over)


if __name__ == "__main__":
    main()
