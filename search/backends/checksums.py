"""Whether the files of an embedded index are still what was written: the engine checks only some as it reads.

Each file of a segment ends with a line of JSON that holds the CRC-32 of what stands before it, the length
of that line, and a magic number (tantivy's "footer").
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

MAGIC = 1337
PIECE = 1 << 20


def damage(index: Path) -> str:
    """Return what is wrong with the files of ``index``, or nothing.

    Only segments named by ``meta.json`` count: others are being written or removed. One that is gone because
    a merge has just replaced it is no damage.
    """
    for path in _files(index):
        try:
            wrong = not _is_whole(path)
        except FileNotFoundError:
            wrong = path in _files(index)
        except (OSError, ValueError, struct.error):
            wrong = True
        if wrong and path in _files(index):
            return f"{path.name} is not what was written"
    return ""


def _files(index: Path) -> list[Path]:
    try:
        segments = json.loads((index / "meta.json").read_text(encoding="utf-8"))["segments"]
        names = {segment["segment_id"].replace("-", "") for segment in segments}
    except (OSError, ValueError, LookupError):
        return [index / "meta.json"]
    return sorted(path for path in index.iterdir() if path.name.partition(".")[0] in names)


def _is_whole(path: Path) -> bool:
    """Raises OSError, ValueError or struct.error when the end of the file is not what it must be."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(size - 8)
        length, magic = struct.unpack("<II", file.read(8))
        if magic != MAGIC:
            return False
        file.seek(size - 8 - length)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        left, found = size - 8 - length, 0
        while left > 0 and (piece := file.read(min(PIECE, left))):
            found = zlib.crc32(piece, found)
            left -= len(piece)
    return bool(found == expected)
