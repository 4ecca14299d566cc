"""Search documents without any app behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from search.documents import PUBLIC, SearchDocument

EPOCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def make_document(**values: Any) -> SearchDocument:
    """Return a public document; ids are counted up, each a minute newer than the one before."""
    number = next(_numbers)
    values.setdefault("kind", "pagina")
    values.setdefault("id", str(number))
    values.setdefault("title", f"Documento {number}")
    values.setdefault("url", f"/{values['kind']}/{values['id']}/")
    values.setdefault("audience", frozenset({PUBLIC}))
    values.setdefault("updated", EPOCH + timedelta(minutes=number))
    return SearchDocument(**values)
