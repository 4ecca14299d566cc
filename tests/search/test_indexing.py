from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from search import backends, comparing, indexing, outbox, rebuilding
from search.backends.base import EngineDown
from search.comparing import differences
from search.management.commands import rebuild_index
from search.models import IndexedChange, PendingChange
from tests.factories.search import EPOCH
from tests.search import ON_EACH_ENGINE

pytestmark = pytest.mark.django_db


class Broken:
    """An engine that does not answer."""

    def index(self, rows: Any) -> None:
        raise EngineDown("apagado")


def in_index() -> set[str]:
    return {known.key for known in backends.current().known_versions()}


def test_a_queued_row_is_found_and_leaves_the_outbox(shelf: Any, search_index: Any) -> None:
    row = shelf.add("Acta")
    outbox.queue("prueba", row.pk)
    assert search_index() == 2
    assert in_index() == {f"pagina:{row.pk}"}
    assert not PendingChange.objects.exists()
    assert IndexedChange.objects.count() == 1


def test_a_row_that_is_gone_takes_all_its_documents_along(shelf: Any, search_index: Any) -> None:
    row = shelf.add("Guía", parts=["uno", "dos"])
    search_index()
    assert len(in_index()) == 2
    shelf.values[str(row.pk)]["parts"] = ["dos"]
    outbox.queue("prueba", row.pk)
    search_index()
    assert in_index() == {f"pagina:{row.pk}-dos"}
    outbox.queue("prueba", row.pk)
    row.delete()
    search_index()
    assert in_index() == set()


def test_rolled_back_writes_queue_nothing_and_wake_nobody(
    shelf: Any, django_capture_on_commit_callbacks: Any
) -> None:
    outbox.wake.clear()
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        shelf.add("Acta")
        raise ZeroDivisionError
    assert not PendingChange.objects.exists()
    assert not outbox.wake.is_set()
    with django_capture_on_commit_callbacks(execute=True):
        shelf.add("Acta")
    assert outbox.wake.is_set()


def test_an_engine_that_is_down_loses_nothing(shelf: Any, search_index: Any, monkeypatch: Any) -> None:
    shelf.add("Acta")
    begun = timezone.now()
    with monkeypatch.context() as patched:
        patched.setattr(backends, "current", lambda engine="": Broken())
        waits = []
        for _ in range(12):
            change = PendingChange.objects.get()
            with time_machine.travel(change.due_at + timedelta(milliseconds=1), tick=False):
                assert indexing.drain() == 0
                assert indexing.drain() == 0, "not due: not tried"
                change.refresh_from_db()
                waits.append((change.due_at - timezone.now()).total_seconds())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    assert PendingChange.objects.get().last_error == "engine: apagado"
    with time_machine.travel(begun + timedelta(hours=2)):
        assert search_index() == 1
    assert len(in_index()) == 1


def test_a_broken_row_does_not_hold_up_the_others(shelf: Any, search_index: Any) -> None:
    shelf.add("Rota", broken=True)
    shelf.add("Sana")
    outbox.queue("nadie", 1)
    outbox.queue("prueba", "no-es-un-número")
    assert search_index() == 1
    assert len(in_index()) == 1
    errors = set(PendingChange.objects.values_list("source", "attempts"))
    assert ("nadie", 1) in errors
    assert all(change.last_error for change in PendingChange.objects.all())


