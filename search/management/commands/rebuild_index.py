"""Fill the search index anew beside the live one, and swap."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import backends, rebuilding
from search.backends.base import AnotherRebuilds, EngineDown
from search.management.engines import add_engine, named
from search.rebuilding_apart import BUSY

TELL_SECONDS = 10.0
"""How often a line tells how far it is, where there is no screen whose line could be written over."""


class Command(BaseCommand):
    """``rebuild_index [--engine embedded|elastic] [--if-needed] [--fresh]``."""

    help = "Vuelve a llenar el índice de búsqueda al lado del que está en uso, y lo cambia al terminar."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which engine, whether only one never filled, and whether to go on where another stopped."""
        add_engine(parser)
        parser.add_argument("--if-needed", action="store_true", help="Solo si el índice nunca se ha llenado.")
        parser.add_argument(
            "--fresh", action="store_true", help="Desde el comienzo, aunque haya uno a medio llenar."
        )

    @named()
    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, telling how far it is; a failure leaves the old index serving."""
        if options["if_needed"] and backends.current(options["engine"]).health().ready:
            return
        tell = _Teller(self) if options["verbosity"] > 0 else lambda done, total: None
        started = time.monotonic()
        try:
            count = rebuilding.rebuild(options["engine"], tell, fresh=options["fresh"])
        except AnotherRebuilds as error:
            raise CommandError(
                "El índice anterior sigue en uso. Otro proceso está llenando el nuevo.", returncode=BUSY
            ) from error
        except EngineDown as error:
            raise CommandError(f"El índice anterior sigue en uso. El motor no respondió: {error}") from error
        except KeyboardInterrupt:
            raise CommandError(
                "Interrumpido: el índice anterior sigue en uso. rebuild_index continúa donde iba."
            ) from None
        if options["verbosity"] > 0:
            self.stdout.write(f"Índice listo: {count} documentos en {time.monotonic() - started:.1f} s.")
        if options["engine"] not in {"", settings.SEARCH_ENGINE}:
            self.stdout.write(
                f"El portal busca en otro, el de SEARCH_URL. Usa este con SEARCH_URL=embedded:"
                f"{settings.SEARCH_FOLDER}; lo que se escriba hasta entonces llega con otro rebuild_index."
            )


class _Teller:
    """Tells how far a rebuild is and how long it takes yet."""

    def __init__(self, command: BaseCommand) -> None:
        self._out = command.stdout
        self._started = self._told = time.monotonic()
        self._at_first = -1

    def __call__(self, done: int, total: int) -> None:
        """Tell: each time on a screen, now and then elsewhere, and at the end."""
        now = time.monotonic()
        if self._at_first < 0:  # what an earlier try did tells nothing about the speed of this one
            self._started, self._at_first = now, done
        screen, ends = self._out.isatty(), done >= total
        if not (screen or ends or now - self._told >= TELL_SECONDS):
            return
        self._told = now
        each = (now - self._started) / max(done - self._at_first, 1)
        line = f"  {done} de {total} filas, faltan unos {each * (total - done):.0f} s"
        self._out.write(f"{line:<60}" if screen else line, ending="\r" if screen and not ends else "\n")
