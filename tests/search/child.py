"""``python -m tests.search.child COMMAND``: writes and rebuilds in a process that may be killed.

Its rows are Django's groups, as in the other tests of search, in the database of DATABASE_URL. ENGINE is the
address of the engine, PREFIX what a server's indexes are called. It says what it has done, line by line.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.contrib.auth.models import Group  # noqa: E402

from search import backends, indexing, outbox, rebuilding, registry  # noqa: E402
from search.backends.base import Backend  # noqa: E402
from search.comparing import differences  # noqa: E402
from search.documents import PUBLIC, SearchDocument  # noqa: E402
from search.models import IndexedChange, PendingChange, RebuildProgress  # noqa: E402


def engine() -> Backend:
    place = os.environ["ENGINE"]
    if place.startswith("http"):
        from search.backends.elastic import ElasticBackend

        return ElasticBackend(place, prefix=os.environ["PREFIX"])
    from search.backends.embedded import EmbeddedBackend

    return EmbeddedBackend(place)


def documents(row: Group) -> Iterable[SearchDocument]:
    """Two of each row; ``name:seconds`` says when it changed."""
    name, _, moment = row.name.partition(":")
    for part in ("a", "b"):
        yield SearchDocument(
            kind="pagina", id=f"{row.pk}-{part}", title=f"Acta {name}", url="/", audience=frozenset({PUBLIC}),
            updated=datetime.fromtimestamp(int(moment or 0), UTC), body="palabras " * 20,
        )  # fmt: skip


def say(*words: object) -> None:
    print(*words, flush=True)


def clear() -> None:
    """Let there be no rows."""
    Group.objects.all().delete()
    forget()


def fill(number: int) -> None:
    """Write rows, all of them in the outbox."""
    rows = Group.objects.bulk_create(Group(name=f"{n}:1") for n in range(number))
    outbox.queue("prueba", *(row.pk for row in rows))


def forget() -> None:
    """Let nothing wait, as if all had been indexed long ago."""
    PendingChange.objects.all().delete()
    IndexedChange.objects.all().delete()


def write() -> None:
    """Change the first row, remove the second, add one; and have the worker index it."""
    first, second = Group.objects.order_by("pk")[:2]
    first.name = f"cambiada:{time.time():.0f}"
    first.save()
    outbox.queue("prueba", first.pk, second.pk)
    second.delete()
    outbox.queue("prueba", Group.objects.create(name=f"nueva{time.time_ns()}").pk)
    say("written", drain())


def drain() -> int:
    """Index what waits, ten at a time."""
    total = 0
    while done := indexing.drain(10):
        total += done
        say("drained", done)
    return total


def rebuild() -> None:
    say("documents", rebuilding.rebuild(report=lambda done, total: say("rows", done, total)))


def hang() -> None:
    """Rebuild; what is written just before the swap reaches the old index, and the end never comes."""
    save = RebuildProgress.save

    def save_and_write(self: RebuildProgress, *args: Any, **kwargs: Any) -> None:
        save(self, *args, **kwargs)
        if self.caught_up_at:
            write()

    RebuildProgress.save = save_and_write  # type: ignore[method-assign]
    rebuilding._finish = lambda backend, progress: (say("swapped"), time.sleep(600))  # type: ignore[assignment]
    rebuild()


def find() -> None:
    from search.backends.base import Request
    from search.backends.plan import parse

    say("found", backends.current().search(Request(plan=parse("acta"), audience=[PUBLIC])).total)


def check() -> None:
    say("database", Group.objects.count(), "waiting", PendingChange.objects.count())
    for one in differences():
        say("different", one.what, one)


def main(command: str, *values: str) -> None:
    live = engine()
    backends.current = lambda name="": live  # type: ignore[assignment]
    rebuilding.SAVE_SECONDS = 0
    indexing.ROWS = 10
    registry._sources.clear()
    registry.register(
        registry.Source(
            name="prueba", kind="pagina", queryset=lambda: Group.objects.order_by("pk"), documents=documents,
            authorised=lambda ids, user: set(ids),
        )
    )  # fmt: skip
    commands: dict[str, Any] = {
        "fill": lambda: fill(int(values[0])), "forget": forget, "write": write, "drain": drain,
        "clear": clear, "rebuild": rebuild, "hang": hang, "find": find, "check": check,
        "mend": lambda: say("mended", rebuilding.mend()),
    }  # fmt: skip
    for one in command.split("+"):
        commands[one]()


if __name__ == "__main__":
    main(*sys.argv[1:])
