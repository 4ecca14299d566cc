"""``manage.py flush``: Django's, for a database that refuses to delete what is published or closed.

SQLite empties its tables row by row, PostgreSQL by TRUNCATE, and both ask the triggers, so the guards of
``guias`` and ``redip`` are lifted for that long. Django asks first whether all is to go; tests empty their
database with it too.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

import guias.models.freeze
import redip.models.freeze

GUARDS = (guias.models.freeze, redip.models.freeze)


class Command(flush.Command):
    """Lifts the guards, empties the database, and puts them back."""

    def handle(self, **options: Any) -> None:
        """Do what Django does between the two."""
        connection = connections[options["database"]]
        for guard in GUARDS:
            guard.let_go(connection)
        try:
            super().handle(**options)
        finally:
            for guard in GUARDS:
                guard.install(connection)
