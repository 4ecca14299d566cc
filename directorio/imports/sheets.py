"""A CSV or XLSX file as numbered rows of text by header. Knows no model."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nucleo.office_look import UnfitError, look

MAX_ROWS = 20_000
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes of an XLSX once unpacked: openpyxl holds all texts of a book at once."""

Cells = dict[str, str]


class Unreadable(Exception):
    """The file as a whole cannot be taken; ``str()`` is a sentence for who sent it."""


def read(path: Path) -> tuple[list[str], list[tuple[int, Cells]]]:
    """Return the headers (lower case, as written) and (row number in the file, cells by header) pairs.

    Empty rows are left out. Raises Unreadable.
    """
    if not path.is_file():
        raise Unreadable(_("No hay un archivo en %(path)s.") % {"path": path})
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(_("El archivo pesa más de 10 MB. Divídalo en partes."))
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise Unreadable(_("Solo se leen archivos CSV y XLSX."))
    lines = _xlsx(path) if suffix == ".xlsx" else _csv(path)
    return _table(lines)


def _table(lines: Iterator[list[str]]) -> tuple[list[str], list[tuple[int, Cells]]]:
    headers = [cell.strip().lower() for cell in next(lines, [])]
    if not any(headers):
        raise Unreadable(_("La primera fila debe traer los nombres de las columnas."))
    rows: list[tuple[int, Cells]] = []
    for number, line in enumerate(lines, start=2):
        if number > MAX_ROWS + 1:
            raise Unreadable(_("El archivo tiene más de %(n)s filas. Divídalo en partes.") % {"n": MAX_ROWS})
        cells = {header: _clean(cell) for header, cell in zip(headers, line, strict=False) if header}
        if any(cells.values()):
            rows.append((number, cells))
    return headers, rows


def _clean(cell: str) -> str:
    """Drop outer spaces and the quote that our own exports put before what looks like a formula."""
    text = cell.replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r\n" else text


def _csv(path: Path) -> Iterator[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as problem:
        raise Unreadable(_("El CSV está dañado: %(problem)s.") % {"problem": problem}) from problem


def _xlsx(path: Path) -> Iterator[list[str]]:
    _check(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as problem:
        raise Unreadable(_("El archivo no es un XLSX que se pueda abrir.")) from problem
    try:
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in line]
    finally:
        book.close()


def _check(path: Path) -> None:
    """Raise Unreadable for what is no XLSX, is damaged, or unpacks to a flood: openpyxl would open it all."""
    try:
        with path.open("rb") as file:
            if look(file, MAX_UNPACKED) == "xlsx":
                return
    except UnfitError as problem:
        if problem.reason == "flood":
            raise Unreadable(_("El archivo se infla al abrirlo. Guárdelo como CSV.")) from problem
    raise Unreadable(_("El archivo no es un XLSX que se pueda abrir, o está dañado."))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
