"""What is misconfigured, in plain words, each with how to mend it. Knows settings and services, no HTTP."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from guias.models import ChapterReview
from portal.conf import LEAST_SECRET, NEW_KEY, answers, unknown_variables
from portal.models import ContentPage, WorkerBeat
from search import indexing, service

LEAST_FREE = 500 * 1024 * 1024
ELSEWHERE = {"POSTGRES_PASSWORD", "PORT", "COMPOSE_PROJECT_NAME"}
"""What an .env may hold for the container set and not for us."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well (``mend`` is empty), a warning, or an error that stops the portal."""

    what: str
    mend: str = ""
    is_error: bool = False


def examine() -> list[Finding]:
    """Look at everything; one that fails does not keep the others from being looked at."""
    looks: list[Callable[[], Iterator[Finding]]] = [
        _database,
        _folder,
        _addresses,
        _secrets,
        _mail,
        _search,
        _cache,
        _worker,
        _privacy,
        _reviews,
        _env_file,
        _django,
    ]
    return [finding for look in looks for finding in look()]


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(
            _("La base de datos no responde: %s") % error,
            _("Revise DATABASE_URL y que el servidor esté encendido."),
            is_error=True,
        )
        return
    if waiting:
        yield Finding(
            _("A la base de datos le faltan %s cambios.") % len(waiting),
            _("Ejecute: python manage.py migrate"),
            is_error=True,
        )
    else:
        yield Finding(_("Base de datos: %s, al día.") % connection.vendor)


def _folder() -> Iterator[Finding]:
    folder = Path(settings.VAR_DIR)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Finding(
            _("No se puede escribir en %s.") % folder,
            _("Cree la carpeta y désela a quien ejecuta el portal, o ponga otra en VAR_DIR."),
            is_error=True,
        )
        return
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding(
            _("Quedan %s MB libres en el disco.") % (free // 1024**2),
            _("Libere espacio, o mueva VAR_DIR a otro disco."),
        )
    else:
        yield Finding(_("Carpeta %s: se puede escribir.") % folder)


def _addresses() -> Iterator[Finding]:
    host = urlsplit(settings.ORIGIN).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    if not answers(host, allowed):
        yield Finding(
            _("El portal no contestaría en su propia dirección, %s.") % settings.ORIGIN,
            _("Agregue %s a ALLOWED_HOSTS.") % host,
            is_error=True,
        )
    elif "*" in allowed:
        yield Finding(
            _("ALLOWED_HOSTS acepta cualquier nombre."), _("Ponga ahí solo los nombres del portal.")
        )
    else:
        yield Finding(_("Dirección: %s.") % settings.ORIGIN)
    if not settings.PORTAL_DEMO and not settings.HTTPS:
        yield Finding(
            _("Las contraseñas viajan sin cifrar: la dirección no empieza por https."),
            _("Ponga un certificado en el servidor web y BASE_URL=https://…"),
        )


def _secrets() -> Iterator[Finding]:
    if len(settings.SECRET_KEY) < LEAST_SECRET:
        yield Finding(
            _("SECRET_KEY es corta: tiene %s letras.") % len(settings.SECRET_KEY),
            _("Genere una con: %s") % NEW_KEY,
        )
    else:
        yield Finding(_("SECRET_KEY: bien."))


def _mail() -> Iterator[Finding]:
    on_screen = settings.EMAIL_BACKEND.endswith("console.EmailBackend")
    if on_screen and not settings.PORTAL_DEMO:
        yield Finding(
            _("El correo no sale: se escribe en la pantalla. Nadie podrá confirmar su cuenta."),
            _("Ponga EMAIL_URL, por ejemplo smtp+tls://usuario:clave@correo.red.example:587"),
        )
    else:
        yield Finding(_("Correo: en la pantalla.") if on_screen else _("Correo: sale del portal."))


def _search() -> Iterator[Finding]:
    try:
        health, refused = service.health(), indexing.refusal()
    except Exception as error:  # whatever an engine raises
        yield Finding(_("El buscador no responde: %s") % error, _("Revise SEARCH_URL."))
        return
    if health.ready and refused:
        yield Finding(
            _("El buscador no recibe cambios: %s") % refused[:200],
            _("Mire si el disco está lleno. Lo que espera entra solo cuando haya lugar."),
        )
    elif health.ready:
        yield Finding(_("Buscador: listo."))
    elif health.damaged:
        yield Finding(
            _("El índice de búsqueda está dañado: %s") % health.detail[:200],
            _("Espere: el trabajador lo rehace solo. Mire que esté encendido."),
        )
    elif not health.ok:
        yield Finding(_("El buscador no responde: %s") % health.detail[:200], _("Revise SEARCH_URL."))
    else:
        yield Finding(_("El índice de búsqueda está vacío."), _("Ejecute: python manage.py rebuild_index"))


def _cache() -> Iterator[Finding]:
    try:
        cache.set("doctor", "1", 5)
        works = cache.get("doctor") == "1"
    except Exception:  # a cache server raises its own errors
        works = False
    if works:
        yield Finding(_("Caché: bien."))
    else:
        yield Finding(
            _("La caché no responde."), _("Revise REDIS_URL y que Redis esté encendido."), is_error=True
        )


def _worker() -> Iterator[Finding]:
    try:
        alive = WorkerBeat.objects.alive().exists()
    except DatabaseError:
        return
    if alive:
        yield Finding(_("Trabajador: en marcha."))
    else:
        yield Finding(
            _("Ningún trabajador ha dado señal: no salen correos ni se actualiza la búsqueda."),
            _("Encienda el portal con «manage.py serve», o un trabajador con «manage.py worker»."),
        )


def _privacy() -> Iterator[Finding]:
    """Ley 1581 de 2012: people must know who answers for their data. The page is born without it."""
    try:
        untouched = ContentPage.objects.filter(slug="datos-personales", latest_revision=None).exists()
    except DatabaseError:
        return
    if untouched and not settings.PORTAL_DEMO:
        yield Finding(
            _("La página «Datos personales» no dice qué entidad responde por ellos."),
            _("Escriba su nombre, NIT, dirección, teléfono y correo en /admin/, Páginas."),
        )


def _reviews() -> Iterator[Finding]:
    """Chapters that are overdue and that no person answers for: all editors are asked, so perhaps nobody."""
    try:
        found = ChapterReview.objects.living().overdue().with_people()
        alone = sum(review.answerable is None for review in found)
    except DatabaseError:
        return
    if alone:
        yield Finding(
            _("Capítulos de guías por revisar y sin persona a cargo: %s.") % alone,
            _("Póngale a cada guía quién responde, o a cada capítulo en /admin/guias/vigencia/."),
        )


def _env_file() -> Iterator[Finding]:
    path, example = settings.BASE_DIR / ".env", settings.BASE_DIR / ".env.example"
    if not path.is_file() or not example.is_file():
        return
    for name, near in unknown_variables(_names(path), _names(example) | ELSEWHERE).items():
        mend = _("¿Quiso decir %s?") % near if near else _("Quítela: no sirve para nada.")
        yield Finding(_("En .env hay una variable que el portal no conoce: %s.") % name, mend)


def _names(path: Path) -> set[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {
        line.removeprefix("export ").split("=", 1)[0].strip()
        for line in lines
        if "=" in line and not line.startswith("#")
    }


def _django() -> Iterator[Finding]:
    for message in run_checks():
        if message.level >= 30 and not message.is_silenced():
            yield Finding(str(message.msg), str(message.hint or ""), is_error=message.is_serious())
