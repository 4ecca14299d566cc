"""What turns an earlier package into today's ZIP: which of its bytes she has already, and which must travel.

The ZIP of today is the one that a first download gives. What is in her files under the same sha256 is taken
from them; page and PDF of a guide that changed are taken from those of its version before, piece by piece
(``pieces``). All else is new. Her browser puts both together (``paquete.js``).

Nothing that her manifest says is opened or believed: a path goes back to her as it came, and a sha256 is only
looked up among today's files and those that were made of the same guides. If her file is not what the
manifest says, her browser notices by the checksum that stands in the new ZIP.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import IO, Any

from django.db.models import F

from guias.enums import Format, RenditionState
from guias.exports.earlier import Manifest
from guias.exports.package import Entry, Package
from guias.exports.pieces import Piece, Stored, pieces_of
from guias.exports.zipped import archive
from guias.models import Rendition
from nucleo.files import pieces
from nucleo.stored_zip import Changed, StoredZip

COMPARED = (str(Format.HTML), str(Format.PDF))
MOST = 400
"""Files that are compared by pieces; more seldom change at once, and each must be read once a day."""
LARGEST = 8 * 1024 * 1024
"""Bytes of a file that is compared: a larger one would be held in memory for it, and comes whole."""
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

    def __init__(self, zipped: StoredZip, steps: Iterable[Old | New], fingerprint: str) -> None:
        self.size = zipped.size
        self.steps = list(steps)
        self._fingerprint = fingerprint

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
        said = {**more, "marca": self.mark, "bytes": self.size, "nuevos": self.travels, "pasos": steps}
        return _line(said)

    @cached_property
    def mark(self) -> str:
        """Return a word for the new bytes: with the same one they are the same, to the byte."""
        steps = [(step.path if isinstance(step, Old) else "", step.start, step.size) for step in self.steps]
        return hashlib.sha256(f"{self._fingerprint} {steps}".encode()).hexdigest()[:32]

    def rest(self, mark: str, came: int) -> int:
        """Return how many bytes who has ``came`` of those with ``mark`` need not be sent again."""
        return came if mark == self.mark and 0 < came < self.travels else 0

    def news(self, start: int = 0) -> Iterator[bytes]:
        """Yield the new bytes from ``start`` in their order. Raises Changed where a file is too short."""
        for step in self.steps:
            if isinstance(step, New):
                skipped = min(start, step.size)
                start -= skipped
                left = step.size - skipped
                for piece in pieces(step.open, step.start + skipped, left) if left else ():
                    left -= len(piece)
                    yield piece
                if left:
                    raise Changed(f"a file is {left} bytes shorter than it was")


def goes_on(start: int) -> bytes:
    """Return the line that stands where the steps do, when what follows begins at ``start``."""
    return _line({"sigue": start})


def _line(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


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
    return Renewal(zipped, _steps(zipped, package, here), package.fingerprint)


def _steps(zipped: StoredZip, package: Package, here: dict[str, str]) -> Iterator[Old | New]:
    lacking = {e.path: e for e in package.entries if e.form in COMPARED and e.sha256 not in here}
    before = _before({entry.guide for entry in lacking.values()}, here) if lacking else []
    files = _in_pieces(lacking.values(), before)
    known = _pieces_here([*before, *_one_page(package, here)], here) if files else {}
    for segment in zipped.segments:
        path = here.get(package.objects.get(segment.name, ""))
        if path is not None:
            yield Old(path, 0, segment.size)
            continue
        whole = [Piece("", 0, segment.size)]
        for piece in files.get(segment.name, whole):
            yield known.get(piece.sha256) or New(segment.open, piece.start, piece.size)


def _before(guides: set[str], here: dict[str, str]) -> list[Any]:
    """Return what she has of ``guides``: files that we made of earlier versions, the newest first."""
    made = Rendition.objects.filter(format__in=COMPARED, state=RenditionState.READY)
    rows = made.filter(version__guide__slug__in=guides).annotate(guide=F("version__guide__slug"))
    return [row for row in rows.order_by("-version__number") if row.sha256 in here][:MOST]


def _in_pieces(lacking: Iterable[Entry], before: Iterable[Any]) -> dict[str, list[Piece]]:
    """Return the pieces of each file that has some in common with one of hers: path → pieces.

    A page has, with any other page; a PDF only with one of the same guide.
    """
    hers = {(row.guide, row.format) for row in before}
    worth = (e for e in lacking if e.form == Format.HTML or (e.guide, e.form) in hers)
    found = {entry.path: _pieces(entry) for entry in islice(worth, MOST)}
    return {path: pieces for path, pieces in found.items() if pieces}


def _pieces_here(files: Iterable[Stored], here: dict[str, str]) -> dict[str, Old]:
    """Return where in ``files``, which she has, each piece is."""
    found: dict[str, Old] = {}
    for file in files:
        path = here[file.sha256]
        for piece in _pieces(file):
            found.setdefault(piece.sha256, Old(path, piece.start, piece.size))
    return found


def _one_page(package: Package, here: dict[str, str]) -> list[Entry]:
    """Return a page that she has as it is today: a guide new to her has style and font in common with it."""
    same = (entry for entry in package.entries if entry.form == Format.HTML and entry.sha256 in here)
    return list(islice(same, 1))


def _pieces(file: Stored) -> list[Piece]:
    """Return the pieces of a file, or none: one that is too large, or not there, is not compared."""
    try:
        return pieces_of(file) if file.size <= LARGEST else []
    except OSError:
        return []
