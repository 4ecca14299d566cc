"""Say whether the search index and the database agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.backends.base import EngineDown
from search.comparing import BROKEN, EXTRA, MISSING, STALE, differences
from search.management.engines import add_engine, named

SHOWN = 20
TITLES = {
    MISSING: "Faltan en el índice",
    EXTRA: "Sobran en el índice",
    STALE: "Distintos",
    BROKEN: "No se pudieron leer",
}


class Command(BaseCommand):
    """``check_index [--engine …]``: exit 1 when they differ."""

    help = "Compara el índice de búsqueda con la base de datos, en las dos direcciones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the engine to look at."""
        add_engine(parser)

    @named()
    def handle(self, *args: Any, **options: Any) -> None:
        """Count what differs, and name the first of each kind by row and key."""
        counts: Counter[str] = Counter()
        examples: dict[str, list[str]] = defaultdict(list)
        try:
            for one in differences(options["engine"]):
                counts[one.what] += 1
                if counts[one.what] <= SHOWN:
                    examples[one.what].append(str(one))
        except EngineDown as error:
            raise CommandError(f"El motor de búsqueda no responde: {error}") from error
        for what, title in TITLES.items():
            if counts[what]:
                self.stdout.write(f"{title}: {counts[what]}")
                for example in sorted(examples[what]):
                    self.stdout.write(f"  {example}")
        if counts:
            raise CommandError(
                "El índice y la base de datos no coinciden. Para volver a llenarlo: rebuild_index"
            )
        self.stdout.write("El índice y la base de datos coinciden.")
