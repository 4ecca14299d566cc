"""A file of a guide in pieces, so that who has another version brings only what changed (ADR 0015, 0024).

One after another the pieces are the file, to the byte: a way for it to travel, and not another file. The
one-file page is cut where its template says so (after its style, its first page and each chapter) and around
whatever long is embedded: the font is the same piece in every guide, and a figure travels once for all
versions. A PDF is cut around its streams: what one draws does not depend on the rest (``nucleo.steady_pdf``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.cache import cache

from nucleo.files import opener

SEAM = b"<!--|-->"
"""Ends a piece. No text of an editor holds it: comments do not pass the sanitiser."""
LONG = 1024
"""Characters from which what is embedded is a piece of its own."""
DAY = 24 * 3600
_PDF = b"%PDF-"
_PDF_CUT = re.compile(rb"\nstream\n|\nendobj\n")
_CUT = re.compile(rb"%b|data:[\w/+.-]+;base64,[\w+/=]{%d,}" % (re.escape(SEAM), LONG))


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece, named by its content; ``start`` is where it stands in the file."""

    sha256: str
    start: int
    size: int


class Stored(Protocol):
    """A file that is kept: one that was made, an official one, or an entry of the package."""

    @property
    def sha256(self) -> str:
        """What names its content."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    @property
    def file(self) -> Any:
        """Where it is."""


def ends(content: bytes) -> Iterator[int]:
    """Yield where each piece of ``content`` ends, in order; the last one ends with it."""
    if content.startswith(_PDF):
        yield from (match.end() for match in _PDF_CUT.finditer(content))
    else:
        for match in _CUT.finditer(content):
            if match[0] != SEAM:
                yield match.start()
            yield match.end()
    yield len(content)


def cut(content: bytes) -> list[Piece]:
    """Return the pieces of ``content`` in order; none is empty."""
    pieces: list[Piece] = []
    start = 0
    for end in ends(content):
        if end > start:
            pieces.append(Piece(hashlib.sha256(content[start:end]).hexdigest(), start, end - start))
            start = end
    return pieces


def pieces_of(file: Stored) -> list[Piece]:
    """Return the pieces of a file that is ready; it is read once a day. Raises OSError when it is gone."""
    key = f"guias:pieces:{file.sha256}"
    rows = cache.get(key)
    if rows is None:
        pieces = cut(content_of(file))
        cache.set(key, [(piece.sha256, piece.start, piece.size) for piece in pieces], DAY)
        return pieces
    return [Piece(*row) for row in rows]


def content_of(file: Stored) -> bytes:
    """Return the whole file."""
    with opener(file.file)() as opened:
        return opened.read()
