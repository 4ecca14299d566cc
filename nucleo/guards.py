"""Triggers by which the database itself refuses what nobody may do, on SQLite and on PostgreSQL.

Whatever code, shell or script tries. What is refused is each app's own to say (``models/freeze.py``); only
the owner of a table, who may drop its triggers, gets past them. ``manage.py flush`` lifts them for that long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import NotSupportedError

_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


@dataclass(frozen=True, slots=True)
class Guard:
    """When ``event`` on ``table`` fails with ``message``: if ``when`` holds of the rows OLD and NEW.

    ``{differs}`` in it is how the database compares what may be NULL. TRUNCATE has no rows to speak of.
    """

    name: str
    table: str
    event: str
    message: str
    when: str = ""
    only: str = ""
    """The one database that needs it."""

    def statements(self, vendor: str) -> list[str]:
        """Return what makes it, or makes it anew."""
        if vendor not in _DIFFERS:
            raise NotSupportedError(f"nothing is guarded on {vendor}")
        if self.only and self.only != vendor:
            return []
        when = self.when.format(differs=_DIFFERS[vendor])
        if vendor == "sqlite":
            return [
                f"DROP TRIGGER IF EXISTS {self.name}",
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
                + (f" WHEN {when}" if when else "")
                + f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END",
            ]
        gives = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(self.event, "NEW")
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger AS $$ BEGIN IF {when or 'TRUE'} THEN"
            f" RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {gives}; END $$ LANGUAGE plpgsql",
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.name}()",
        ]


def changed(*columns: str) -> str:
    """Return the condition that one of ``columns`` changes."""
    return "(" + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns) + ")"


def untruncated(table: str, message: str, when: str = "") -> Guard:
    """Return what refuses TRUNCATE, which asks no trigger of rows; SQLite has none and deletes by rows."""
    held = f"EXISTS (SELECT 1 FROM {table}{f' WHERE {when}' if when else ''})"  # noqa: S608  names of ours
    return Guard(f"{table}_whole", table, "TRUNCATE", message, held, only="postgresql")


def in_its_place(table: str, message: str, taken: str) -> list[Guard]:
    """Return what refuses a row in the place of another, ``taken``.

    ``INSERT OR REPLACE`` and ``UPDATE OR REPLACE`` of SQLite delete what stands in their way, and ask no
    trigger about deleting.
    """
    held = "EXISTS (SELECT 1 FROM {} WHERE {}({}))"
    return [
        Guard(f"{table}_stays", table, "INSERT", message, held.format(table, "", taken), only="sqlite"),
        Guard(
            f"{table}_unmoved",
            table,
            "UPDATE",
            message,
            held.format(table, "id <> OLD.id AND ", taken),
            only="sqlite",
        ),
    ]


def put(connection: Any, guards: Iterable[Guard]) -> None:
    """Make them, or make them anew."""
    statements = [one for guard in guards for one in guard.statements(connection.vendor)]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift(connection: Any, guards: Iterable[Guard]) -> None:
    """Take them away, where their table is."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in guards:
            if guard.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {guard.name}()")
