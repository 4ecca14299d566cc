"""The database's own guard of what is closed: approved actas, their attendees, and editions.

Whatever code, shell or script tries, an UPDATE fails. Installed by a migration and again after every
``migrate``, since SQLite loses the triggers of a table that it alters. Columns that only name an
account stay out: who asks to be erased must be. Deleting is refused by foreign keys and by having no
action for it; a trigger on it would also stop the flush of a test database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MESSAGE = "redip: what is closed cannot change"
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
_CLOSED_ACTA = "EXISTS (SELECT 1 FROM redip_acta WHERE id = {row}.acta_id AND state = 'aprobada')"


@dataclass(frozen=True, slots=True)
class Guard:
    """When ``event`` on ``table`` fails: if ``closed`` holds and one of ``columns`` changes."""

    name: str
    table: str
    event: str
    closed: str
    columns: tuple[str, ...] = ()

    def condition(self, vendor: str) -> str:
        """Return the condition in SQL."""
        differs = _DIFFERS[vendor]
        changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in self.columns)
        return f"{self.closed} AND ({changed})" if changed else self.closed


_ACTA = (
    "meeting_id", "mesa_id", "number", "state", "revision", "topics", "topics_html", "decisions",
    "decisions_html", "wanted_change", "record", "sent_at", "updated_at", "approved_at",
)  # fmt: skip
GUARDS = (
    Guard("redip_acta_frozen", "redip_acta", "UPDATE", "OLD.state = 'aprobada'", _ACTA),
    Guard(
        "redip_attendee_frozen",
        "redip_attendee",
        "UPDATE",
        _CLOSED_ACTA.format(row="OLD"),
        ("acta_id", "name", "institution", "approved_at"),
    ),
    Guard("redip_attendee_closed", "redip_attendee", "INSERT", _CLOSED_ACTA.format(row="NEW")),
    Guard(
        "redip_edition_frozen",
        "redip_bitacoraedition",
        "UPDATE",
        "1 = 1",
        ("bitacora_id", "number", "published_on", "note", "snapshot", "published_at"),
    ),
)


def _sqlite(guard: Guard) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
        f" WHEN {guard.condition('sqlite')} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ]


def _postgresql(guard: Guard) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger AS $$ BEGIN"
        f" IF {guard.condition('postgresql')} THEN"
        f" RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " RETURN NEW; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


_MAKE = {"sqlite": _sqlite, "postgresql": _postgresql}


def install(connection: Any) -> None:
    """Create the triggers, or make them anew."""
    if connection.vendor not in _MAKE:
        raise NotImplementedError(f"closed actas cannot be frozen on {connection.vendor}")
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in _MAKE[connection.vendor](guard):
                cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the triggers away, for the way back of the migration."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for guard in GUARDS:
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {guard.name}" + (f" ON {guard.table}" if postgres else "")
            )
            if postgres:
                cursor.execute(f"DROP FUNCTION IF EXISTS {guard.name}()")
