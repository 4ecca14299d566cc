"""Counts that tell the truth without knowing persons: what a person did, once, and written a little later.

Three questions whatever is counted (searches, readings, downloads): was it a person, did the same person do
it just now, and who waits for the write. Nothing here reaches the database but the figures themselves: a
mark that tells one reader from another is a hash with a salt that is drawn anew each day, is held in a cache
of its own, and is gone with it.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, IntegrityError, connection
from django.http import HttpRequest
from django.utils import timezone

from nucleo.http import client_key

logger = logging.getLogger(__name__)

MARKS = "marks"
"""The cache of the marks. Its own: who asks for very many pages must not push out what limits a sign-in."""
DAY = 24 * 3600
MAX_WAITING = 5_000
"""Different figures that may wait; more within some seconds are no readers."""
_ROBOT = re.compile(r"bot|crawl|spider|slurp|preview|externalhit|whatsapp|lighthouse|monitor", re.IGNORECASE)
"""Programs that say what they are, those that draw a link's picture in a chat among them."""

Place = TypeVar("Place")


def by_a_person(request: HttpRequest, *, method: str = "GET") -> bool:
    """Whether a person asks to see this, and not a robot or a browser that looks ahead.

    What says nothing of itself is taken for a person: old browsers do not. ``method`` is POST where the
    question is too long for an address.
    """
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return (
        request.method == method
        and "prefetch" not in ahead
        and not _ROBOT.search(request.headers.get("User-Agent", ""))
    )


def by_a_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks, and not somebody who opens an address; older browsers do not tell."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "empty"


def reader_key(request: HttpRequest) -> str:
    """Return what tells this reader from others of her centre: the account, or address and browser.

    For caches alone. Two people with the same browser behind one address are one.
    """
    who = client_key(request)
    if not request.user.is_authenticated:
        who = f"{who} {request.headers.get('User-Agent', '')}"
    return hashlib.blake2s(who.encode(errors="replace"), digest_size=12).hexdigest()


def is_first(what: str, who: str, *, seconds: int = DAY) -> bool:
    """Whether ``who`` (a ``reader_key``) does ``what`` for the first time today, or within ``seconds``."""
    marks = caches[MARKS]
    day = timezone.localdate()
    salt = str(marks.get_or_set(f"salt:{day}", lambda: secrets.token_hex(16), DAY))
    mark = hashlib.blake2s(f"{what}\0{who}".encode(), key=salt.encode(), digest_size=16).hexdigest()
    return bool(marks.add(mark, 1, seconds))


class Gathered(Generic[Place]):
    """Figures that wait in memory some seconds (``TALLY_SECONDS``), so that no reader waits for a write.

    ``write`` adds to the rows of each place, in its own transaction. What cannot be written now waits for
    the next time. A process that is told to end writes first; one that is killed loses what waits.
    """

    def __init__(self, write: Callable[[Mapping[Place, Mapping[str, int]]], None], *, what: str) -> None:
        self._write = write
        self._what = what
        self._waiting: dict[Place, Counter[str]] = {}
        self._mutex = threading.Lock()
        self._timer: threading.Timer | None = None
        atexit.register(self._flush_at_the_end)

    def add(self, place: Place, **more: int) -> None:
        """Add to the figures of ``place``."""
        with self._mutex:
            if place not in self._waiting and len(self._waiting) >= MAX_WAITING:
                return
            self._waiting.setdefault(place, Counter()).update(more)
            if self._timer is None and settings.TALLY_SECONDS:
                self._timer = threading.Timer(settings.TALLY_SECONDS, self._flush_in_thread)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> int:
        """Write what waits; return of how many places.

        Raises DatabaseError, and keeps it waiting then; not what can never be written (IntegrityError).
        """
        with self._mutex:
            taken, self._waiting, self._timer = self._waiting, {}, None
        try:
            self._write(taken)
        except IntegrityError:
            raise
        except DatabaseError:
            for place, more in taken.items():
                self.add(place, **more)
            raise
        return len(taken)

    def forget(self) -> None:
        """Let go of what waits, unwritten: for tests."""
        with self._mutex:
            self._waiting.clear()

    def _flush_at_the_end(self) -> None:
        if self._waiting and settings.TALLY_SECONDS:
            self._flush_in_thread()

    def _flush_in_thread(self) -> None:
        try:
            self.flush()
        except DatabaseError:
            logger.exception("%s could not be counted", self._what)
        finally:
            connection.close()
