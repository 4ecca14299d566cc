"""``manage.py demo``: fills the portal with its demonstration; again changes nothing.

Each step is one module of ``portal.demo`` and one line on the screen. ``--size`` adds synthetic volume,
marked as such, for tests of speed.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.bootstrap import ensure_site
from portal.content import load_pages
from portal.demo import accounts

REFUSAL = (
    "Este portal no es de demostración: falta PORTAL_DEMO=1. No se cargó nada. "
    "Las cuentas de demostración tienen una clave pública y no deben existir en un portal de verdad."
)


class Command(BaseCommand):
    """Loads the directory, the accounts, and what each app shows of itself."""

    help = "Carga la demostración. Se puede llamar cuantas veces se quiera."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much synthetic volume to add."""
        parser.add_argument(
            "--size",
            choices=["small", "medium", "large"],
            default="small",
            help="small: solo la demostración; medium y large le suman volumen sintético.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order."""
        if not settings.PORTAL_DEMO:
            raise CommandError(REFUSAL)
        self.verbosity = options["verbosity"]
        self._step("Directorio", lambda: self._load("directorio"))
        users = self._step("Cuentas", accounts.load)
        self._step("Páginas", lambda: load_pages(ensure_site()))
        self._step("Agenda", lambda: self._load("agenda"))
        self._step("Indicadores", lambda: self._load("indicadores"))
        self._step("Guías", lambda: self._load("guias"))
        self._step("Formación", lambda: self._load("formacion", users))
        self._step("Formatos", lambda: self._load("formatos"))
        self._step("Redes y mesas", lambda: self._load("redip", users))
        self._step("Comunidad", lambda: self._load("comunidad", users))
        self._step("Preguntas", lambda: self._load("preguntas"))
        if options["size"] != "small":
            self._step("Volumen sintético", lambda: self._load("volume", options["size"]))

    def _step(self, title: str, action: Callable[[], Any]) -> Any:
        started = time.monotonic()
        result = action()
        if self.verbosity:
            self.stdout.write(f"· {title}: {time.monotonic() - started:.1f} s")
        return result

    def _load(self, name: str, *arguments: Any) -> Any:
        if find_spec(f"portal.demo.{name}"):
            return import_module(f"portal.demo.{name}").load(*arguments)
        return None
