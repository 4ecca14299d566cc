"""``manage.py flush``: Django's, for a database that refuses to delete what is published.

SQLite empties its tables row by row and asks every trigger, so the guard of ``guias`` is lifted for that
long. Django asks first whether all is to go; tests empty their database with it too.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from guias.models import freeze


class Command(flush.Command):
    """Lifts the guard, empties the database, and puts it back."""

    def handle(self, **options: Any) -> None:
        """Do what Django does between the two."""
        connection = connections[options["database"]]
        freeze.let_go(connection)
        try:
            super().handle(**options)
        finally:
            freeze.install(connection)
