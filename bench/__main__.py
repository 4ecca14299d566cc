"""``python -m bench``: server time of the pages people open most, on the medium demonstration.

Each figure is a ratio: between two looks at a page the same machine does a fixed piece of work (the
yardstick), so that figures of different machines, days and loads can be compared. The milliseconds are
what the ratio means on a quiet moment of this machine. ``--save`` writes the ratios to
``bench/baseline.json``; without it they are compared with it. ``--pages`` takes part of a name.
Exits with 1 when a page takes more milliseconds than its limit.

``--calls`` counts the calls of functions that a page takes instead, compared with ``bench/calls.json``. On a
busy machine ratios rise by half or more (a page needs more of the processor's cache than the yardstick);
calls do not, so they say whether the code or the machine became slower.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import FILES, MISSING, SUGGESTIONS, end

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "var" / "bench"
BASELINE = ROOT / "bench" / "baseline.json"
CALLS = ROOT / "bench" / "calls.json"
LIMIT_MS = 40
SUGGESTED_MS = 30
"""What is offered while one types has less time: the next letter is coming."""
SLOWER = 1.3
"""Ratios this much above the baseline are marked."""
MORE = 1.1
"""Calls this much above theirs are marked."""


def milliseconds(action: Callable[[], object]) -> float:
    """Return how much processor time ``action`` takes; what others do on the machine counts little."""
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000


def peak() -> int:
    """Return the most memory that the process ever took, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def yardstick() -> int:
    """Do a fixed piece of work of the kind a page does: strings, dictionaries, joins."""
    words = {f"palabra{n % 997}": n for n in range(20_000)}
    return len("".join(sorted(words)).encode().split(b"9"))


