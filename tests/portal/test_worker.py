import logging
import os
import socket
from datetime import timedelta
from threading import Event, Timer

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from portal import task_queue, worker
from portal.models import WorkerBeat
from portal.tasks import send_mail
from portal.worker import Chore, Turn, Worker
from search import outbox
from search.models import PendingChange
from search.outbox import queue

pytestmark = pytest.mark.django_db

ran: list[str] = []
NOTHING_TO_INDEX = Chore("the search index", lambda: False)
"""For a worker that runs within the transaction of a test: its other lane would wait for that to end."""


@task()
def note(word: str) -> str:
    ran.append(word)
    return word


@task()
def break_down(how: str) -> None:
    ran.append(how)
    raise SystemExit(how) if how == "exit" else ValueError(how)


@task(takes_context=True)
def tell_attempt(context) -> int:
    return context.attempt


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, queued):
    settings.VAR_DIR = tmp_path
    ran.clear()


def enqueue(which, *args, **changes) -> DBTaskResult:
    result = DatabaseBackend("default", {"QUEUES": []}).enqueue(which, args, {})
    DBTaskResult.objects.filter(pk=result.id).update(**changes)
    return DBTaskResult.objects.get(pk=result.id)


def in_one_go() -> Worker:
    one = Worker()
    one.run_until_idle()
    return one


# --- Tasks ---------------------------------------------------------------------------------------
def test_it_sends_the_mail_that_was_queued(mailoutbox):
    row = enqueue(send_mail, "Asunto", "Cuerpo", ["a@demo.example"])
    in_one_go()
    row.refresh_from_db()
    assert [mail.subject for mail in mailoutbox] == ["Asunto"]
    assert row.status == TaskResultStatus.SUCCESSFUL and row.return_value == 1


def test_tasks_run_in_their_order_and_not_before_their_time():
    enqueue(note, "luego", run_after=timezone.now() + timedelta(hours=1))
    enqueue(note, "segundo")
    enqueue(note, "urgente", priority=10)
    in_one_go()
    assert ran == ["urgente", "segundo"]


def test_mail_goes_before_what_nobody_waits_for():
    for number in range(3):
        enqueue(note, f"archivo {number}")
    enqueue(send_mail, "Confirme su correo", "Cuerpo", ["a@demo.example"])
    row = task_queue._claim("prueba")
    assert row is not None and row.task_path == "portal.tasks.send_mail"


def test_a_task_may_ask_which_attempt_it_is():
    row = enqueue(tell_attempt)
    in_one_go()
    row.refresh_from_db()
    assert row.return_value == 1


@pytest.mark.parametrize("how", ["value", "exit"])
def test_a_failed_task_rests_1_4_9_16_minutes_and_is_given_up_after_five_tries(how):
    with time_machine.travel("2026-03-01 08:00", tick=False) as clock:
        row = enqueue(break_down, how)
        for minutes in (1, 4, 9, 16):
            in_one_go()
            row.refresh_from_db()
            assert row.status == TaskResultStatus.READY
            assert row.run_after - timezone.now() == timedelta(minutes=minutes)
            assert how in row.traceback
            in_one_go()
            clock.shift(timedelta(minutes=minutes))
        in_one_go()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert ran == [how] * task_queue.TRIES


def test_a_task_whose_code_is_gone_fails_without_ending_the_worker():
    row = enqueue(note, "x", task_path="portal.tasks.no_such_task")
    enqueue(note, "sigue")
    in_one_go()
    row.refresh_from_db()
    assert "no_such_task" in row.traceback and ran == ["sigue"]


def running(tries: int, minutes_ago: float) -> DBTaskResult:
    return enqueue(
        note,
        "huérfana",
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now() - timedelta(minutes=minutes_ago),
        worker_ids=["muerto"] * tries,
    )


def test_what_a_killed_worker_left_is_queued_again_after_fifteen_minutes():
    row = running(1, 14)
    assert task_queue.requeue_orphans() == 0
    DBTaskResult.objects.filter(pk=row.pk).update(started_at=timezone.now() - timedelta(minutes=16))
    assert task_queue.requeue_orphans() == 1
    assert task_queue.run_one("otro") and ran == ["huérfana"]


def test_a_task_that_took_five_workers_with_it_is_given_up():
    row = running(task_queue.TRIES, 16)
    assert task_queue.requeue_orphans() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="several workers share a PostgreSQL database")
def test_who_works_alone_need_not_wait_for_orphans():
    running(1, 0)
    in_one_go()
    assert ran == ["huérfana"]


# --- The loop ------------------------------------------------------------------------------------
def test_it_drains_the_search_outbox(search_index):
    queue("pagina", 999_999)
    in_one_go()
    assert not PendingChange.objects.exists()


def test_what_is_queued_wakes_it_once_it_is_committed(django_capture_on_commit_callbacks):
    task_queue.wake.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        worker.wake_after_commit()
        assert not task_queue.wake.is_set()
    assert task_queue.wake.is_set()


