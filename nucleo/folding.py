"""Text as people type it: without accents or capitals, compared inside the database.

PostgreSQL does it with TRANSLATE, so it needs no extension; SQLite, which lower-cases only ASCII, is
taught the same function on each new connection (``nucleo.apps``).
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

ACCENTED = "áàäâéèëêíìïîóòöôúùüûñçÁÀÄÂÉÈËÊÍÌÏÎÓÒÖÔÚÙÜÛÑÇ"
PLAIN = "aaaaeeeeiiiioooouuuunc" * 2
MAX_WORDS = 8
MAX_LENGTH = 200
SQL_NAME = "NUCLEO_FOLD"

_BARE = [(marked, bare) for marked, bare in zip(ACCENTED, PLAIN, strict=True) if marked.islower()]


def fold(text: str) -> str:
    """Return ``text`` in lower case and without marks, as the database writes it.

    SQLite calls this for each row of a list that is searched: one pass a letter is the fastest by far.
    """
    text = text.lower()
    for marked, bare in _BARE:
        text = text.replace(marked, bare)
    return text


def words(text: str) -> list[str]:
    """Return the folded words of a query: the first eight of its first 200 characters."""
    clean = "".join(char if char.isprintable() else " " for char in text[:MAX_LENGTH])
    return fold(unicodedata.normalize("NFC", clean)).split()[:MAX_WORDS]


class Fold(Func):
    """The folded text of several expressions (none of them null), a space between."""

    output_field = CharField()
    arg_joiner = " || ' ' || "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Use the function of :func:`install`."""
        return self.as_sql(compiler, connection, template=f"{SQL_NAME}(%(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Use TRANSLATE."""
        template = f"TRANSLATE(LOWER(%(expressions)s), '{ACCENTED}', '{PLAIN}')"
        return self.as_sql(compiler, connection, template=template, **context)


def folded(*paths: str | Combinable) -> Fold:
    """Return one folded text of several fields or expressions; a relation without row counts as empty."""
    return Fold(*(Coalesce(F(path) if isinstance(path, str) else path, Value("")) for path in paths))


def install(connection: Any) -> None:
    """Teach an SQLite ``connection`` to fold; nothing elsewhere."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SQL_NAME, 1, _fold_or_nothing, deterministic=True)


def _fold_or_nothing(text: str | None) -> str | None:
    return None if text is None else fold(text)
