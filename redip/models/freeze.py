"""The database's own guard of what is closed: approved actas, their attendees, and editions.

Whatever code, shell or script tries, changing it fails, and so does deleting it. Installed after every
``migrate``, since SQLite loses the triggers of a table that it alters, and on SQLite taken away before it:
those on attendees name the table of actas, which no migration could make anew meanwhile. Columns that only
name an account stay out: who asks to be erased must be. Emptying the whole database lifts what refuses
deleting for that long (the command ``flush`` of :mod:`portal`).
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.recorder import MigrationRecorder

from nucleo.guards import Guard, changed, in_its_place, lift, put, untruncated

MESSAGE = "redip: what is closed cannot change"
KEPT_MESSAGE = "redip: what is closed cannot be deleted"
_CLOSED = "EXISTS (SELECT 1 FROM redip_acta WHERE id = {row}.acta_id AND state = 'aprobada')"
_CLOSED_ATTENDEE = "EXISTS (SELECT 1 FROM redip_acta WHERE id = acta_id AND state = 'aprobada')"
_WAS_CLOSED, _IS_CLOSED = _CLOSED.format(row="OLD"), _CLOSED.format(row="NEW")

_ACTA = (
    "id", "meeting_id", "mesa_id", "number", "state", "revision", "topics", "topics_html", "decisions",
    "decisions_html", "wanted_change", "record", "sent_at", "updated_at", "approved_at",
)  # fmt: skip
_ATTENDEE = ("id", "acta_id", "name", "institution", "approved_at")
_EDITION = ("id", "bitacora_id", "number", "published_on", "note", "snapshot", "published_at")
FROZEN = (
    Guard(
        "redip_acta_frozen",
        "redip_acta",
        "UPDATE",
        MESSAGE,
        f"OLD.state = 'aprobada' AND {changed(*_ACTA)}",
    ),
    Guard(
        "redip_attendee_frozen",
        "redip_attendee",
        "UPDATE",
        MESSAGE,
        f"({_WAS_CLOSED} OR (NEW.acta_id <> OLD.acta_id AND {_IS_CLOSED})) AND {changed(*_ATTENDEE)}",
    ),
    Guard("redip_attendee_closed", "redip_attendee", "INSERT", MESSAGE, _IS_CLOSED),
    Guard("redip_edition_frozen", "redip_bitacoraedition", "UPDATE", MESSAGE, changed(*_EDITION)),
)
KEPT = (
    Guard("redip_acta_kept", "redip_acta", "DELETE", KEPT_MESSAGE, "OLD.state = 'aprobada'"),
    untruncated("redip_acta", KEPT_MESSAGE, "state = 'aprobada'"),
    *in_its_place(
        "redip_acta",
        KEPT_MESSAGE,
        "state = 'aprobada' AND (id = NEW.id OR meeting_id = NEW.meeting_id"
        " OR (mesa_id = NEW.mesa_id AND number = NEW.number))",
    ),
    Guard("redip_attendee_kept", "redip_attendee", "DELETE", KEPT_MESSAGE, _WAS_CLOSED),
    untruncated("redip_attendee", KEPT_MESSAGE, _CLOSED_ATTENDEE),
    *in_its_place(
        "redip_attendee",
        KEPT_MESSAGE,
        f"(id = NEW.id OR (acta_id = NEW.acta_id AND member_id = NEW.member_id)) AND {_CLOSED_ATTENDEE}",
    ),
    Guard("redip_edition_kept", "redip_bitacoraedition", "DELETE", KEPT_MESSAGE),
    untruncated("redip_bitacoraedition", KEPT_MESSAGE),
    *in_its_place(
        "redip_bitacoraedition",
        KEPT_MESSAGE,
        "id = NEW.id OR (bitacora_id = NEW.bitacora_id AND number = NEW.number)",
    ),
)
"""What refuses deleting. An edition is always closed."""


SINCE = {"0002_freeze_what_is_closed": FROZEN, "0003_keep_what_is_closed": KEPT}
"""The migration that began to refuse what; on the way back of it nothing does."""


def install(connection: Any) -> None:
    """Create the triggers, or make them anew."""
    applied = MigrationRecorder(connection).applied_migrations()
    for name, guards in SINCE.items():
        if ("redip", name) in applied:
            put(connection, guards)


def let_go(connection: Any) -> None:
    """Let what is closed be deleted: for the way back of the migration, and to empty the database."""
    lift(connection, KEPT)


def remove(connection: Any) -> None:
    """Take the triggers away: before ``migrate`` on SQLite, and for the way back of the first of them."""
    lift(connection, FROZEN + KEPT)