def test_what_is_written_is_indexed_while_a_file_takes_long_to_draw(monkeypatch):
    """Woken by the word that was left in the outbox: neither lane would go round by itself for an hour."""
    monkeypatch.setattr(worker, "PAUSE", 3600.0)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)  # the test's own connection
    one, first_round, written = Worker(), Event(), Event()

    def index() -> bool:
        if first_round.is_set():
            written.set()
        first_round.set()
        return False

    def draw() -> bool:
        assert first_round.wait(30)
        outbox.wake.set()
        ran.append("indexed" if written.wait(30) else "too late")
        one.stop()
        return False

    one.indexing, one.chores = Chore("the search index", index), (Chore("a file", draw),)
    one.run()
    assert ran == ["indexed"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_lane_that_breaks_off_ends_the_other(monkeypatch):
    """A worker that draws and indexes nothing would look alive for ever."""

    def breaks() -> bool:
        raise MemoryError

    monkeypatch.setattr(worker.connections, "close_all", lambda: None)  # the test's own connection
    one = Worker()
    one.chores = ()
    monkeypatch.setattr(one, "_index_round", breaks)
    gives_up = Timer(30, lambda: ran.append("too late") or one.stop())
    gives_up.start()
    one.run()
    gives_up.cancel()
    assert ran == []


def test_a_task_that_is_queued_wakes_it(monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 3600.0)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    one = Worker()

    def look() -> bool:
        ran.append("a round")
        if len(ran) == 1:
            Timer(0.2, task_queue.wake.set).start()
        else:
            one.stop()
        return False

    one.indexing, one.chores = NOTHING_TO_INDEX, (Chore("the tasks", look),)
    one.run()
    assert len(ran) == 2


def test_a_chore_that_fails_waits_longer_each_time_and_holds_up_no_other(caplog, monkeypatch):
    def fails() -> bool:
        raise KeyboardInterrupt("pánico")  # as a compiled library's panic: not an Exception

    one = Worker()
    one.chores = (Chore("broken", fails), Chore("well", lambda: ran.append("bien") or False))
    now = [0.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    with caplog.at_level(logging.ERROR):
        for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
            one._round()
            assert f"again in {seconds} s" in caplog.records[-1].getMessage()
            one._round()
            now[0] += seconds
    one._turn.give_back()
    assert len(caplog.records) == 8 and len(ran) == 16


def test_a_chore_that_works_again_starts_from_the_shortest_wait():
    chore = Chore("x", lambda: False, failures=7)
    chore.run_if_due()
    assert chore.failures == 0


def test_it_ends_when_told_and_takes_its_sign_of_life_away(monkeypatch):
    one = Worker()
    seen = []

    def end() -> bool:
        seen.append(WorkerBeat.objects.filter(name=one.name).exists())
        one.stop()
        return True

    monkeypatch.setattr(worker.connections, "close_all", lambda: None)  # the test's own connection
    one.chores, one.indexing = (one.chores[0], Chore("the end", end)), NOTHING_TO_INDEX
    one.run()
    assert seen == [True]
    assert not WorkerBeat.objects.exists()


def test_its_sign_of_life_is_found_on_this_machine_and_old_ones_go(capsys):
    WorkerBeat.objects.create(name="viejo", beat_at=timezone.now() - timedelta(days=2))
    WorkerBeat.objects.create(name="otra-maquina:1", beat_at=timezone.now())
    with pytest.raises(SystemExit) as dead:
        call_command("worker", "--is-alive")
    call_command("worker", "--once")
    with pytest.raises(SystemExit) as alive:
        call_command("worker", "--is-alive")
    assert (dead.value.code, alive.value.code) == (1, 0)
    names = set(WorkerBeat.objects.values_list("name", flat=True))
    assert names == {"otra-maquina:1", f"{socket.gethostname()[:50]}:{os.getpid()}"}


def test_what_is_due_is_done_once_a_minute_by_whoever_comes_first(monkeypatch):
    monkeypatch.setattr(worker, "call_command", lambda name, **kwargs: ran.append(name))
    with time_machine.travel("2026-03-01 08:00:10", tick=False) as clock:
        worker._tick()
        worker._tick()
        assert ran == ["tick"]
        clock.shift(60)
        worker._tick()
        assert ran == ["tick", "tick"]


# --- Taking turns --------------------------------------------------------------------------------
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="several workers share a PostgreSQL database")
def test_with_sqlite_a_second_worker_waits_until_the_first_is_gone():
    first, second = Turn(), Worker()
    enqueue(note, "una vez")
    assert first.take() and first.take() and first.is_exclusive
    second.run_until_idle()
    assert ran == []
    first.give_back()
    second.run_until_idle()
    assert ran == ["una vez"]


def test_with_postgresql_workers_share(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    first, second = Turn(), Turn()
    assert first.take() and second.take()
    assert not first.is_exclusive and not second.is_exclusive
