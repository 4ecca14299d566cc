"""``manage.py import_directory FILE --dry-run``: institutions, suppliers or centres from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from directorio.imports import Unreadable, import_file


class Command(BaseCommand):
    """Tell, row by row, what could not be taken; exit with 1 when there is any."""

    help = "Trae instituciones, proveedores o centros de un archivo CSV o XLSX, según sus columnas."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether to write nothing."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Revisa el archivo y no escribe nada.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        try:
            report = import_file(options["file"], dry_run=options["dry_run"])
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for header in report.unknown_headers:
            self.stdout.write(_("La columna «%(header)s» no se usa.") % {"header": header})
        for error in report.errors:
            self.stderr.write(_("Fila %(row)s: %(text)s") % {"row": error.row, "text": error.sentence})
        told = {"kind": report.kind, "new": report.created, "old": report.updated, "bad": len(report.errors)}
        self.stdout.write(_("%(kind)s: %(new)s nuevos, %(old)s al día, %(bad)s errores.") % told)
        if report.dry_run:
            self.stdout.write(_("Fue un ensayo: no se escribió nada."))
        if report.errors:
            raise CommandError(_("Corrija las filas señaladas y vuelva a traer el archivo."))
