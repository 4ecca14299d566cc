"""Puts a small stamp on every page of somebody's PDF, where the page is free, and changes nothing else of it.

The free place is looked for in the picture of each page (PDFium), in the margins alone; where there is none
the page grows by a strip. The stamp is then drawn after what the page draws (qpdf, by pikepdf), as an
artifact, which a screen reader passes over. A file that is signed or encrypted stays as it is: any change
would break the one and undo the other. ``python -m nucleo.pdf_stamp`` does it in a process of its own
(:mod:`nucleo.apart`).
"""

from __future__ import annotations

import errno
import io
import json
import logging
import math
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nucleo import apart

logger = logging.getLogger(__name__)

SECONDS = 120
"""Of processor; a page of text takes a hundredth of one, a scanned one a twentieth."""
LOOK_SECONDS = 20
SIGNED, ENCRYPTED, BROKEN = "signed", "encrypted", "broken"
MM = 72 / 25.4
EDGE = 4.0
"""Millimetres from the edge of the paper, where printers do not print."""
PIXELS = 2.0
"""Of a millimetre, in the picture that is looked at."""
ALIKE, LIGHT = 14, 238
"""A place is free when its pixels differ by no more than the first, or are all lighter than the second."""
NAMES = ("/CemStamp0", "/CemStamp1")
"""How a page calls the lying and the standing stamp."""
HAS = "/CemStamp"
"""What a page has that has a stamp: it gets the new one in its place."""
MAX_FIELDS = 20_000
OPEN = b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq\n"
CLOSE = b"Q\nEMC\n"
_STRANGE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What is raised where a file has something else than what stands there by the book."""
Matrix = tuple[float, float, float, float, float, float]


class LeftAsItIsError(Exception):
    """The file gets no stamp; ``reason`` is one of: signed, encrypted, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def stamp(file: IO[bytes], *, stamps: Path, into: Path) -> int:
    """Write ``file`` with a stamp on each page to ``into`` and return how many pages grew for it.

    ``stamps`` is a PDF of two pages, the stamp lying and the stamp standing. Raises LeftAsItIsError; and what
    may go better another time: OSError when there is no room for the result, ApartError.
    """
    said = _asked(file, SECONDS, "stamp", str(stamps), str(into))
    if "failed" in said:
        raise OSError(errno.ENOSPC, said["failed"])
    return int(said["grown"])


def look(file: IO[bytes]) -> None:
    """Raise LeftAsItIsError if ``file`` must not be changed."""
    with suppress(apart.ApartError):
        _asked(file, LOOK_SECONDS, "look")


def _asked(file: IO[bytes], seconds: int, *arguments: str) -> dict[str, Any]:
    said: dict[str, Any] = apart.run("nucleo.pdf_stamp", *arguments, file=file, seconds=3 * seconds)
    if "reason" in said:
        logger.info("A PDF gets no stamp: %s", said.get("why", said["reason"]))
        raise LeftAsItIsError(said["reason"])
    return said


