"""The database's own guard of published versions: triggers on SQLite and on PostgreSQL.

What readers cite and carry on paper must not change under them, nor go, whatever code, shell or script tries.
Installed by migrations, and again after every ``migrate``: on SQLite altering a table makes a new one
and its triggers are lost. Emptying the whole database lifts the guard for that long (the command ``flush`` of
:mod:`portal`).
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.recorder import MigrationRecorder

from nucleo.guards import Guard, changed, in_its_place, lift, put, untruncated

FROZEN_COLUMNS = ("id", "guide_id", "number", "body", "summary", "changes")
NAMED = ("title", "lead")
"""How its guide was called: written once, when it comes into force. The first migrations do not know them."""
MESSAGE = "guias: a published version cannot change"
KEPT_MESSAGE = "guias: what is published cannot be deleted"
KEPT_SINCE = ("guias", "0029_keep_what_is_published")
"""The migration that began to refuse deleting; on the way back of it nothing does."""
HELD = {
    "image": ("wagtailimages_image", ("file", "width", "height")),
    "document": ("wagtaildocs_document", ("file", "title")),
}
"""What ``guias_heldfile`` calls a row of the library → its table, and what a published version shows of it: a
document stands there by its title where the block gives it none; a picture never does."""
HELD_MESSAGE = "guias: a published version shows this file"

KEPT = (
    Guard("guias_version_kept", "guias_version", "DELETE", KEPT_MESSAGE, "OLD.live"),
    untruncated("guias_version", KEPT_MESSAGE, "live"),
    *in_its_place(
        "guias_version",
        KEPT_MESSAGE,
        "live AND (id = NEW.id OR (guide_id = NEW.guide_id"
        " AND (number = NEW.number OR (state = 'vigente' AND NEW.state = 'vigente'))))",
    ),
    Guard("guias_heldfile_kept", "guias_heldfile", "DELETE", KEPT_MESSAGE),
    untruncated("guias_heldfile", KEPT_MESSAGE),
    *in_its_place("guias_heldfile", KEPT_MESSAGE, "id = NEW.id"),
    Guard("guias_heldfile_frozen", "guias_heldfile", "UPDATE", KEPT_MESSAGE),
)
"""What refuses deleting. A held file is always one of what is published."""


def _frozen(*, named: bool) -> Guard:
    renamed = f"(OLD.title <> '' AND {changed(*NAMED)}) OR " if named else ""
    return Guard(
        "guias_version_frozen",
        "guias_version",
        "UPDATE",
        MESSAGE,
        f"OLD.live AND ({renamed}NOT NEW.live OR {changed(*FROZEN_COLUMNS)}"
        f" OR (OLD.published_on IS NOT NULL AND {changed('published_on')})"
        f" OR ({changed('state')} AND NOT ("
        "(OLD.state IN ('borrador', 'en-revision') AND NEW.state = 'vigente')"
        " OR (OLD.state = 'vigente' AND NEW.state = 'retirada'))))",
    )


def _holding(held: str) -> Guard:
    """Return what keeps a picture or a document that a published version shows."""
    table, columns = HELD[held]
    shown = f"EXISTS (SELECT 1 FROM guias_heldfile WHERE {held}_id = OLD.id)"  # noqa: S608  a name of ours
    return Guard(f"guias_{held}_held", table, "UPDATE", HELD_MESSAGE, f"{changed(*columns)} AND {shown}")


HOLDING = tuple(_holding(held) for held in HELD)


def install(connection: Any) -> None:
    """Create the triggers, or make them anew."""
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, "guias_version")
    put(connection, [_frozen(named={column.name for column in table}.issuperset(NAMED))])
    if "guias_heldfile" in connection.introspection.table_names():
        put(connection, HOLDING)
    if KEPT_SINCE in MigrationRecorder(connection).applied_migrations():
        keep(connection)


def keep(connection: Any) -> None:
    """Let the database refuse to delete what is published, or to put another row in its place."""
    put(connection, KEPT)


def remove(connection: Any) -> None:
    """Take the triggers away, for the way back of the migration."""
    lift(connection, [_frozen(named=True)])
    let_go(connection)
    release(connection)


def let_go(connection: Any) -> None:
    """Let what is published be deleted: for the way back of the migration, and to empty the database."""
    lift(connection, KEPT)


def release(connection: Any) -> None:
    """Take away those on the library: while they name our table no migration can make it anew, or drop it.

    Before each ``migrate``; after it they are installed again where their table is.
    """
    lift(connection, HOLDING)
