"""Say whether the search index and the database agree."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import indexing
from search.backends.base import EngineDown

SHOWN = 20


class Command(BaseCommand):
    """``check_index [--engine …]``: exit 1 when they differ."""

    help = "Compara el índice de búsqueda con la base de datos, en las dos direcciones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the engine to look at."""
        parser.add_argument("--engine", choices=["embedded", "elastic"], default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what differs, by row and key."""
        try:
            difference = indexing.compare(options["engine"])
        except EngineDown as error:
            raise CommandError(f"El motor de búsqueda no responde: {error}") from error
        for title, keys in (
            ("Faltan en el índice", difference.missing),
            ("Sobran en el índice", difference.extra),
            ("Con otra versión", difference.stale),
        ):
            if keys:
                self.stdout.write(f"{title}: {len(keys)}")
                for key in keys[:SHOWN]:
                    self.stdout.write(f"  {key}")
        if difference:
            raise CommandError(
                "El índice y la base de datos no coinciden. Para volver a llenarlo: rebuild_index"
            )
        self.stdout.write("El índice y la base de datos coinciden.")
