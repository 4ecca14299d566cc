"""``manage.py restore FILE``: puts a backup back, brings it up to date and fills the index anew."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal import backups
from portal.preparation import take_as_it_is
from portal.worker import lock_file


class Command(BaseCommand):
    """Refuses while the portal runs, and to replace anything without ``--yes``."""

    help = "Pone de vuelta una copia hecha con «manage.py backup». El portal debe estar apagado."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and whether what is there may be replaced."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--yes", action="store_true", help="Reemplaza lo que hay; queda guardado en otra carpeta."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, migrate, index."""
        locks = [lock_file(Path(settings.VAR_DIR) / name) for name in ("serve.lock", "worker.lock")]
        try:
            if None in locks:
                raise CommandError("El portal está en marcha con esta carpeta. Deténgalo primero (Ctrl-C).")
            self._restore(options["file"], overwrite=options["yes"])
        finally:
            for lock in locks:
                if lock is not None:
                    lock.close()

    def _restore(self, source: Path, *, overwrite: bool) -> None:
        try:
            aside = backups.restore(source.absolute(), overwrite=overwrite)
        except backups.BadBackup as problem:
            raise CommandError(str(problem)) from problem
        if backups.database_file() is None:
            self.stdout.write(
                "Los archivos están de vuelta. La base de datos se trae de su propia copia con:\n  "
                + backups.dump_command(back=True)
                + "\nDespués: python manage.py migrate && python manage.py rebuild_index"
            )
        else:
            call_command("migrate", interactive=False, verbosity=0)
            take_as_it_is()
            call_command("rebuild_index", verbosity=0)
            self.stdout.write("La copia está de vuelta, al día y con el índice de búsqueda nuevo.")
        if aside is not None:
            self.stdout.write(f"Lo que había antes quedó en {aside}; bórrelo cuando ya no lo necesite.")
