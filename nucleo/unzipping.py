"""What a stranger's ZIP really unpacks to. Its directory is a claim: a hundred bytes, it says, of a terabyte.

``zipfile`` believes the directory: it stops a part at the size said there, after unpacking all of it at once.
Here parts are unpacked in pieces to their real end. Knows no app and no Django.
"""

from __future__ import annotations

import copy
import sys
import zipfile
import zlib
from collections.abc import Iterator

PIECE = 256 * 1024
"""Bytes that are unpacked at a time: what the memory has to hold."""
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The only two that office files may use; ``zipfile`` unpacks the others without a bound."""


class FloodError(Exception):
    """There is more in the file than may be unpacked."""


class DamagedError(Exception):
    """A part cannot be unpacked, or is not what the directory says of it."""


class Room:
    """How many bytes may still be unpacked, of all parts of a file together."""

    def __init__(self, most: int) -> None:
        self._left = most

    @classmethod
    def of(cls, archive: zipfile.ZipFile, most: int) -> Room:
        """Return room for ``archive``; raises FloodError for one that says itself that it holds more."""
        cls(most).take(sum(part.file_size for part in archive.infolist()))
        return cls(most)

    def take(self, size: int) -> None:
        """Note ``size`` bytes more; raises FloodError."""
        self._left -= size
        if self._left < 0:
            raise FloodError


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: Room) -> Iterator[bytes]:
    """Give the bytes of ``part`` to its real end; raises FloodError as soon as there is no room.

    Raises DamagedError, and RuntimeError for a part with a password.
    """
    if part.compress_type not in METHODS:
        raise DamagedError(f"{part.filename} is packed as no office file is")
    real = copy.copy(part)
    real.file_size = sys.maxsize
    size = 0
    try:
        with archive.open(real) as opened:
            while piece := opened.read(PIECE):
                size += len(piece)
                room.take(len(piece))
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise DamagedError(f"{part.filename}: {error}") from error
    if size != part.file_size:
        raise DamagedError(f"{part.filename} is of {size} bytes, and the directory says {part.file_size}")


def whole(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: Room) -> bytes:
    """Return the bytes of ``part``; raises as :func:`pieces`."""
    return b"".join(pieces(archive, part, room))
