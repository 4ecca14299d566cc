"""The judged queries, and what a list of results is worth against them. Knows no engine and no Django."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

SETS = {
    "first": Path(__file__).with_name("queries.yaml"),
    "second": Path(__file__).with_name("queries_second.yaml"),
    "files": Path(__file__).with_name("queries_files.yaml"),
}
"""The sets of queries by name, each frozen when it was written (README.md)."""
POOLED = Path(__file__).with_name("judgements_pooled.yaml")
"""What pooling judged later, for the same queries: kept apart, so that each set stays as it was written."""
FILES = "files"
"""The set that asks for what stands inside files. It came later: ``all`` and its halves are without it."""
HALVES = ("tune", "report")
GOOD = 2
"""From this grade on a result is a success."""
EXACT = 3
DEPTH = 10
MEASURES = ("success@1", "success@5", "MRR", "NDCG@10", "exact@1")


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, who asks it (an account of the demonstration; nobody: anonymous) and grades by document."""

    kind: str
    text: str
    account: str
    grades: dict[str, int]
    set: str = ""
    page: int = 0
    """The page of a PDF that says it; 0 where nothing has pages."""
    added: frozenset[str] = frozenset()
    """Documents that only pooling has graded."""

    @property
    def unpooled(self) -> Judged:
        """The query with the grades that it was written with."""
        first = {name: grade for name, grade in self.grades.items() if name not in self.added}
        return replace(self, grades=first, added=frozenset())

    @property
    def half(self) -> str:
        """``tune`` or ``report``, by the text alone: what was tuned on is never what is reported."""
        return "tune" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "report"


@dataclass(frozen=True, slots=True)
class Score:
    """What one answer is worth, and its first results as they came."""

    query: Judged
    found: tuple[str, ...]
    opened: tuple[int, ...] = ()
    """The page at which each of them opens; 0: at its beginning."""

    @property
    def unpooled(self) -> Score:
        """The same answer against the grades that the query was written with."""
        return replace(self, query=self.query.unpooled)

    @property
    def is_right_page(self) -> bool:
        """Whether the exact answer is among the results and opens at the page that says it."""
        places = zip(self.found, self.opened, strict=True)
        return any(self.query.grades.get(one) == EXACT and at == self.query.page for one, at in places)

    @property
    def values(self) -> dict[str, float]:
        """The measures by name; those of a set are their means."""
        grades = [self.query.grades.get(name, 0) for name in self.found[:DEPTH]]
        first = next((place for place, grade in enumerate(grades, 1) if grade >= GOOD), 0)
        ideal = sorted(self.query.grades.values(), reverse=True)[:DEPTH]
        return {
            "success@1": float(first == 1),
            "success@5": float(0 < first <= 5),
            "MRR": 1 / first if first else 0.0,
            "NDCG@10": _gain(grades) / _gain(ideal),
            "exact@1": float(grades[:1] == [EXACT]),
        }


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def mean(scores: Iterable[Score]) -> dict[str, float]:
    """Return the mean of each measure, rounded to four places."""
    rows = [score.values for score in scores]
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in MEASURES}


def load(sets: Mapping[str, Path] = SETS, pooled: Path | None = POOLED) -> list[Judged]:
    """Return the queries with what pooling added.

    Raises ValueError for one without an exact answer or asked twice, and for what pooling may not do: grade
    again, or grade a query that is in no set.
    """
    found: list[Judged] = []
    later = _later(pooled) if pooled else {}
    for name, path in sets.items():
        for kind, rows in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for row in rows:
                first, more = _graded(row), later.pop((name, row["q"]), {})
                if again := first.keys() & more:
                    raise ValueError(f"pooling grades {again} again for {row['q']!r}")
                account, page = row.get("as", ""), row.get("page", 0)
                found.append(Judged(kind, row["q"], account, first | more, name, page, frozenset(more)))
    if later := {key: grades for key, grades in later.items() if key[0] in sets}:
        raise ValueError(f"pooling grades what nobody asks: {sorted(later)}")
    for one in found:
        if EXACT not in one.unpooled.grades.values():
            raise ValueError(f"{one.text!r} has no document that is exactly it")
    if len({(one.text, one.account) for one in found}) < len(found):
        raise ValueError("a query stands twice")
    return found


def _later(path: Path) -> dict[tuple[str, str], dict[str, int]]:
    """Return what pooling added, by set and query."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    later = {(name, row["q"]): _graded(row) for name, some in rows.items() for row in some}
    if len(later) < sum(map(len, rows.values())):
        raise ValueError("a query stands twice in what pooling added")
    return later


def _graded(row: Mapping[str | int, Any]) -> dict[str, int]:
    return {one: grade for grade in (1, 2, 3) for one in _listed(row.get(grade, []))}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def name_of(url: str, title: str) -> str:
    """Return how the judgements call a document: its address without row numbers.

    ``/comunidad/orientacion/12-como-se-hace/`` loses its number; where the number is all there is
    (actas, commitments) the title takes its place. What opens at a reply or a page is its document.
    """
    *folders, last = re.split(r"[?#]", url)[0].strip("/").split("/")
    if last.isdecimal():
        last = re.sub(r"[^a-z0-9]+", "-", _bare(title)).strip("-")
    elif folders[:1] == ["comunidad"]:
        last = re.sub(r"^\d+-", "", last)
    return "/".join([*folders, last])


def page_of(url: str) -> int:
    """Return the page at which an address opens a PDF; 0 for any other."""
    found = re.search(r"#page=(\d+)$", url)
    return int(found[1]) if found else 0


def _bare(text: str) -> str:
    return text.lower().translate(str.maketrans("áéíóúüñ", "aeiouun"))
