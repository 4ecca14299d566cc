"""``manage.py backup FILE``: database, uploaded and private files in one file, while the portal runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import backups


class Command(BaseCommand):
    """Writes the file; never over another one."""

    help = "Guarda en un archivo la base de datos y los archivos. Se puede hacer con el portal encendido."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path, metavar="FILE", help="Por ejemplo copia-2026-11-03.tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        """Save, and say what is not in it."""
        target: Path = options["file"]
        try:
            manifest = backups.save(target.absolute())
        except backups.BadBackup as problem:
            raise CommandError(str(problem)) from problem
        size = target.stat().st_size / 1024**2
        self.stdout.write(f"Copia lista: {target} ({size:.1f} MB). Guárdela en otra máquina.")
        if not manifest.has_database:
            self.stdout.write(
                "La base de datos está en un servidor PostgreSQL y NO está en esta copia. Guárdela con:\n  "
                + backups.dump_command()
            )
        self.stdout.write("SECRET_KEY y las demás variables no están en la copia: guárdelas aparte.")
