"""Many rows a part at a time, so that memory does not grow with how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

PART = 500


def parts(have: int, wanted: int) -> Iterator[range]:
    """Yield the numbers after ``have`` up to ``wanted``, some hundreds at a time."""
    for start in range(have + 1, wanted + 1, PART):
        yield range(start, min(start + PART, wanted + 1))


def write(model: type[Model], rows: Iterable[Any], *, ignore_conflicts: bool = False) -> int:
    """Create ``rows`` as they are made; return how many there were."""
    count, left = 0, iter(rows)
    while part := list(islice(left, PART)):
        model._default_manager.bulk_create(part, ignore_conflicts=ignore_conflicts)
        count += len(part)
    return count


def update(model: type[Model], rows: Iterable[Any], names: list[str]) -> None:
    """Save the fields ``names`` of ``rows`` as they are counted.

    One statement for all rows: ``bulk_update`` writes a case for each value, and that takes longest of all.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    pk: Any = model._meta.pk
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    # Names of our own tables and columns; the values are parameters.
    sql = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {quote(pk.column)} = %s"  # noqa: S608
    left = iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(left, PART)):
            values = [
                [f.get_db_prep_save(getattr(row, f.attname), connection) for f in (*fields, pk)]
                for row in part
            ]
            cursor.executemany(sql, values)
