"""The woven motifs: nine by nine squares drawn from a number, ours by arithmetic. Knows no city and no guide.

The rule stands in ``docs/components.md``. A motif of a city comes from its DIVIPOLA code, the cover of a
guide from the code of its route.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

SIZE = 9
"""Squares on a side."""
CENTER = SIZE // 2
THREAD = 2
"""Distance from the centre (rows plus columns) up to which squares take the colour of the region."""
COVER_ROWS = 5
"""Rows of a motif on the cover of a guide."""

Grid = tuple[tuple[bool, ...], ...]

_PRIME = 2**31 - 1
_STEP = 16_807
_TRIES = 10_000

REGIONS = {
    "caribe": ("08", "13", "20", "23", "44", "47", "70", "88"),
    "pacifico": ("19", "27", "52", "76"),
    "llanos": ("50", "81", "85", "99"),
    "amazonia": ("18", "86", "91", "94", "95", "97"),
}
"""Region → DIVIPOLA codes of its departments; every other one is of the Andes."""


def region(code: str) -> str:
    """Return the region of a DIVIPOLA municipality code, as the thread's class names it."""
    return next((name for name, codes in REGIONS.items() if code[:2] in codes), "andes")


@cache
def grid(code: int) -> Grid:
    """Return the motif of ``code``: rows of squares, true where it is woven."""
    seed = code * 15 % _PRIME
    for _ in range(_TRIES):
        seed = seed * _STEP % _PRIME
        found = _woven(seed)
        if passes(found):
            return found
    raise ValueError(f"no motif for {code}")


def passes(squares: Grid) -> bool:
    """Whether a motif reads well: neither bare nor full, with rows that differ and few lone squares."""
    share = sum(map(sum, squares)) / SIZE**2
    return (
        0.38 <= share <= 0.62
        and 2 <= sum(squares[0]) <= 7
        and len(set(squares)) >= 4
        and lone_squares(squares) <= 20
    )


def lone_squares(squares: Grid) -> int:
    """Count woven squares that touch no other one by a side."""
    woven = {(row, column) for row in range(SIZE) for column in range(SIZE) if squares[row][column]}
    return sum(
        not woven & {(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)}
        for row, column in woven
    )


def _woven(seed: int) -> Grid:
    modulus = 3 + seed % 4
    along, far, near = 1 + seed // 7 % 2, seed // 31 % 4, seed // 101 % 4
    offset, limit = seed // 307 % 6, -(-modulus // 2)

    def is_woven(row: int, column: int) -> bool:
        p, q = abs(row - CENTER), abs(column - CENTER)
        return ((p + q) * along + max(p, q) * far + min(p, q) * near + offset) % modulus < limit

    return tuple(tuple(is_woven(row, column) for column in range(SIZE)) for row in range(SIZE))


def _is_thread(row: int, column: int) -> bool:
    return abs(row - CENTER) + abs(column - CENTER) <= THREAD


def _runs(rows: Iterable[tuple[int, list[bool]]]) -> str:
    """Return the horizontal runs of true squares as the data of one path, one unit a square."""
    drawn = []
    for number, row in rows:
        column = 0
        while column < len(row):
            start = column
            while column < len(row) and row[column]:
                column += 1
            if column > start:
                drawn.append(f"M{start} {number}h{column - start}v1h{start - column}z")
            column += column == start
    return "".join(drawn)


@cache
def paths(code: str) -> tuple[str, str]:
    """Return the path data of a city's motif: the cloth, and the thread of its region in the middle."""
    squares = grid(int(code))
    cloth = [
        (row, [woven and not _is_thread(row, column) for column, woven in enumerate(squares[row])])
        for row in range(SIZE)
    ]
    thread = [
        (row, [woven and _is_thread(row, column) for column, woven in enumerate(squares[row])])
        for row in range(SIZE)
    ]
    return _runs(cloth), _runs(thread)


@cache
def cover_path(code: str, place: int) -> str:
    """Return the upper rows of a route's motif; its n-th guide turns the code n digits."""
    place %= len(code)
    rows = grid(int(code[place:] + code[:place]))[:COVER_ROWS]
    return _runs((number, list(row)) for number, row in enumerate(rows))
