"""Which office file an upload really is, and whether all of it opens. Or why it cannot be taken.

Every part is unpacked to its end and compared with its checksum, and the text itself is read as XML: a file
that Word would not open is told to who still has the original. ``python -m nucleo.office_look`` reads
standard input and writes JSON (:mod:`nucleo.apart`), as the directory of a ZIP can be larger than our memory.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from typing import IO
from xml.parsers import expat

from nucleo import apart
from nucleo.unzipping import DamagedError, FloodError, Room, pieces

MAX_PARTS = 5000
"""Parts of a ZIP that are looked through: office files have tens."""
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of an office file once unpacked: a few kilobytes of ZIP can become terabytes."""
SECONDS = 30
TEXT = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml"}
"""The part that must be there, and be XML, of each kind."""
MANIFEST = "META-INF/manifest.xml"
MAX_MANIFEST = 4 * 1024 * 1024
_ODT = b"application/vnd.oasis.opendocument.text"
_MACROS = re.compile(r"(?:^|/)vbaProject\.bin$", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, EOFError)


class UnfitError(Exception):
    """The file cannot be taken; ``reason`` is one of: other (no office file), locked, broken, flood."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def look(file: IO[bytes], most: int = MAX_UNPACKED) -> str:
    """Return which kind of TEXT ``file`` is; raises UnfitError. Leaves it at its beginning.

    ``most`` is how many bytes it may hold once unpacked.
    """
    file.seek(0)
    try:
        said = apart.run("nucleo.office_look", str(most), file=file, seconds=SECONDS)
    except apart.ApartError as error:
        raise UnfitError("broken") from error
    finally:
        file.seek(0)
    if "reason" in said:
        raise UnfitError(said["reason"])
    return str(said["kind"])


def _seen(file: IO[bytes], most: int) -> dict[str, str]:
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _kind(archive)
            if kind is None:
                return {"reason": "other"}
            if kind == "odt" and _is_locked(archive):
                return {"reason": "locked"}
            _check(archive, TEXT[kind], most)
    except FloodError:
        return {"reason": "flood"}
    except RuntimeError:  # a part with a password
        return {"reason": "locked"}
    except (DamagedError, expat.ExpatError, *_BROKEN):
        return {"reason": "broken"}
    return {"kind": kind}


def _kind(archive: zipfile.ZipFile) -> str | None:
    """Tell office files apart by their parts; a ZIP of another sort, or one with macros, is none."""
    names = archive.namelist()
    if len(names) > MAX_PARTS or any(_MACROS.search(name) for name in names):
        return None
    if "[Content_Types].xml" in names:
        return next((kind for kind in ("docx", "xlsx") if TEXT[kind] in names), None)
    if names[:1] == ["mimetype"] and TEXT["odt"] in names:
        said = b"".join(pieces(archive, archive.getinfo("mimetype"), Room(1024)))
        return "odt" if said == _ODT else None
    return None


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether OpenDocument says that its parts want a password: they are no XML then, and not damaged."""
    if MANIFEST not in archive.namelist():
        return False
    return b"encryption-data" in b"".join(pieces(archive, archive.getinfo(MANIFEST), Room(MAX_MANIFEST)))


def _check(archive: zipfile.ZipFile, text: str, most: int) -> None:
    """Unpack everything, and read the part called ``text`` as XML; keeps nothing of it."""
    room = Room.of(archive, most)
    for part in archive.infolist():
        reader = expat.ParserCreate() if part.filename == text else None
        for piece in pieces(archive, part, room):
            if reader:
                reader.Parse(piece)
        if reader:
            reader.Parse(b"", True)


def main(most: str) -> None:
    """Read standard input within the limits and write what it is."""
    apart.limit(SECONDS)
    given = sys.stdin.buffer
    sys.stdout.write(json.dumps(_seen(given if given.seekable() else io.BytesIO(given.read()), int(most))))


if __name__ == "__main__":
    main(sys.argv[1])
