"""``python -m bench.search.relevance``: how often search finds what a person wants, on judged queries.

    python -m bench.search.relevance                                  the embedded engine
    python -m bench.search.relevance --url http://127.0.0.1:9201      a server as well
    python -m bench.search.relevance --missed                         and what each missed query got
    python -m bench.search.relevance --unpooled                       and against the grades before pooling

Fills the small demonstration in a folder of its own, asks every judged query (README.md) through
``search.service`` as the person it is asked by, and prints the measures by half, set and kind. Ends with
1 when one fell by more than LOSS below ``baseline.json``. ``--save`` makes today's the baseline, unless one
fell and ``--accept-loss`` does not say why, and writes the measures by kind into ``by_kind.md`` (few queries
each: they are told and not held).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from bench.search.judged import (
    FILES,
    HALVES,
    MEASURES,
    SETS,
    Judged,
    Score,
    load,
    mean,
    name_of,
    page_of,
)

if TYPE_CHECKING:
    from search.backends.base import Backend

BASELINE = Path(__file__).with_name("baseline.json")
KINDS = Path(__file__).with_name("by_kind.md")
UNPOOLED = "unpooled"
"""Begins the name of a group that is measured against the grades before pooling."""
LOSS = 0.01
"""A measure may fall this far below the baseline."""
APART = 0.02
"""The engines may differ this much."""
Summary = dict[str, dict[str, float]]
"""Which queries (``all``, a half or a set of them) → measure → mean."""


def names() -> dict[tuple[str, str], str]:
    """Return how the judgements call each document that the demonstration gives, by kind and id."""
    from search.indexing import everything

    rows = (documents for batch in everything() for documents in batch.rows.values())
    return {(one.kind, one.id): name_of(one.url, one.title) for documents in rows for one in documents}


def read_files() -> None:
    """Have every file of the demonstration read, by the task that the worker runs, before anything is asked.

    Making the documents is what asks for the words; the task is run at once instead of by a worker. Who asked
    while the demonstration was loaded waits for a worker that is not there, and asks again.
    """
    from django.test import TestCase, override_settings

    from search.models import FileText

    FileText.objects.filter(is_read=False).delete()
    at_once = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with override_settings(TASKS=at_once), TestCase.captureOnCommitCallbacks(execute=True):
        names()


@contextmanager
def filled(engine: Backend) -> Iterator[None]:
    """Put everything into ``engine`` once and let it answer all searches meanwhile.

    What waits in the outbox would be put in twice, and a server goes on counting the words of what was
    replaced until it happens to merge: three queries more or less at the first place.
    """
    from search import backends, rebuilding
    from search.models import PendingChange

    read_files()
    PendingChange.objects.all().delete()
    with mock.patch.object(backends, "current", lambda name="": engine):
        rebuilding.rebuild()
        yield


def ask(queries: Iterable[Judged]) -> list[Score]:
    """Ask each query as its person; return what was found, in the order in which the page shows it."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    from portal.demo.accounts import DOMAIN
    from search import service
    from search.gathering import gathered
    from search.query import Query

    called = names()
    people: dict[str, Any] = {"": AnonymousUser()}
    scores = []
    for query in queries:
        if query.account not in people:
            people[query.account] = get_user_model().objects.get(email=f"{query.account}@{DOMAIN}")
        page = service.search(Query(text=query.text), people[query.account])
        if page.engine_down:
            raise SystemExit("The engine does not answer.")
        shown = [hit for entry in gathered(page.hits, page.parts) for hit in entry.hits]
        found = tuple(called[hit.kind, hit.id] for hit in shown)
        scores.append(Score(query, found, tuple(page_of(hit.url) for hit in shown)))
    return scores