def test_killed_between_engine_and_outbox_does_it_again(
    shelf: Any, search_index: Any, monkeypatch: Any
) -> None:
    row = shelf.add("Acta")
    with monkeypatch.context() as patched:

        def killed(*args: Any) -> int:
            raise KeyboardInterrupt

        patched.setattr(indexing, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            indexing.drain()
    assert PendingChange.objects.count() == 1
    assert search_index() == 1
    assert in_index() == {f"pagina:{row.pk}"}


def test_killed_inside_the_engine_leaves_the_index_whole(
    shelf: Any, search_index: Any, monkeypatch: Any
) -> None:
    from search.backends import embedded

    shelf.add("Acta primera")
    search_index()
    shelf.add("Acta segunda")
    with monkeypatch.context() as patched:

        def killed(*args: Any) -> Any:
            raise KeyboardInterrupt

        patched.setattr(embedded, "_stored", killed)
        with pytest.raises(KeyboardInterrupt):
            indexing.drain()
    assert len(in_index()) == 1
    assert search_index() == 1
    assert len(in_index()) == 2


@ON_EACH_ENGINE
def test_rebuild_takes_everything_and_what_changed_meanwhile(
    shelf: Any, search_index: Any, monkeypatch: Any
) -> None:
    shelf.add("Uno")
    two = shelf.add("Dos")
    PendingChange.objects.all().delete()
    whole = indexing.everything

    def everything(after: Any) -> Any:
        yield from whole(after)
        two.delete()
        shelf.add("Tres")
        outbox.queue("prueba", *shelf.values)
        search_index()

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "everything", everything)
        assert rebuilding.rebuild() == 2
    assert list(differences()) == []
    assert len(in_index()) == 2
    assert backends.current().health().ready


def test_a_broken_row_does_not_stop_a_rebuild_and_waits(shelf: Any, search_index: Any) -> None:
    shelf.add("Uno")
    broken = shelf.add("Rota", broken=True)
    PendingChange.objects.all().delete()
    assert rebuilding.rebuild() == 1
    waiting = PendingChange.objects.get()
    assert str(waiting) == f"prueba:{broken.pk}" and "ZeroDivisionError" in waiting.last_error
    shelf.values[str(broken.pk)]["broken"] = False
    search_index()
    assert len(in_index()) == 2


@ON_EACH_ENGINE
def test_compare_sees_all_differences(shelf: Any, search_index: Any) -> None:
    rows = [shelf.add(title) for title in ("Igual", "Cambiada", "Borrada", "En cola")]
    search_index()
    shelf.values[str(rows[1].pk)]["updated"] = EPOCH + timedelta(days=1)
    gone = rows[2].pk
    rows[2].delete()
    missing = shelf.add("Nueva")
    PendingChange.objects.all().delete()
    shelf.values[str(rows[3].pk)]["updated"] = EPOCH + timedelta(days=1)
    outbox.queue("prueba", rows[3].pk)
    broken = shelf.add("Rota", broken=True)
    PendingChange.objects.filter(object_id=broken.pk).delete()
    found = {one.what: str(one) for one in differences()}
    assert found == {
        "missing": f"prueba:{missing.pk} pagina:{missing.pk}",
        "stale": f"prueba:{rows[1].pk} pagina:{rows[1].pk}",
        "extra": f"prueba:{gone} pagina:{gone}",
        "broken": f"prueba:{broken.pk}",
    }


@ON_EACH_ENGINE
def test_compare_sees_what_changed_and_kept_its_version(shelf: Any, stock: Any, search_index: Any) -> None:
    """Somebody was served by it: it weighs more, and no word of it is another."""
    row = stock("Igual", "Sirve")[1]
    shelf.values[str(row.pk)]["helped"] = 2
    assert [(one.what, one.row) for one in differences()] == [("stale", f"prueba:{row.pk}")]
    outbox.queue("prueba", row.pk)
    search_index()
    assert list(differences()) == []


