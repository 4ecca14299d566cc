"""How long the engine and the marking of its hits take, without web and database.

    python -m bench.search 20000                                    the embedded engine
    python -m bench.search 5000 --url http://127.0.0.1:9201         a server

Prints p50 and p95 in milliseconds; the text is made from a fixed seed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import tempfile
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from search.backends.base import Backend, Request  # noqa: E402  Django must be set up first
from search.backends.plan import parse  # noqa: E402
from search.documents import PUBLIC  # noqa: E402
from search.highlight import Highlighter  # noqa: E402
from tests.factories.search import make_document  # noqa: E402

WORDS = 250
AUDIENCE = [PUBLIC, *(f"mesa:{number}" for number in range(50))]
random.seed(1)
VOCABULARY = [
    "".join(random.choice("bcdfglmnprstv") + random.choice("aeiou") for _ in range(random.randint(2, 5)))
    + random.choice(["", "s", "ción", "dad"])
    for _ in range(30_000)
]
ZIPF = list(itertools.accumulate(1 / rank for rank in range(1, len(VOCABULARY) + 1)))


def fill(engine: Backend, count: int) -> None:
    """Index ``count`` documents in batches of 500."""
    with engine.rebuild() as build:
        for start in range(0, count, 500):
            rows = {}
            for number in range(start, min(start + 500, count)):
                words = random.choices(VOCABULARY, cum_weights=ZIPF, k=WORDS)
                rows[f"t:{number}"] = [
                    make_document(
                        title=" ".join(words[:6]),
                        body=" ".join(words),
                        kind=random.choice(["guia", "acta", "recurso"]),
                        city=random.choice(["cali", "pasto", "neiva"]),
                    )
                ]
            build.index(rows)
        build.swap()


def searching(engine: Backend, words: int, **options: object) -> Callable[[], None]:
    """Return a search of ``words`` words with facets, counts by date and highlights."""

    def run() -> None:
        plan = parse(" ".join(random.choices(VOCABULARY[20:5000], k=words)))
        periods = {"mes": 0, "año": 1}
        answer = engine.search(Request(plan=plan, audience=AUDIENCE, periods=periods, **options))
        marker = Highlighter(plan)
        for one in answer.found:
            marker.whole(one.document.title)
            marker.snippet(one.document.summary, one.document.body)

    return run


def report(name: str, run: Callable[[], object], times: int = 100) -> None:
    """Print p50 and p95 of ``run``."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    print(f"{name:<22} p50 {taken[times // 2]:6.1f} ms   p95 {taken[times * 95 // 100]:6.1f} ms")


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if options.url:
            from search.backends.elastic import ElasticBackend

            server = ElasticBackend(options.url, prefix="bench")
            engine: Backend = server
        else:
            from search.backends.embedded import EmbeddedBackend

            engine = EmbeddedBackend(place)
        begun = time.perf_counter()
        fill(engine, options.documents)
        print(f"{options.documents} documents indexed in {time.perf_counter() - begun:.1f} s")
        report("one word", searching(engine, 1))
        report("three words", searching(engine, 3))
        report("with slips", searching(engine, 1, fuzzy=True))
        report("two facets chosen", searching(engine, 1, filters={"kind": ["guia"], "city": ["cali"]}))
        report("suggestion", lambda: engine.suggest([random.choice(VOCABULARY)[:4]], [PUBLIC], 18))
        if options.url:
            server.remove_everything()


if __name__ == "__main__":
    main()