def ratio(action: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Return the median of page ÷ yardstick over ``rounds``, and the shortest yardstick (milliseconds)."""
    action()
    action()
    pairs = [(milliseconds(yardstick), milliseconds(action), milliseconds(yardstick)) for _ in range(rounds)]
    found = statistics.median(page / ((before + after) / 2) for before, page, after in pairs)
    return found, min(min(before, after) for before, _page, after in pairs)


def calls(action: Callable[[], object]) -> int:
    """Return how many functions ``action`` calls, of Python and of C; the same on any machine and load."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def prepare(size: str) -> None:
    """Fill ``var/bench/site-<size>`` once: database, styles, demonstration, index."""
    folder = OUT / f"site-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"VAR_DIR": str(folder), "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    for name in ("DATABASE_URL", "SEARCH_URL", "REDIS_URL", "BASE_URL"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from django.core.management import call_command

    from portal.preparation import steps

    for step in steps():
        print(f"· {step.says}…", flush=True)
        step.run()
    if size != "small":
        print(f"· The {size} volume…", flush=True)
        call_command("demo", size=size, verbosity=0)
    from search.indexing import drain_once

    while drain_once():  # a page is measured while nothing waits: each search looks at what does
        pass


def clients() -> Callable[[str], Any]:
    """Return a function that gives the browser of an account, signed in once."""
    from django.test import Client

    from portal.cuentas.models import User
    from portal.demo.accounts import DOMAIN

    made: dict[str, Any] = {}

    def of(who: str) -> Any:
        if who not in made:
            made[who] = Client(headers={"host": "127.0.0.1"})
            if who:
                made[who].force_login(User.objects.get(email=f"{who}@{DOMAIN}"))
        return made[who]

    return of


def count_calls(wanted: str) -> dict[str, int]:
    """Return for each page its calls, once what is kept between two looks is kept."""
    from bench.pages import pages

    client_of = clients()
    found: dict[str, int] = {}
    for name, (who, path) in pages().items():
        if wanted in name:
            get = partial(fetch, client_of(who), path, status=404 if name == MISSING else 200)
            get()
            get()
            found[name] = calls(get)
    return found


def report_calls(found: dict[str, int]) -> None:
    """Print the table of calls against ``bench/calls.json``."""
    baseline = json.loads(CALLS.read_text()) if CALLS.exists() else {}
    print(f"{'page':<40}{'calls':>10}{'baseline':>10}{'change':>9}")
    for name, count in found.items():
        before = baseline.get(name, 0)
        change = f"{count / before:.2f}x" if before else "-"
        mark = " more than before" if before and count > before * MORE else ""
        print(f"{name:<40}{count:10}{before:10}{change:>9}{mark}")


def keep(file: Path, found: dict[str, Any], *, some: bool) -> None:
    """Make ``found`` the baseline in ``file``; of ``some`` pages, beside what is there of the others."""
    kept = json.loads(file.read_text()) if some and file.exists() else {}
    file.write_text(json.dumps(kept | found, indent=2, ensure_ascii=False) + "\n")


def measure(wanted: str, rounds: int) -> tuple[dict[str, dict[str, float]], float]:
    """Return for each page its ratio, its queries and its size, and the yardstick of a quiet moment."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.pages import pages

    client_of = clients()
    found: dict[str, dict[str, float]] = {}
    shortest = float("inf")
    for name, (who, path) in pages().items():
        if wanted not in name:
            continue
        client, status = client_of(who), 404 if name == MISSING else 200
        get = partial(fetch, client, path, status=status)
        get()
        with CaptureQueriesContext(connection) as queries:
            weight = get()
        count = len(queries)
        one, quick = ratio(get, rounds=rounds)
        shortest = min(shortest, quick)
        found[name] = {"ratio": round(one, 2), "queries": count, "kilobytes": round(weight / 1024)}
    return found, shortest


def fetch(client: Any, path: str, *, status: int) -> int:
    """Ask for ``path`` and read the answer to its end; return its bytes."""
    answer = client.get(path)
    if answer.status_code != status:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return len(answer.getvalue())


def limit(name: str) -> int:
    """Return how many milliseconds the page called ``name`` may take."""
    return SUGGESTED_MS if SUGGESTIONS in name else LIMIT_MS


def report(found: dict[str, dict[str, float]], unit: float) -> int:
    """Print the table; return how many pages take longer than the limit."""
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print(f"{'page':<28}{'ms':>7}{'ratio':>8}{'baseline':>10}{'change':>9}{'queries':>9}{'kB':>6}")
    over = 0
    for name, row in found.items():
        ms = row["ratio"] * unit
        is_over = ms > limit(name) and not name.startswith(FILES)
        before = baseline.get(name)
        change = f"{row['ratio'] / before:.2f}x" if before else "-"
        marks = (" over the limit" if is_over else "") + (
            " slower than before" if before and row["ratio"] > before * SLOWER else ""
        )
        over += is_over
        print(
            f"{name:<28}{ms:7.1f}{row['ratio']:8.2f}{before or 0:10.2f}{change:>9}"
            f"{row['queries']:9.0f}{row['kilobytes']:6.0f}{marks}"
        )
    print(
        f"{over} of {len(found)} pages over {LIMIT_MS} ms (suggestions {SUGGESTED_MS} ms);"
        f" yardstick {unit:.1f} ms"
    )
    return over


def main() -> None:
    """Prepare the data once, time every page, print a table, compare."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", default="medium", choices=["small", "medium", "large"])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--pages", default="", help="only those with this in their name")
    parser.add_argument("--save", action="store_true", help="make today's figures the baseline")
    parser.add_argument("--calls", action="store_true", help="count calls of functions: no load changes them")
    options = parser.parse_args()
    prepare(options.size)
    import logging

    logging.disable(logging.WARNING)
    if options.calls:
        counted = count_calls(options.pages)
        report_calls(counted)
        if options.save:
            keep(CALLS, counted, some=bool(options.pages))
        return
    found, unit = measure(options.pages, options.rounds)
    over = report(found, unit)
    told = {"size": options.size, "yardstick_ms": round(unit, 2), "pages": found}
    (OUT / f"pages-{options.size}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    if options.save:
        keep(BASELINE, {name: row["ratio"] for name, row in found.items()}, some=bool(options.pages))
    end([f"{over} pages"] if over else [])


if __name__ == "__main__":
    main()
