"""Writes the objects of a PDF (pydyf's, as WeasyPrint leaves them) part by part.

pydyf numbers objects as they were made and compresses all that is no stream together, so that one object more
at the beginning changes nearly every byte after it. Here each part has a row of numbers of its own, with room
at its end, and one object stream: as long as nothing in a part changes, its bytes are the same.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from collections.abc import Container, Mapping
from typing import Any

import pydyf

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
FEWEST = 1024
"""The least room of a part: some eight pages. A power of two, so that it is seldom another one when the
longest part grows; numbers that are free weigh next to nothing."""
PACKED, TABLE, FIRST = 1, 2, 3
"""Places in a part: its object stream; in part 0 the table of objects; and the first of its objects."""
_ROW = struct.Struct(">BII")
"""A line of the table: what it is; where it stands, in the file or in which object stream; where in that."""
_SAME = bytes(_ROW.size)
_FREE, _WRITTEN, _PACKED = _ROW.pack(0, 0, 65535), 1, 2
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|(\d+) 0 R", re.DOTALL)
"""A reference; or a text, in which something may look like one."""
_STREAM = b"\nstream\n"


def room(longest: int) -> int:
    """Return how many numbers each part gets when the longest one takes ``longest``."""
    found = FEWEST
    while found < longest * 1.25:
        found *= 2
    return found


def number_of(reference: bytes) -> int:
    """Return which object ``reference`` names."""
    return int(reference.split()[0])


def references(content: bytes) -> set[int]:
    """Return which objects are named in the data of an object."""
    return {int(match[1]) for match in _REFERENCE.finditer(content) if match[1]}


def written(pdf: Any, part_of: Mapping[int, int], late: Container[int]) -> bytes:
    """Return the file. ``part_of``: number → part, 0 is the whole; ``late`` are streams that stand last.

    What nothing names is left out.
    """
    pdf.add_object(pdf.info)
    data = _named(pdf)
    parts: dict[int, list[int]] = defaultdict(list)
    for number in sorted(data):
        parts[part_of.get(number, 0)].append(number)
    # Of the whole, what parts name stands first, then pictures and fonts: they keep their numbers.
    wanted = {
        one for part in parts if part for number in parts[part] for one in references(_head(data[number]))
    }
    parts[0].sort(key=lambda number: (number not in wanted, _STREAM not in data[number]))
    step = room(max(map(len, parts.values())) + FIRST)
    new = {
        number: part * step + FIRST + place
        for part, numbers in parts.items()
        for place, number in enumerate(numbers)
    }
    return _file(pdf, {new[number]: _renamed(data[number], new) for number in data}, new, step, late)


def _named(pdf: Any) -> dict[int, bytes]:
    """Return the data of each object that is used: number → bytes."""
    found: dict[int, bytes] = {}
    left = {pdf.catalog.number, pdf.info.number}
    while left:
        number = left.pop()
        found[number] = pdf.objects[number].data
        left.update(one for one in references(_head(found[number])) if one not in found)
    return found


def _head(data: bytes) -> bytes:
    """Return an object without the bytes of its stream."""
    return data.partition(_STREAM)[0]


def _renamed(data: bytes, new: Mapping[int, int]) -> bytes:
    def renamed(match: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % new[int(match[1])] if match[1] else match[0]

    head, stream, content = data.partition(_STREAM)
    return _REFERENCE.sub(renamed, head) + stream + content


def _file(
    pdf: Any, data: Mapping[int, bytes], new: Mapping[int, int], step: int, late: Container[int]
) -> bytes:
    content = bytearray(HEADER)
    rows: dict[int, bytes] = {}

    def write(number: int, data: bytes) -> None:
        rows[number] = _ROW.pack(_WRITTEN, len(content), 0)
        content.extend(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    at_the_end = {new[number] for number in new if number in late}
    packed: dict[int, list[int]] = defaultdict(list)
    for number in sorted(data):
        if _STREAM not in data[number]:
            packed[number // step].append(number)
    streams = [number for number in sorted(data) if _STREAM in data[number] and number not in at_the_end]
    for part in [*sorted(packed)[1:], 0]:
        for number in (number for number in streams if number // step == part):
            write(number, data[number])
        if not part:
            for number in sorted(at_the_end):
                write(number, data[number])
        stream = part * step + PACKED
        rows |= {number: _ROW.pack(_PACKED, stream, place) for place, number in enumerate(packed[part])}
        write(stream, _packed({number: data[number] for number in packed[part]}))
    begin = len(content)
    rows[TABLE] = _ROW.pack(_WRITTEN, begin, 0)
    named = {"Root": new[pdf.catalog.number], "Info": new[pdf.info.number]}
    write(TABLE, _table(rows, {name: f"{number} 0 R" for name, number in named.items()}))
    return bytes(content) + b"startxref\n%d\n%%%%EOF\n" % begin


def _packed(objects: Mapping[int, bytes]) -> bytes:
    """Return an object stream."""
    places, place = [], 0
    for number, data in objects.items():
        places += [number, place]
        place += len(data) + 1
    head = " ".join(map(str, places))
    extra = {"Type": "/ObjStm", "N": len(objects), "First": len(head) + 1}
    made: bytes = pydyf.Stream([head, *objects.values()], extra, compress=True).data
    return made


def _table(rows: Mapping[int, bytes], extra: Mapping[str, Any]) -> bytes:
    """Return the cross-reference stream: each line as what it adds to the one above, nearly always 1."""
    size = max(rows) + 1
    above, lines = bytes(_ROW.size), []
    for number in range(size):
        row = rows.get(number, _FREE)
        more = (
            ((now - before) & 255 for now, before in zip(row, above, strict=True)) if row != above else _SAME
        )
        lines.append(b"\2" + bytes(more))
        above = row
    known = {
        "Type": "/XRef",
        "Size": size,
        "W": pydyf.Array([1, 4, 4]),
        "DecodeParms": pydyf.Dictionary({"Predictor": 12, "Columns": _ROW.size}),
    }
    made: bytes = pydyf.Stream([b"".join(lines)], {**known, **extra}, compress=True).data
    return made