def groups(scores: list[Score]) -> dict[str, list[Score]]:
    """Return the scores by group: all, each half and each set; then what asks for files, and all with it."""
    older = [score for score in scores if score.query.set != FILES]
    files = [score for score in scores if score.query.set == FILES]
    found = {"all": older} | {half: [s for s in older if s.query.half == half] for half in HALVES}
    found |= {name: [s for s in scores if s.query.set == name] for name in SETS}
    found |= {f"{FILES}, {half}": [s for s in files if s.query.half == half] for half in HALVES}
    found["with files"] = scores
    found |= {f"with files, {half}": [s for s in scores if s.query.half == half] for half in HALVES}
    return found


def summary(scores: list[Score]) -> Summary:
    """Return the measures of each group, and of files how often a PDF opens at the page that says it.

    Those of the grades that the queries were written with follow, so that neither can fall unseen.
    """
    found = {name: mean(some) for name, some in groups(scores).items()}
    before = [score.unpooled for score in scores]
    found |= {f"{UNPOOLED}, {name}": mean(some) for name, some in groups(before).items()}
    paged = [score.is_right_page for score in scores if score.query.page]
    found[FILES]["page"] = round(sum(paged) / len(paged), 4)
    return found


def by_kind(scores: list[Score]) -> dict[str, tuple[int, dict[str, float]]]:
    """Return how many queries there are of each kind, and their measures."""
    kinds = dict.fromkeys(score.query.kind for score in scores)
    groups = {kind: [score for score in scores if score.query.kind == kind] for kind in kinds}
    return {kind: (len(some), mean(some)) for kind, some in groups.items()}


def kinds_table(engines: Mapping[str, list[Score]], accepted: str = "") -> str:
    """Return the measures by kind and engine as a page; ``accepted``: why a loss was."""
    lines = [
        "# What search finds, by kind of query",
        "",
        "Written by `python -m bench.search.relevance --url … --save`, with `baseline.json`. See",
        "[docs/search.md](../../docs/search.md#whether-it-finds-what-people-want).",
        "",
        "Each measure stands first against all grades, then against those before pooling.",
        "",
        f"| kind | queries | engine | {' | '.join(f'{name} | before' for name in MEASURES)} |",
        f"|---|---|---|{'---|' * 2 * len(MEASURES)}",
    ]
    found = {engine: by_kind(scores) for engine, scores in engines.items()}
    first = {engine: by_kind([score.unpooled for score in scores]) for engine, scores in engines.items()}
    for kind in next(iter(found.values())):
        for engine, kinds in found.items():
            count, values = kinds[kind]
            before = first[engine][kind][1]
            cells = " | ".join(f"{value:.3f} | {before[name]:.3f}" for name, value in values.items())
            lines.append(f"| {kind} | {count} | {engine} | {cells} |")
    if accepted:
        lines += ["", f"A measure fell with this baseline, which was accepted: {accepted}"]
    return "\n".join([*lines, ""])


def losses(found: Summary, baseline: Summary) -> list[str]:
    """Return what fell by more than LOSS below the baseline, in words."""
    return [
        f"{group}: {name} fell from {before:.3f} to {found[group][name]:.3f}"
        for group, values in baseline.items()
        for name, before in values.items()
        if found[group][name] < before - LOSS
    ]


def differences(one: Summary, other: Summary) -> list[str]:
    """Return where two engines differ by more than APART in any group, in words."""
    return [
        f"the engines differ in {name} of {group}: {value:.3f} and {other[group][name]:.3f}"
        for group, values in one.items()
        for name, value in values.items()
        if abs(value - other[group][name]) > APART
    ]


def print_table(engine: str, scores: list[Score]) -> None:
    """Print the measures by group and by kind."""
    rows = groups(scores)
    for name in ("first", "second"):
        rows |= {f"{name}, {half}": [s for s in rows[name] if s.query.half == half] for half in HALVES}
    print(f"\n{engine:<22}{'queries':>8}" + "".join(f"{name:>11}" for name in MEASURES))
    for name, some in rows.items():
        _print_row(name, len(some), mean(some))
    for kind, (count, values) in by_kind(scores).items():
        _print_row(f"  {kind}", count, values)
    print(f"PDFs that open at the page that says it: {summary(scores)[FILES]['page']:.3f}")


