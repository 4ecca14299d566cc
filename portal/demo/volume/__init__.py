"""Synthetic volume for measuring: many rows of the kinds that grow, each marked «Sintético» in its name.

Texts are drawn word by word from the demonstration's own, with their natural frequencies, by a fixed seed
for each row: the same size gives the same rows, a larger one the same and more. Loading again adds only
what is missing. Rows are written in bulk, so nobody is told and nothing is queued; the index is filled
anew at the end. People have no usable password, and nothing is said in the name of anyone real.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from portal.demo.volume import courses, directory, forum, guides, networks, people
from search.rebuilding import rebuild


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each kind."""

    people: int = 2_000
    guides: int = 300
    courses: int = 5
    institutions: int = 500
    offers: int = 900
    suppliers: int = 1_100
    demands: int = 500
    mesas: int = 60
    commitments: int = 2_000
    resources: int = 5_000
    replies: int = 40_000

    def times(self, factor: float) -> Size:
        """Return this size, ``factor`` times as large."""
        return Size(**{each.name: round(getattr(self, each.name) * factor) for each in fields(self)})


SIZES = {"medium": Size(), "large": Size().times(10)}


def load(size: str | Size, report: Callable[[str], None] = lambda line: None) -> int:
    """Load what is missing of ``size``, and index if there was any; return how many rows were added."""
    wanted = SIZES[size] if isinstance(size, str) else size
    added = 0
    for title, count in (
        ("personas", people.load(wanted.people)),
        ("directorio", directory.load(wanted.institutions, wanted.offers, wanted.suppliers, wanted.demands)),
        ("guías", guides.load(wanted.guides)),
        ("cursos", courses.load(wanted.courses)),
        ("mesas", networks.load(wanted.mesas, wanted.commitments)),
        ("comunidad", forum.load(wanted.resources, wanted.replies)),
    ):
        report(f"{title}: {count}")
        added += count
    if added:
        rebuild()
    return added
