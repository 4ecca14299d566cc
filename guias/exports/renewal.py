"""What turns an earlier package into today's ZIP: which of its bytes she has already, and which must travel.

The ZIP of today is the one that a first download gives. What is in her files under the same sha256 is taken
from them; the page of a guide that changed is taken from the page of its version before, piece by piece
(``pieces``: as a phone that keeps it). All else is new. Her browser puts both together (``paquete.js``).

Nothing that her manifest says is opened or believed: a path goes back to her as it came, and a sha256 is only
looked up among today's files and those that were made of the same guides. If her file is not what the
manifest says, her browser notices by the checksum that stands in the new ZIP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import IO

from guias.enums import Format, RenditionState
from guias.exports.earlier import Manifest
from guias.exports.package import Entry, Package
from guias.exports.pieces import Piece, Stored, pieces_of
from guias.exports.zipped import archive
from guias.models import Rendition
from nucleo.files import pieces
from nucleo.stored_zip import Changed, StoredZip

MOST = 200
"""Pages that are compared by pieces; more seldom change at once, and each must be read once a day."""
LARGEST = 8 * 1024 * 1024
"""Bytes of a page that is compared: a larger one would be held in memory for it, and comes whole."""
LONGEST = 400
"""Characters of a path of ours; one may stand in many steps."""


@dataclass(frozen=True, slots=True)
class Old:
    """Bytes that she has: ``size`` of them from ``start`` of the file at ``path``."""

    path: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class New:
    """Bytes that must travel: ``size`` of them from ``start`` of what ``open`` opens."""

    open: Callable[[], IO[bytes]]
    start: int
    size: int


class Renewal:
    """The steps that make the new ZIP, one after another, without a gap."""

    def __init__(self, zipped: StoredZip, steps: Iterable[Old | New]) -> None:
        self.size = zipped.size
        self.steps = list(steps)

    @property
    def travels(self) -> int:
        """How many bytes are new."""
        return sum(step.size for step in self.steps if isinstance(step, New))

    def recipe(self, **more: object) -> bytes:
        """Return one line of JSON that says the steps: [path, start, bytes] of hers, or how many new bytes.

        New bytes that follow one another are one step, and so are hers.
        """
        steps: list[int | tuple[str, int, int]] = []
        for is_new, run in groupby(self.steps, lambda step: isinstance(step, New)):
            if is_new:
                steps.append(sum(step.size for step in run))
            else:
                steps += _joined(step for step in run if isinstance(step, Old))
        said = {**more, "bytes": self.size, "nuevos": self.travels, "pasos": steps}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def news(self) -> Iterator[bytes]:
        """Yield the new bytes in their order. Raises Changed where a file ends before its length."""
        for step in self.steps:
            if isinstance(step, New):
                left = step.size
                for piece in pieces(step.open, step.start, step.size):
                    left -= len(piece)
                    yield piece
                if left:
                    raise Changed(f"a file is {left} bytes shorter than it was")


def _joined(steps: Iterable[Old]) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for step in steps:
        path, start, size = found[-1] if found else ("", 0, 0)
        if path == step.path and start + size == step.start:
            found[-1] = (path, start, size + step.size)
        else:
            found.append((step.path, step.start, step.size))
    return found


def renewal(package: Package, manifest: Manifest) -> Renewal:
    """Return how who has what ``manifest`` says gets the whole ZIP of ``package``."""
    zipped = archive(package, set(package.objects), [])
    here = {sha256: path for path, sha256 in manifest.objects.items() if len(path) <= LONGEST}
    return Renewal(zipped, _steps(zipped, package, here))


def _steps(zipped: StoredZip, package: Package, here: dict[str, str]) -> Iterator[Old | New]:
    pages = _pages_in_pieces(package, here)
    known = _pieces_here(package, pages, here) if pages else {}
    for segment in zipped.segments:
        path = here.get(package.objects.get(segment.name, ""))
        if path is not None:
            yield Old(path, 0, segment.size)
            continue
        whole = [Piece("", 0, segment.size)]
        for piece in pages.get(segment.name, whole):
            yield known.get(piece.sha256) or New(segment.open, piece.start, piece.size)


def _pages_in_pieces(package: Package, here: dict[str, str]) -> dict[str, list[Piece]]:
    """Return the pieces of each page of a guide that she lacks: path → pieces."""
    lacking = (e for e in package.entries if e.form == Format.HTML and e.sha256 not in here)
    found = {entry.path: _pieces(entry) for entry in islice(lacking, MOST)}
    return {path: pieces for path, pieces in found.items() if pieces}


def _pieces_here(package: Package, pages: dict[str, list[Piece]], here: dict[str, str]) -> dict[str, Old]:
    """Return the pieces that she has: of the versions before of these guides, and what all pages share."""
    guides = {entry.guide for entry in package.entries if entry.path in pages}
    files: list[Stored] = [*_pages_before(guides, here), *_one_page(package, here)]
    found: dict[str, Old] = {}
    for file in files:
        path = here[file.sha256]
        for piece in _pieces(file):
            found.setdefault(piece.sha256, Old(path, piece.start, piece.size))
    return found


def _pages_before(guides: set[str], here: dict[str, str]) -> list[Rendition]:
    made = Rendition.objects.filter(format=Format.HTML, state=RenditionState.READY)
    rows = made.filter(version__guide__slug__in=guides).order_by("-version__number")
    return [row for row in rows if row.sha256 in here][:MOST]


def _one_page(package: Package, here: dict[str, str]) -> list[Entry]:
    """Return a page that she has as it is today: a guide new to her has style and font in common with it."""
    same = (entry for entry in package.entries if entry.form == Format.HTML and entry.sha256 in here)
    return list(islice(same, 1))


def _pieces(file: Stored) -> list[Piece]:
    """Return the pieces of a page, or none: one that is too large, or not there, is not compared."""
    try:
        return pieces_of(file) if file.size <= LARGEST else []
    except OSError:
        return []
