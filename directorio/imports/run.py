"""One import from beginning to end: each row by itself, so that a bad one stops no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directorio.actions import save_entry
from directorio.imports.kinds import KINDS, BadCell, Kind, sentences
from directorio.imports.sheets import Cells, Unreadable, read


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row of the file; ``row`` counts as a spreadsheet does, the header being 1."""

    row: int
    sentence: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do when it was a dry run."""

    kind: str
    dry_run: bool
    created: int = 0
    updated: int = 0
    unknown_headers: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class _Undo(Exception):
    """Carries a dry run out of its transaction."""


def import_file(path: Path, *, dry_run: bool = False) -> Report:
    """Take in the rows of ``path``; rows that already exist (by NIT or name) are brought up to date.

    A row with an error is left out and told; the others go in. A dry run goes the whole way, constraints
    of the database included, and takes everything back. Raises Unreadable for the file as a whole.
    """
    headers, rows = read(path)
    kind = _kind_of(headers)
    report = Report(kind=kind.name, dry_run=dry_run)
    report.unknown_headers = sorted(set(filter(None, headers)) - kind.needs - kind.knows)
    try:
        with transaction.atomic():
            _take(kind, rows, report)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return report


def _kind_of(headers: list[str]) -> Kind:
    for kind in KINDS:
        if kind.needs <= set(headers):
            return kind
    wanted = " · ".join(", ".join(sorted(kind.needs)) for kind in KINDS)
    raise Unreadable(
        _("No se sabe qué trae el archivo. La primera fila debe tener estas columnas: %(wanted)s.")
        % {"wanted": wanted}
    )


def _take(kind: Kind, rows: Iterable[tuple[int, Cells]], report: Report) -> None:
    seen: dict[str, int] = {}
    for number, cells in rows:
        complete = dict.fromkeys(kind.needs, "") | cells
        earlier = next((seen[key] for key in kind.keys(complete) if key in seen), None)
        if earlier is not None:
            text = _("Está repetida: es la misma de la fila %(row)s.") % {"row": earlier}
            report.errors.append(RowError(number, text))
            continue
        seen.update(dict.fromkeys(kind.keys(complete), number))
        report.errors += [RowError(number, text) for text in _take_row(kind, complete, report)]


def _take_row(kind: Kind, cells: Cells, report: Report) -> list[str]:
    """Write one row; return what is wrong with it."""
    try:
        found = kind.find(cells)
        entry = found or kind.model()
        related = kind.build(cells, entry)
        save_entry(entry=entry, related=related)
    except BadCell as problem:
        return [str(problem)]
    except ValidationError as problem:
        return sentences(problem, kind.model)
    if found is None:
        report.created += 1
    else:
        report.updated += 1
    return []
