"""A process that is started again when the system ends it: no hand has to.

The embedded index is mapped into memory: a file of it that somebody cuts short ends the process with SIGBUS.
A machine short of memory ends it with SIGKILL. Python can catch neither. So the work is done by a child, and
its parent, which does nothing but wait, makes another. What ends of its own accord (Ctrl-C, an error that was
told) ends for good.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from django.core.management import CommandError
from django.db import connections

TIMES, SECONDS = 5, 300.0
"""So many falls within so long are no accident: then a person must look."""
ENDING = (signal.SIGTERM, signal.SIGINT)
_SET_PDEATHSIG = 1
"""Of Linux: the child is killed with its parent, so that nobody is left holding port and folder."""


def keep(work: Callable[[], None], say: Callable[[str], object]) -> None:
    """Do ``work`` in a child, again whenever a signal ends it; return when it has ended by itself.

    SIGTERM and SIGINT are passed on to it and end both. Whatever was opened before is the child's too. Raises
    SystemExit with the child's code when that is not 0, and CommandError when it falls again and again.
    """
    Keeper(work, say).run()


class Keeper:
    """The parent."""

    def __init__(self, work: Callable[[], None], say: Callable[[str], object]) -> None:
        self._work = work
        self._say = say
        self._child = 0
        self._asked_to_end = False
        self._fallen: deque[float] = deque(maxlen=TIMES)

    def run(self) -> None:
        """Wait, and begin again."""
        before = {number: signal.signal(number, self._pass_on) for number in ENDING}
        try:
            while (fallen_by := self._once()) and not self._asked_to_end:
                self._give_up_or_say(fallen_by)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _once(self) -> int:
        """Make a child and wait for its end; return the signal that ended it, 0 when it ended by itself."""
        connections.close_all()  # no connection may be used on both sides
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # none is lost between the two lines
        self._child = os.fork()
        if self._child == 0:
            self._be_the_child(os.getppid())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if self._asked_to_end:
            os.kill(self._child, signal.SIGTERM)
        code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        self._child = 0
        if code > 0:
            raise SystemExit(code)
        return -code

    def _be_the_child(self, parent: int) -> None:
        """Work, and end: nothing after this line belongs to the child."""
        os.setpgid(0, 0)  # Ctrl-C reaches the parent alone, which passes it on
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if os.getppid() == parent:
            self._work()
        raise SystemExit(0)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_end = True
        if self._child:
            os.kill(self._child, signal.SIGTERM)

    def _give_up_or_say(self, fallen_by: int) -> None:
        now = time.monotonic()
        self._fallen.append(now)
        name = signal.Signals(fallen_by).name
        if len(self._fallen) == TIMES and now - self._fallen[0] < SECONDS:
            raise CommandError(
                f"El sistema cerró el proceso {TIMES} veces en menos de {SECONDS / 60:.0f} minutos "
                f"(la última por {name}). No se enciende más: mire el disco y la memoria de la máquina."
            )
        self._say(f"El sistema cerró el proceso ({name}). Se enciende de nuevo.")
