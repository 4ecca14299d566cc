"""What is counted once, what not at all, and what waits for its write."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import DatabaseError
from django.test import RequestFactory

from nucleo.counting import MARKS, Gathered, by_a_person, by_a_script, is_first, reader_key

PHONE = "Mozilla/5.0 (Linux; Android 9; SM-J260M) AppleWebKit/537.36 Chrome/96.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("headers", "person"),
    [
        ({"user-agent": PHONE}, True),
        ({}, True),
        ({"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, False),
        ({"user-agent": "WhatsApp/2.23.20.0 A"}, False),
        ({"user-agent": "facebookexternalhit/1.1"}, False),
        ({"user-agent": PHONE, "sec-purpose": "prefetch;prerender"}, False),
        ({"user-agent": PHONE, "purpose": "prefetch"}, False),
    ],
)
def test_who_is_a_person(rf: RequestFactory, headers: dict[str, str], person: bool) -> None:
    assert by_a_person(rf.get("/", headers=headers)) is person
    assert not by_a_person(rf.head("/", headers=headers))


def test_a_script_is_known_where_the_browser_says_so(rf: RequestFactory) -> None:
    assert by_a_script(rf.get("/", headers={"sec-fetch-dest": "empty"}))
    assert not by_a_script(rf.get("/", headers={"sec-fetch-dest": "document"}))
    assert not by_a_script(rf.get("/"))


def test_colleagues_with_another_browser_are_others(rf: RequestFactory) -> None:
    requests = [rf.get("/", headers={"user-agent": agent}) for agent in (PHONE, PHONE, "otro", "\udcff")]
    for request in requests:
        request.user = AnonymousUser()
    keys = [reader_key(request) for request in requests]
    assert keys[0] == keys[1] and len(set(keys)) == 3


@pytest.mark.services
def test_once_a_day_and_again_tomorrow() -> None:
    with time_machine.travel("2026-11-03 15:00:00-05:00", tick=False) as clock:
        assert is_first("capítulo", "ana") and not is_first("capítulo", "ana")
        assert is_first("otro", "ana") and is_first("capítulo", "luis")
        clock.move_to("2026-11-04 00:01:00-05:00")
        assert is_first("capítulo", "ana"), "the day of Colombia, not twenty-four hours"
        assert is_first("búsqueda", "ana", seconds=60) and not is_first("búsqueda", "ana", seconds=60)


def names_in(cache: str) -> str:
    """What the cache of this process, or the Redis of all, is asked by."""
    store = caches[cache]._cache
    names = store if isinstance(store, dict) else store.get_client().keys("*")
    return " ".join(str(name) for name in names)


@pytest.mark.services
def test_a_mark_does_not_name_anybody_and_a_restart_forgets_it() -> None:
    is_first("capítulo", "ana")
    is_first("capítulo", "luis")
    kept = names_in(MARKS)
    assert kept and "ana" not in kept and "luis" not in kept and "cap" not in kept
    caches[MARKS].clear()  # as a restart does: another salt
    assert is_first("capítulo", "ana")
    assert not set(names_in(MARKS).split()) & {name for name in kept.split() if "salt" not in name}


def test_figures_gather_until_they_are_written() -> None:
    written: list[Mapping[str, Mapping[str, int]]] = []
    gathered: Gathered[str] = Gathered(written.append, what="Things")
    threads = [
        threading.Thread(target=lambda: [gathered.add("a", seen=1, kept=2) for _ in range(500)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gathered.add("b", seen=1)
    assert gathered.flush() == 2
    assert written == [{"a": {"seen": 2000, "kept": 4000}, "b": {"seen": 1}}]
    assert gathered.flush() == 0


def test_what_cannot_be_written_now_is_written_later() -> None:
    written: list[Any] = []
    down = [True]

    def write(taken: Mapping[str, Mapping[str, int]]) -> None:
        if down[0]:
            raise DatabaseError("locked")
        written.append(taken)

    gathered: Gathered[str] = Gathered(write, what="Things")
    gathered.add("a", seen=3)
    with pytest.raises(DatabaseError):
        gathered.flush()
    down[0] = False
    gathered.add("a", seen=1)
    gathered.flush()
    assert written == [{"a": {"seen": 4}}]
