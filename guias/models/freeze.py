"""The database's own guard of published versions: a trigger on SQLite and on PostgreSQL.

What readers cite and carry on paper must not change under them, nor go, whatever code, shell or script tries.
Installed by migrations, and again after every ``migrate``: on SQLite altering a table makes a new one
and its triggers are lost. Emptying the whole database, which SQLite does row by row, lifts the guard for that
long (the command ``flush`` of :mod:`portal`).
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.recorder import MigrationRecorder

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

_IN_ITS_PLACE = (
    "EXISTS (SELECT 1 FROM guias_version WHERE live AND {other}(id = NEW.id OR (guide_id = NEW.guide_id"
    " AND (number = NEW.number OR (state = 'vigente' AND NEW.state = 'vigente')))))"
)
"""``INSERT OR REPLACE`` of SQLite deletes what stands in its way, and asks no trigger about deleting."""
KEPT = {
    "guias_version_kept": ("guias_version", "DELETE", "OLD.live"),
    "guias_version_stays": ("guias_version", "INSERT", _IN_ITS_PLACE.format(other="")),
    "guias_version_unmoved": ("guias_version", "UPDATE", _IN_ITS_PLACE.format(other="id <> OLD.id AND ")),
    "guias_heldfile_kept": ("guias_heldfile", "DELETE", ""),
    "guias_heldfile_frozen": ("guias_heldfile", "UPDATE", ""),
    "guias_heldfile_stays": (
        "guias_heldfile",
        "INSERT",
        "EXISTS (SELECT 1 FROM guias_heldfile WHERE id = NEW.id)",
    ),
}
"""What refuses deleting: name → table, event and when. A held file is always one of what is published."""
_ONLY_SQLITE = ("_stays", "_unmoved")

_CHANGED = {
    "sqlite": " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN_COLUMNS),
    "postgresql": " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_COLUMNS),
}
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def _condition(vendor: str, *, named: bool) -> str:
    differs = _DIFFERS[vendor]
    renamed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in NAMED)
    return (f"(OLD.title <> '' AND ({renamed})) OR " if named else "") + (
        f"NOT NEW.live OR {_CHANGED[vendor]}"
        f" OR (OLD.published_on IS NOT NULL AND NEW.published_on {differs} OLD.published_on)"
        f" OR (NEW.state {differs} OLD.state AND NOT ("
        "(OLD.state IN ('borrador', 'en-revision') AND NEW.state = 'vigente')"
        " OR (OLD.state = 'vigente' AND NEW.state = 'retirada')))"
    )


def install(connection: Any) -> None:
    """Create the trigger, or make it anew."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, "guias_version")
    named = {column.name for column in table}.issuperset(NAMED)
    if vendor not in _CHANGED:
        raise NotImplementedError(f"published versions cannot be frozen on {vendor}")
    if vendor == "sqlite":
        statements = [
            "DROP TRIGGER IF EXISTS guias_version_frozen",
            "CREATE TRIGGER guias_version_frozen BEFORE UPDATE ON guias_version"
            f" WHEN OLD.live AND ({_condition(vendor, named=named)})"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        ]
    else:
        statements = [
            "CREATE OR REPLACE FUNCTION guias_version_frozen() RETURNS trigger AS $$ BEGIN"
            f" IF OLD.live AND ({_condition(vendor, named=named)}) THEN"
            f" RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            " RETURN NEW; END $$ LANGUAGE plpgsql",
            "DROP TRIGGER IF EXISTS guias_version_frozen ON guias_version",
            "CREATE TRIGGER guias_version_frozen BEFORE UPDATE ON guias_version"
            " FOR EACH ROW EXECUTE FUNCTION guias_version_frozen()",
        ]
    if "guias_heldfile" in connection.introspection.table_names():
        statements += [statement for held in HELD for statement in _holding(vendor, held)]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    if KEPT_SINCE in MigrationRecorder(connection).applied_migrations():
        keep(connection)


def keep(connection: Any) -> None:
    """Let the database refuse to delete what is published, or to put another row in its place."""
    statements = [one for name in KEPT for one in _keeping(connection.vendor, name)]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _keeping(vendor: str, name: str) -> list[str]:
    table, event, when = KEPT[name]
    if vendor == "sqlite":
        condition = f" WHEN {when}" if when else ""
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition}"
            f" BEGIN SELECT RAISE(ABORT, '{KEPT_MESSAGE}'); END",
        ]
    if name.endswith(_ONLY_SQLITE):
        return []
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN"
        f" IF {when or 'TRUE'} THEN"
        f" RAISE EXCEPTION '{KEPT_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _holding(vendor: str, held: str) -> list[str]:
    """Return what keeps a picture or a document that a published version shows."""
    name = f"guias_{held}_held"
    table, columns = HELD[held]
    differs = "(" + " OR ".join(f"NEW.{column} {_DIFFERS[vendor]} OLD.{column}" for column in columns) + ")"
    shown = f"EXISTS (SELECT 1 FROM guias_heldfile WHERE {held}_id = OLD.id)"  # noqa: S608  a name of ours
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {differs} AND {shown}"
            f" BEGIN SELECT RAISE(ABORT, '{HELD_MESSAGE}'); END",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN"
        f" IF {differs} AND {shown} THEN"
        f" RAISE EXCEPTION '{HELD_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " RETURN NEW; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def remove(connection: Any) -> None:
    """Take the triggers away, for the way back of the migration."""
    _drop(connection, "guias_version_frozen", "guias_version")
    let_go(connection)
    release(connection)


def let_go(connection: Any) -> None:
    """Let what is published be deleted: for the way back of the migration, and to empty the database."""
    for name, (table, _event, _when) in KEPT.items():
        _drop(connection, name, table)


def release(connection: Any) -> None:
    """Take away those on the library: while they name our table no migration can make it anew, or drop it.

    Before each ``migrate``; after it they are installed again where their table is.
    """
    for held, (table, _columns) in HELD.items():
        _drop(connection, f"guias_{held}_held", table)


def _drop(connection: Any, name: str, table: str) -> None:
    if table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
