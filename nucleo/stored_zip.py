"""A ZIP of which every byte is known before the first is sent: stored files, one after another.

Nothing is compressed and no date is kept, so that the same files give the same bytes on every machine and
the length is known beforehand. That is what lets an interrupted download go on from its middle: any part
can be made without making what comes before. It knows no app; sizes and checksums are the caller's.

A few small files may be packed beforehand (:meth:`Part.packed`). Their bytes are those of one zlib
(``PACKER``): whoever names the content of such a ZIP says so.
"""

from __future__ import annotations

import io
import struct
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

PIECE = 64 * 1024
PACKER = zlib.ZLIB_RUNTIME_VERSION
_DAY_ONE = (0, 0x21)
"""The first time and date that a ZIP can say, 1 January 1980: the files' own dates stay out."""
_FILE_MODE = 0o100644 << 16
_UNIX = 3 << 8
_STORED, _DEFLATED = 0, 8
_LONG = 0xFFFFFFFF
_MANY = 0xFFFF
_PLAIN, _WIDE = 20, 45
"""Versions of the format that a reader needs: 4.5 from 4 GiB on."""


class Changed(Exception):
    """A file is not as long as it was said to be: what was sent so far is of no use."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file: ``name`` in ASCII with slashes, its bytes, their CRC-32, and how to open it.

    Of one that is packed ``size`` and ``open`` are what stands in the ZIP; ``unpacked`` is how long it was.
    """

    name: str
    size: int
    crc: int
    open: Callable[[], IO[bytes]]
    unpacked: int | None = None

    @classmethod
    def of(cls, name: str, content: bytes) -> Part:
        """Return a file that is in memory."""
        return cls(name, len(content), zlib.crc32(content), lambda: io.BytesIO(content))

    @classmethod
    def packed(cls, name: str, content: bytes) -> Part:
        """Return a file that is in memory, deflated where that makes it smaller."""
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        small = packer.compress(content) + packer.flush()
        if len(small) >= len(content):
            return cls.of(name, content)
        return cls(name, len(small), zlib.crc32(content), lambda: io.BytesIO(small), len(content))

    @property
    def method(self) -> int:
        """How a ZIP says that it is packed, or not."""
        return _STORED if self.unpacked is None else _DEFLATED

    @property
    def length(self) -> int:
        """Bytes of the file once it is unpacked."""
        return self.size if self.unpacked is None else self.unpacked


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the ZIP: the content of the part ``name``, or what the ZIP says of parts (no name)."""

    name: str
    start: int
    size: int
    open: Callable[[], IO[bytes]]


def checksum(file: IO[bytes]) -> int:
    """Return the CRC-32 of the rest of ``file``, read a piece at a time."""
    found = 0
    while piece := file.read(PIECE):
        found = zlib.crc32(piece, found)
    return found


def _local_header(part: Part) -> bytes:
    wide = part.size >= _LONG
    sizes = (_LONG, _LONG) if wide else (part.size, part.length)
    extra = struct.pack("<HHQQ", 1, 16, part.size, part.size) if wide else b""
    name = part.name.encode("ascii")
    fields = (0x04034B50, _WIDE if wide else _PLAIN, 0, part.method, *_DAY_ONE, part.crc, *sizes)
    return struct.pack("<IHHHHHIIIHH", *fields, len(name), len(extra)) + name + extra


def _directory_entry(part: Part, offset: int) -> bytes:
    wide = [number for number in (part.length, part.size, offset) if number >= _LONG]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    name, needs = part.name.encode("ascii"), _WIDE if wide else _PLAIN
    sizes = (min(part.size, _LONG), min(part.length, _LONG))
    fields = (0x02014B50, _UNIX | needs, needs, 0, part.method, *_DAY_ONE, part.crc, *sizes)
    lengths = (len(name), len(extra), 0, 0, 0, _FILE_MODE, min(offset, _LONG))
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields, *lengths) + name + extra


def _end(count: int, length: int, start: int) -> bytes:
    """Return the end of the directory; twice, in its wide form too, when there is too much for the plain."""
    plain = struct.pack(
        "<IHHHHIIH",
        *(0x06054B50, 0, 0, min(count, _MANY), min(count, _MANY), min(length, _LONG), min(start, _LONG), 0),
    )
    if count < _MANY and length < _LONG and start < _LONG:
        return plain
    wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, _UNIX | _WIDE, _WIDE, 0, 0, count, count, length, start)
    return wide + struct.pack("<IIQI", 0x07064B50, 0, start + length, 1) + plain


class StoredZip:
    """The layout of a ZIP: ``size`` bytes, of which ``open`` gives a reader that can begin anywhere.

    ``segments`` are those bytes in order, without a gap and none of them empty.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self.size = 0
        self.segments: list[Segment] = []
        self._starts: list[int] = []
        directory, count = [], 0
        for part in parts:
            directory.append(_directory_entry(part, self.size))
            self._add(_local_header(part))
            self._append(part.name, part.size, part.open)
            count += 1
        listing = b"".join(directory)
        self._add(listing + _end(count, len(listing), self.size))

    def _add(self, content: bytes) -> None:
        self._append("", len(content), lambda: io.BytesIO(content))

    def _append(self, name: str, size: int, opened: Callable[[], IO[bytes]]) -> None:
        if size:
            self._starts.append(self.size)
            self.segments.append(Segment(name, self.size, size, opened))
        self.size += size

    def open(self) -> IO[bytes]:
        """Return a reader of the whole; it holds one file open at a time."""
        return _Reader(self)  # type: ignore[return-value]

    def segment(self, at: int) -> Segment | None:
        """Return what stands at byte ``at``; None at the end."""
        return self.segments[bisect_right(self._starts, at) - 1] if at < self.size else None


class _Reader(io.RawIOBase):
    """Reads the ZIP from any byte on. Raises Changed where a file ends before its length."""

    def __init__(self, archive: StoredZip) -> None:
        super().__init__()
        self._archive = archive
        self._at = 0
        self._left = 0
        self._file: IO[bytes] | None = None

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte, counted from the start, from here or from the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._archive.size}[whence]
        self._release()
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return where the next byte comes from."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read at most to the end of the part at hand, as a raw reader may."""
        if not self._left and not self._enter():
            return 0
        assert self._file is not None
        piece = self._file.read(min(len(buffer), self._left))
        if not piece:
            raise Changed(f"a file is {self._left} bytes shorter than it was")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        self._left -= len(piece)
        return len(piece)

    def _enter(self) -> bool:
        self._release()
        found = self._archive.segment(self._at)
        if found is None:
            return False
        self._file = found.open()
        self._file.seek(self._at - found.start)
        self._left = found.start + found.size - self._at
        return True

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._left = None, 0

    def close(self) -> None:
        """Close the file at hand."""
        self._release()
        super().close()