def _print_row(name: str, count: int, values: Mapping[str, float]) -> None:
    print(f"{name:<22}{count:8}" + "".join(f"{value:11.3f}" for value in values.values()))


def print_missed(scores: list[Score], half: str) -> None:
    """Print what the queries of ``half`` got whose first result is not a success."""
    for score in scores:
        if score.query.half == half and not score.values["success@1"]:
            wanted = ", ".join(name for name, grade in score.query.grades.items() if grade == 3)
            print(f"\n{score.query.kind}: {score.query.text}\n   wanted  {wanted}")
            for place, name in enumerate(score.found[:4], 1):
                print(f"   {place}. ({score.query.grades.get(name, 0)})  {name}")


def prepare(folder: str) -> None:
    """Make the small demonstration in ``folder``."""
    os.environ |= {"VAR_DIR": folder, "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    for name in ("DATABASE_URL", "SEARCH_URL", "REDIS_URL", "BASE_URL"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)


def engines(folder: str, url: str) -> Iterator[tuple[str, Backend, Callable[[], None]]]:
    """Yield the name of each engine, the engine, and how to leave no trace of it."""
    from search.backends.embedded import EmbeddedBackend

    yield "embedded", EmbeddedBackend(f"{folder}/judged-index"), lambda: None
    if url:
        from search.backends.elastic import ElasticBackend

        server = ElasticBackend(url, prefix="bench-relevance")
        yield "elastic", server, server.remove_everything


def save(
    before: Mapping[str, Summary],
    asked: Mapping[str, list[Score]],
    *,
    wrong: list[str],
    why: str,
) -> None:
    """Make today's measures the baseline; what is wrong is only accepted with a reason, which is kept."""
    if wrong and not why.strip():
        sys.exit('Not saved. To save it as it is: --accept-loss "why".')
    today = {engine: summary(scores) for engine, scores in asked.items()}
    BASELINE.write_text(json.dumps({**before, **today}, indent=2) + "\n", encoding="utf-8")
    KINDS.write_text(kinds_table(asked, accepted=why.strip() if wrong else ""), encoding="utf-8")


def main() -> None:
    """Prepare, ask, print, compare."""
    parser = argparse.ArgumentParser(prog="python -m bench.search.relevance", description=__doc__)
    parser.add_argument("--url", default=os.environ.get("SEARCH_SERVER_URL", ""), help="a server as well")
    parser.add_argument("--missed", action="store_true", help="what missed queries of the tuning half got")
    parser.add_argument("--unpooled", action="store_true", help="also against the grades before pooling")
    parser.add_argument("--save", action="store_true", help="make today's measures the baseline")
    parser.add_argument("--accept-loss", metavar="WHY", default="", help="save although a measure fell")
    options = parser.parse_args()
    queries = load()
    before: Mapping[str, Summary] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    today: dict[str, Summary] = {}
    asked: dict[str, list[Score]] = {}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        unknown = {name for query in queries for name in query.grades} - set(names().values())
        wrong += [f"no document is called {name}" for name in sorted(unknown)]
        for name, engine, close in engines(folder, options.url):
            with filled(engine):
                scores = asked[name] = ask(queries)
            close()
            print_table(name, scores)
            if options.unpooled:
                print_table(f"{name}, {UNPOOLED}", [score.unpooled for score in scores])
            if options.missed:
                print_missed(scores, "tune")
            today[name] = summary(scores)
            wrong += [f"{name}, {loss}" for loss in losses(today[name], before.get(name, {}))]
    if len(today) == 2:
        wrong += differences(*today.values())
    print("", *wrong, sep="\n")
    if options.save:
        save(before, asked, wrong=wrong, why=options.accept_loss)
    else:
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