def test_compare_reads_in_batches_and_leaves_what_moves_alone(
    shelf: Any, stock: Any, search_index: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(indexing, "ROWS", 2)
    monkeypatch.setattr(comparing, "BATCH", 2)
    rows = stock("Uno", "Dos", "Tres", "Cuatro", "Cinco")
    stock("Capítulos", parts=["a", "b", "c"])
    asked: list[int] = []
    real = type(backends.current()).versions_of

    def versions_of(self: Any, some: Any) -> Any:
        asked.append(len(some))
        if len(asked) == 2:  # written and indexed while it compares
            shelf.values[str(rows[2].pk)]["updated"] = EPOCH + timedelta(days=1)
            outbox.queue("prueba", rows[2].pk)
            search_index()
        return real(self, some)

    monkeypatch.setattr(type(backends.current()), "versions_of", versions_of)
    assert list(differences()) == []
    assert asked == [2, 2, 2]


@ON_EACH_ENGINE
def test_commands_say_it_and_exit(shelf: Any, search_index: Any) -> None:
    shelf.add("Uno")
    PendingChange.objects.all().delete()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_index", stdout=out)
    assert "Faltan en el índice: 1" in out.getvalue()
    call_command("rebuild_index", stdout=out)
    assert "1 documentos" in out.getvalue()
    call_command("check_index", stdout=out)
    assert "coinciden" in out.getvalue()
    call_command("rebuild_index", "--if-needed", stdout=out)


def test_a_rebuild_tells_how_far_it_is_and_how_long_it_takes_yet(
    shelf: Any, search_index: Any, monkeypatch: Any
) -> None:
    """Fifty rows in twenty seconds, after a hundred that an earlier try has left."""
    clock = [0.0]
    monkeypatch.setattr(rebuild_index.time, "monotonic", lambda: clock[0])
    out = StringIO()
    tell = rebuild_index._Teller(rebuild_index.Command(stdout=out))
    for done in (100, 150, 200, 250, 300):
        tell(done, 300)
        clock[0] += 20
    assert out.getvalue().splitlines() == [
        "  150 de 300 filas, faltan unos 60 s",
        "  200 de 300 filas, faltan unos 40 s",
        "  250 de 300 filas, faltan unos 20 s",
        "  300 de 300 filas, faltan unos 0 s",
    ]


def test_the_other_engine_is_filled_where_it_would_serve(
    shelf: Any, search_index: Any, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.SEARCH_ENGINE, settings.SEARCH_PLACE = "elastic", "http://127.0.0.1:9"
    settings.SEARCH_FOLDER = tmp_path / "var" / "index"
    row = shelf.add("Uno")
    out = StringIO()
    call_command("rebuild_index", "--engine", "embedded", stdout=out)
    assert "1 documentos" in out.getvalue() and f"SEARCH_URL=embedded:{tmp_path}/var/index" in out.getvalue()
    assert not (tmp_path / "http:").exists()
    call_command("check_index", "--engine", "embedded", stdout=out)
    assert "coinciden" in out.getvalue()
    settings.SEARCH_ENGINE, settings.SEARCH_PLACE = "embedded", str(settings.SEARCH_FOLDER)
    assert [known.row for known in backends.current().known_versions()] == [f"prueba:{row.pk}"]


@pytest.mark.parametrize("command", ["rebuild_index", "check_index"])
def test_a_server_that_nothing_names_is_asked_for_in_words(search_index: Any, command: str) -> None:
    with pytest.raises(CommandError, match="SEARCH_URL no nombra un servidor"):
        call_command(command, "--engine", "elastic", stdout=StringIO())


def test_a_second_rebuild_is_refused(shelf: Any, search_index: Any) -> None:
    with backends.current().rebuild(), pytest.raises(CommandError, match="sigue en uso"):
        call_command("rebuild_index", stdout=StringIO())


def test_old_notes_of_what_was_indexed_are_thrown_away(shelf: Any, search_index: Any) -> None:
    IndexedChange.objects.create(source="prueba", object_id="1", at=timezone.now() - timedelta(days=2))
    shelf.add("Uno")
    search_index()
    assert IndexedChange.objects.count() == 1


@pytest.mark.postgres
def test_only_one_process_drains_at_a_time(shelf: Any, search_index: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the lock is PostgreSQL's")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [indexing.ADVISORY_LOCK])
        shelf.add("Acta")
        assert indexing.drain() == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [indexing.ADVISORY_LOCK])
        assert indexing.drain() == 1
    finally:
        other.close()
