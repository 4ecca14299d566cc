"""Several people do the same at the same moment, each on a connection of her own: on PostgreSQL alone.

The database of the tests on SQLite is in memory, one connection; it is asked in a file, by processes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(*actions: Callable[[], T]) -> list[T]:
    """Begin ``actions`` together and return what they gave, in the order in which they ended.

    One that raises or takes longer than a minute gives nothing.
    """
    gate, given = threading.Barrier(len(actions)), list[T]()

    def go(action: Callable[[], T]) -> None:
        try:
            gate.wait(10)
            given.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given
