"""A StreamField whose block definitions stay out of migrations.

Wagtail writes every block of a StreamField into the migration, so that a new label means a new
migration that changes nothing in the database. Ours says nothing about its blocks. What it costs: a
data migration sees the column as JSON, and must handle it so.
"""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):  # type: ignore[misc]
    """Use exactly as Wagtail's."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the field without its blocks."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
