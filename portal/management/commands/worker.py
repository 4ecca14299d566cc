"""``manage.py worker``: ``portal.worker`` as a process of its own, beside several web processes."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from portal.keeping import keep
from portal.worker import Worker, is_alive_here


class Command(BaseCommand):
    """Works until it is told to end; SIGTERM or Ctrl-C lets it finish what it is doing."""

    help = "Hace lo que queda pendiente: índice de búsqueda, archivos, correo y lo que vence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether only to look, or to work once."""
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--is-alive",
            action="store_true",
            help="No trabaja: termina con 0 si hay un trabajador vivo en esta máquina, y con 1 si no.",
        )
        only.add_argument("--once", action="store_true", help="Hace lo que hay pendiente ahora, y termina.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, or look."""
        if options["is_alive"]:
            sys.exit(0 if _is_alive() else 1)
        if options["once"]:
            Worker().run_until_idle()
        else:
            keep(self._work, self.stdout.write)

    def _work(self) -> None:
        worker = Worker()

        def end(number: int, frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_DFL)
            worker.stop()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        self.stdout.write(f"Trabajador {worker.name} en marcha. Ctrl-C lo detiene.")
        self.stdout.flush()
        worker.run()


def _is_alive() -> bool:
    try:
        return is_alive_here()
    except DatabaseError:
        return False
