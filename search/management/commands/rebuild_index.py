"""Fill the search index anew beside the live one, and swap."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import indexing
from search.backends.base import EngineDown


class Command(BaseCommand):
    """``rebuild_index [--engine embedded|elastic] [--if-needed]``."""

    help = "Vuelve a llenar el índice de búsqueda al lado del que está en uso, y lo cambia al terminar."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the engine to fill and whether to do so only when it was never filled."""
        parser.add_argument("--engine", choices=["embedded", "elastic"], default="")
        parser.add_argument("--if-needed", action="store_true", help="Solo si el índice nunca se ha llenado.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild with a progress line; a failure leaves the old index serving."""
        from search import backends

        if options["if_needed"] and backends.current(options["engine"]).health().ready:
            return
        started = time.monotonic()
        verbose = options["verbosity"] > 0

        def report(done: int, total: int) -> None:
            if verbose:
                left = (time.monotonic() - started) / max(done, 1) * (total - done)
                end = "\n" if done >= total else "\r"
                if sys.stdout.isatty() or done >= total:
                    self.stdout.write(f"  {done} de {total} filas, faltan unos {left:.0f} s", ending=end)

        try:
            count = indexing.rebuild(options["engine"], report)
        except EngineDown as error:
            raise CommandError(f"El índice anterior sigue en uso. El motor no respondió: {error}") from error
        if verbose:
            self.stdout.write(f"Índice listo: {count} documentos en {time.monotonic() - started:.1f} s.")