# In the other process


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is seen: ``width`` and ``height`` in millimetres, ``turned`` by so many degrees.

    ``box`` is what is seen of it, in its own units, of which a millimetre has ``unit``.
    """

    box: tuple[float, float, float, float]
    turned: int
    unit: float

    @property
    def width(self) -> float:
        """As it is seen."""
        return (self.box[3] - self.box[1] if self.turned % 180 else self.box[2] - self.box[0]) / self.unit

    @property
    def height(self) -> float:
        """As it is seen."""
        return (self.box[2] - self.box[0] if self.turned % 180 else self.box[3] - self.box[1]) / self.unit

    @property
    def upright(self) -> Matrix:
        """What leads from what is seen, from its lower left corner on, to the page's own space."""
        left, low, right, high = self.box
        return {
            0: (1, 0, 0, 1, left, low),
            90: (0, 1, -1, 0, right, low),
            180: (-1, 0, 0, -1, right, high),
            270: (0, -1, 1, 0, left, high),
        }[self.turned]

    def longer(self, by: float) -> Sheet:
        """The page with ``by`` millimetres more below."""
        left, low, right, high = self.box
        more = by * self.unit
        box = {
            0: (left, low - more, right, high),
            90: (left, low, right + more, high),
            180: (left, low, right, high + more),
            270: (left - more, low, right, high),
        }[self.turned]
        return Sheet(box, self.turned, self.unit)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stamp stands: which one, its lower left corner in millimetres, and how far the page grows."""

    which: int
    x: float
    y: float
    grown: float = 0.0
    scale: float = 1.0


def _sheet(page: Any) -> Sheet:
    media, crop = _box(page.mediabox), _box(page.cropbox)
    seen = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    if seen[0] >= seen[2] or seen[1] >= seen[3]:
        seen = media
    user_unit = float(page.obj.get("/UserUnit", 1)) or 1.0
    return Sheet(seen, int(page.rotation) % 360 // 90 * 90, MM / user_unit)  # type: ignore[arg-type]


def _box(found: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(one) for one in found)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _spots(sheet: Sheet, sizes: list[tuple[float, float]]) -> Iterator[Place]:
    """Give the places to try, best first: below before above, lying before standing, right before left."""
    for above in (False, True):
        for which, (width, height) in enumerate(sizes):
            if width + 2 * EDGE > sheet.width or height + 2 * EDGE > sheet.height:
                continue
            y = sheet.height - EDGE - height if above else EDGE
            for x in (sheet.width - EDGE - width, EDGE, (sheet.width - width) / 2):
                yield Place(which, x, y)


def _below(sheet: Sheet, sizes: list[tuple[float, float]]) -> Place:
    """Return the place in a strip below a page that has no free one."""
    which = 0 if sizes[0][0] + 2 * EDGE <= sheet.width else 1
    width, height = sizes[which]
    scale = min(1.0, sheet.width / width)
    x = max(0.0, sheet.width - EDGE - width) if scale == 1 else 0.0
    grown = math.ceil((height * scale + EDGE) * MM) / MM  # a page of whole points stays one
    return Place(which, x, EDGE, grown, scale)


def _place(sheet: Sheet, picture: Any, sizes: list[tuple[float, float]]) -> Place:
    across, down = picture.width / sheet.width, picture.height / sheet.height
    for spot in _spots(sheet, sizes):
        width, height = sizes[spot.which]
        top = sheet.height - spot.y - height
        part = (spot.x * across, top * down, (spot.x + width) * across, (top + height) * down)
        darkest, lightest = picture.crop(tuple(map(round, part))).getextrema()
        if darkest >= LIGHT or lightest - darkest <= ALIKE:
            return spot
    return _below(sheet, sizes)


def _sealed(pdf: Any) -> str:
    """Return why ``pdf`` must stay as it is, or nothing."""
    if pdf.is_encrypted:
        return ENCRYPTED
    if "/Perms" in pdf.Root or any(_is_signature(field) for field in _fields(pdf)):
        return SIGNED
    return ""


def _is_signature(field: Any) -> bool:
    """Whether somebody signed there: a field to be signed later has no value."""
    value = field.get("/V")
    return hasattr(value, "get") and ("/ByteRange" in value or str(value.get("/Type", "")) == "/Sig")


def _fields(pdf: Any) -> Iterator[Any]:
    waiting = list(pdf.Root.get("/AcroForm", {}).get("/Fields", []))
    for _n in range(MAX_FIELDS):
        if not waiting:
            return
        field = waiting.pop()
        if hasattr(field, "get"):
            yield field
            waiting += list(field.get("/Kids", []))


def _unsettled(page: Any) -> tuple[int, int]:
    """Return how many states the page restores that it did not save, and how many it saves for good."""
    import pikepdf

    lowest = depth = 0
    with suppress(pikepdf.PdfError):  # what cannot be read is drawn as far as it goes
        for instruction in pikepdf.parse_content_stream(page, "q Q"):
            depth += {"q": 1, "Q": -1}.get(str(instruction.operator), 0)
            lowest = min(lowest, depth)
    return -lowest, depth - lowest


def _number(value: float) -> bytes:
    return f"{value:.4f}".rstrip("0").rstrip(".").encode()


def _matrix(matrix: Matrix) -> bytes:
    return b" ".join(map(_number, matrix)) + b" cm\n"


def _draw(page: Any, sheet: Sheet, place: Place, form: Any) -> None:
    """Have ``page`` draw ``form`` after all it draws, whatever state that leaves."""
    import pikepdf

    unit, seen = sheet.unit, sheet.longer(place.grown)
    drawn = OPEN + _matrix(seen.upright)
    if place.grown:
        low, high = (_number(one * unit) for one in (place.grown, seen.width))
        drawn += b"1 g 0 0 " + high + b" " + low + b" re f\n"
        _grow(page, seen.box)
    scale = place.scale * unit / MM
    drawn += _matrix((scale, 0, 0, scale, place.x * unit, place.y * unit))
    name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(NAMES[place.which]))
    drawn += str(name).encode() + b" Do\n" + CLOSE
    before, after = _unsettled(page)
    page.obj[HAS] = True
    page.contents_add(b"q\n" * (before + 1), prepend=True)
    page.contents_add(b"Q\n" * (after + 1) + drawn)


def _grow(page: Any, seen: tuple[float, float, float, float]) -> None:
    import pikepdf

    media = _box(page.mediabox)
    whole = (*map(min, media[:2], seen[:2]), *map(max, media[2:], seen[2:]))
    page.obj.MediaBox, page.obj.CropBox = pikepdf.Array(whole), pikepdf.Array(seen)


def _again(page: Any, forms: list[Any]) -> bool:
    """Give a page that had a stamp the new one in its place; whether it had one."""
    if HAS not in page.obj:  # pages may share their resources: those say nothing of one
        return False
    drawn = page.resources.get("/XObject", {})
    for name, form in zip(NAMES, forms, strict=True):
        if name in drawn:
            drawn[name] = form
    return True


def _stamped(given: Any, other: Any, stamps: Path, into: Path) -> dict[str, Any]:
    import pikepdf
    import pypdfium2

    grown = 0
    with pikepdf.open(given) as pdf, pikepdf.open(stamps) as drawn:
        if reason := _sealed(pdf):
            return {"reason": reason}
        pictures = pypdfium2.PdfDocument(other)
        if len(pictures) != len(pdf.pages) or not pdf.pages:
            return {"reason": BROKEN}
        sizes = [(float(one.mediabox[2]) / MM, float(one.mediabox[3]) / MM) for one in drawn.pages]
        forms = [pdf.copy_foreign(one.as_form_xobject()) for one in drawn.pages]
        for number, page in enumerate(pdf.pages):
            if _again(page, forms):
                continue
            sheet, shown = _sheet(page), pictures[number]
            scale = PIXELS * sheet.width / shown.get_width()
            place = _place(sheet, shown.render(scale=scale, grayscale=True).to_pil(), sizes)
            shown.close()
            _draw(page, sheet, place, forms[place.which])
            grown += place.grown > 0
        pictures.close()
        try:
            pdf.save(into, deterministic_id=True, fix_metadata_version=False)
        except (OSError, RuntimeError) as error:
            return {"failed": str(error)}
    return {"grown": grown}


def _said(task: str, *paths: str) -> dict[str, Any]:
    import pikepdf
    import pypdfium2

    given = sys.stdin.buffer
    # Read by two libraries, each with its own place in the file.
    first = given if given.seekable() else io.BytesIO(given.read())
    second = io.BytesIO(first.getvalue()) if isinstance(first, io.BytesIO) else Path("/dev/fd/0").open("rb")  # noqa: SIM115
    try:
        if task == "look":
            with pikepdf.open(first) as pdf:
                reason = _sealed(pdf)
                return {"reason": reason} if reason else {}
        return _stamped(first, second, *map(Path, paths))
    except pikepdf.PasswordError:
        return {"reason": ENCRYPTED}
    except (pikepdf.PdfError, pypdfium2.PdfiumError, *_STRANGE) as error:
        return {"reason": BROKEN, "why": repr(error)[:300]}


def main(task: str, *paths: str) -> None:
    """Read standard input within the limits, write the stamped file, and say what came of it."""
    apart.limit(SECONDS if task == "stamp" else LOOK_SECONDS)
    sys.stdout.write(json.dumps(_said(task, *paths)))


if __name__ == "__main__":
    main(*sys.argv[1:])
