"""Figures about places that say nothing about a person: groups of fewer than five are not shown.

Nor can they be computed. A group that may not be shown is not blotted out beside its total, where it would
be the difference: it is put together with all others that may not, and with those of whom nobody knows where
they are, and has no name. Where that would still be one group and nothing else, the smallest of the others
joins it. ``tests/nucleo/test_discretion.py`` looks for a way to compute one.

What is published is a function of each table alone: who shows several adds up what was published of each,
and never publishes the sum of what was not. Knows no model.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5
"""Different people for whom a figure of a group may stand."""

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a group, and how many different people it stands for, at least."""

    figure: int
    people: int


@dataclass(frozen=True, slots=True)
class Shown(Generic[Group]):
    """What may be said: the figures of some groups, and one of all else."""

    groups: Mapping[Group, int]
    rest: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.groups.values()) + self.rest


def shown(cells: Mapping[Group, Cell], nowhere: int = 0) -> Shown[Group]:
    """Return what may be shown of ``cells``; ``nowhere`` is the figure of those of no group."""
    open_ = {group: cell.figure for group, cell in cells.items() if cell.people >= LEAST}
    hidden = [group for group, cell in cells.items() if group not in open_ and cell.figure]
    if len(hidden) == 1 and not nowhere and open_:
        del open_[min(open_, key=lambda group: (open_[group], str(group)))]
    every = sum(cell.figure for cell in cells.values()) + nowhere
    return Shown(open_, every - sum(open_.values()))


def added(tables: Iterable[Shown[Group]]) -> Shown[Group]:
    """Return several published tables as one: the sums of what each shows."""
    groups: dict[Group, int] = {}
    rest = 0
    for table in tables:
        rest += table.rest
        for group, figure in table.groups.items():
            groups[group] = groups.get(group, 0) + figure
    return Shown(groups, rest)
