"""How an engine bears many documents: size, rate, memory, and how long it lets a reader wait.

    python -m bench.search 1000 10000 100000                         the embedded engine
    python -m bench.search 10000 --url http://127.0.0.1:9201         a server (emptied of what this made)
    python -m bench.search 1000000 --keep var/bench/scale            what was filled once is kept there

A server keeps what was filled too when ``--keep`` is given: one size then, since a server holds one index.

For each size one process fills the index and another asks it, so that the memory of each is its own. A
search is timed as the web process pays for it: plan, engine, loading of the twenty hits, highlights. *Engine*
is what passes inside tantivy (or what the server says it took), *ours* the rest. No web, no database. A
*page* is all that one search needs to be understood (:mod:`bench.search.whole`), with an empty database.
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
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from bench.search import text, whole  # noqa: E402  Django must be set up first
from search.backends.base import Backend, Request  # noqa: E402
from search.backends.elastic import ElasticBackend  # noqa: E402
from search.backends.embedded import EmbeddedBackend  # noqa: E402
from search.backends.plan import parse  # noqa: E402
from search.documents import PUBLIC  # noqa: E402
from search.highlight import Highlighter  # noqa: E402

BATCH = 500
TIMES = 200
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
    """Megabytes of memory of the process that filled it."""


def fill(engine: Backend, count: int, place: str, answers: Any) -> None:
    """Put ``count`` documents in, and say what it cost."""
    begun = time.perf_counter()
    made = 0.0
    with engine.rebuild() as build:
        source = text.documents(count)
        while True:
            at = time.perf_counter()
            rows = {document.key: [document] for document in itertools.islice(source, BATCH)}
            made += time.perf_counter() - at
            if not rows:
                break
            build.index(rows, again=False)
        build.swap()
    answers.put(Filled(time.perf_counter() - begun - made, _size(engine, place), _peak()))


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
        self.seconds = 0.0
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
            begun = time.perf_counter()
            try:
                return method(*args, **named)
            finally:
                self._clock.seconds += time.perf_counter() - begun

        return timed


@dataclass
class Asked:
    """How long one kind of query took: milliseconds, half of the times and nineteen of twenty."""

    name: str
    p50: float
    p95: float
    engine95: float
    ours95: float
    hits: int
    """Documents found, half of the times."""


def ask(engine: Backend, answers: Any) -> None:
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
    for name, run in kinds.items():
        _time(clock, name, run, times=20)  # the pages of the index come into memory
        answers.put(_time(clock, name, run))
    with whole.allowed(engine):
        for name, run in PAGES.items():
            _time(clock, name, run, times=20)
            answers.put(_time(clock, name, run))
    answers.put((_peak(), _anonymous()))


PAGES: dict[str, Callable[[text.Queries], int]] = {
    "page, one word": lambda query: whole.search(" ".join(query.words(1))),
    "page, 3 words": lambda query: whole.search(" ".join(query.words(3))),
    "page, a slip": lambda query: whole.search(query.slip()),
}


def _time(clock: Clock, name: str, run: Callable[[text.Queries], int], times: int = TIMES) -> Asked:
    queries = text.Queries()
    both, engine, ours, hits = [], [], [], []
    for _ in range(times):
        clock.seconds, begun = 0.0, time.perf_counter()
        hits.append(run(queries))
        both.append((time.perf_counter() - begun) * 1000)
        engine.append(clock.seconds * 1000)
        ours.append(both[-1] - engine[-1])
    return Asked(
        name, _at(both, 50), _at(both, 95), _at(engine, 95), _at(ours, 95), sorted(hits)[len(hits) // 2]
    )


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


def _ask(place: str, url: str, answers: Any) -> None:
    call_command("migrate", "search", verbosity=0)
    ask(engine_at(place, url), answers)


def measure(count: int, place: str, url: str) -> dict[str, Any]:
    """Fill an index (unless it is there), ask it, print a table; return the same as plain values."""
    told = Path(place) / "filled.json"
    if told.exists():
        filled = Filled(**json.loads(told.read_text(encoding="utf-8")))
    else:
        filled = apart(_fill, place, url, count)[0]
        told.write_text(json.dumps(asdict(filled)), encoding="utf-8")
    *asked, (peak, anonymous) = apart(_ask, place, url)
    rate = count / filled.seconds
    print(
        f"\n{count:,} documents: {filled.seconds:.0f} s ({rate:.0f} a second, {filled.peak:.0f} MB), "
        f"index {filled.megabytes:.0f} MB; asking {peak:.0f} MB, of which its own {anonymous:.0f} MB"
    )
    print(f"{'':<16}{'found':>9}{'p50':>8}{'p95':>8}{'engine':>8}{'ours':>8}")
    for one in asked:
        print(
            f"{one.name:<16}{one.hits:>9,}{one.p50:>8.1f}{one.p95:>8.1f}{one.engine95:>8.1f}{one.ours95:>8.1f}"
        )
    return {"documents": count, **asdict(filled), "asked": [asdict(one) for one in asked], "asking": peak}


def main() -> None:
    """Measure each size that is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", type=int, nargs="+")
    parser.add_argument("--url", default="", help="a server instead of the embedded engine")
    parser.add_argument("--keep", default="", help="folder to keep the filled indexes in")
    options = parser.parse_args()
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    with tempfile.TemporaryDirectory() as passing:
        for count in options.documents:
            place = Path(options.keep or passing) / str(count)
            place.mkdir(parents=True, exist_ok=True)
            measure(count, str(place), options.url)
            if options.url and not options.keep:
                ElasticBackend(options.url, prefix="bench").remove_everything()


if __name__ == "__main__":
    main()
