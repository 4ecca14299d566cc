"""The computed parts of the settings, as functions that can be tested without Django.

``settings.py`` reads the environment and calls these; nothing here reads it. A value that cannot be
used raises :class:`BadSetting` with the sentence the operator sees.
"""

from __future__ import annotations

import os
import re
import secrets
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit


class BadSetting(ValueError):
    """An environment variable has a value that the portal cannot start with."""


def yes_or_no(name: str, value: str) -> bool:
    """Return whether ``value`` of the variable ``name`` says yes; empty is no. Raises BadSetting."""
    word = value.strip().lower()
    if word in {"1", "true", "yes", "on", "si", "sí"}:
        return True
    if word in {"", "0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} debe ser 1 (sí) o 0 (no). Es: {value!r}")


def whole_number(name: str, value: str, *, least: int = 1, most: int = 0) -> int:
    """Return ``value`` as a number from ``least`` to ``most`` (0: no bound); raises BadSetting otherwise."""
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least or (most and number > most):
        upto = f" hasta {most}" if most else ""
        raise BadSetting(f"{name} debe ser un número desde {least}{upto}. Es: {value!r}")
    return number


def port_number(name: str, value: str) -> int:
    """Return the number of a port; raises BadSetting for what is none."""
    return whole_number(name, value, most=65_535)


def not_empty(name: str, value: str, example: str) -> str:
    """Return ``value``; raises BadSetting when it is empty or blank."""
    if not value.strip():
        raise BadSetting(f"{name} está vacía. Quítela, o escriba por ejemplo {example}")
    return value


def folder(name: str, value: str, example: str, *, written: bool = True) -> Path:
    """Return the folder ``value``, made if it was not there; raises BadSetting when it cannot be made.

    So too when it is ``written`` while the portal runs, and cannot be.
    """
    path = Path(not_empty(name, value, example))
    try:
        path.mkdir(parents=True, exist_ok=True)
        usable = not written or os.access(path, os.W_OK | os.X_OK)
    except (OSError, ValueError):  # ValueError: a name that holds a null character
        usable = False
    if not usable:
        raise BadSetting(
            f"{name} debe nombrar una carpeta en la que el portal pueda escribir, por ejemplo {example}. "
            f"No se puede crear o escribir: {value!r}"
        )
    return path


def _parts(value: str) -> SplitResult | None:
    """Return the parts of an address; nothing when it has half a bracket, a port of letters or a space."""
    try:
        parts = urlsplit(value)
        written = parts.port
    except ValueError:
        return None
    return parts if written != 0 and not re.search(r"\s", value) else None


def database_url(value: str) -> str:
    """Return ``value`` when it names a database of ours; raises BadSetting (without the password) if not.

    The folder of an SQLite file is made when it was not there.
    """
    parts = _parts(value)
    scheme = parts.scheme if parts else ""
    if parts is None or scheme not in {"sqlite", "postgres", "postgresql"}:
        raise BadSetting(
            "DATABASE_URL debe empezar por sqlite:/// o por postgres://, por ejemplo "
            "postgres://usuario:clave@127.0.0.1:5432/portal; los signos de la clave se escriben como %23. "
            f"Empieza por: {scheme or value[:8]!r}"
        )
    name = parts.path.removeprefix("/")
    if scheme == "sqlite":
        if not name:
            raise BadSetting(
                "DATABASE_URL debe decir el archivo después de sqlite:///, por ejemplo "
                "sqlite:///var/datos.sqlite3"
            )
        folder("DATABASE_URL", str(Path(name).parent), "sqlite:///var/datos.sqlite3")
    elif not name:
        raise BadSetting(
            "DATABASE_URL debe decir el nombre de la base al final, por ejemplo "
            "postgres://usuario:clave@127.0.0.1:5432/portal"
        )
    return value


def redis_url(value: str) -> str:
    """Return ``value`` (or nothing); raises BadSetting unless it is a Redis address."""
    parts = _parts(value)
    if value and (
        parts is None
        or parts.scheme not in {"redis", "rediss", "unix"}
        or not (parts.path if parts.scheme == "unix" else parts.hostname)
    ):
        raise BadSetting(
            "REDIS_URL debe empezar por redis:// y decir el servidor, por ejemplo redis://127.0.0.1:6379/0"
        )
    return value


MAIL_SCHEMES = (
    "smtp",
    "smtp+tls",
    "smtp+ssl",
    "consolemail",
    "filemail",
    "memorymail",
    "dummymail",
)


def email_url(value: str) -> str:
    """Return ``value``; raises BadSetting unless it says how mail leaves, and by which server or folder."""
    parts = _parts(value)
    if (
        parts is None
        or parts.scheme not in MAIL_SCHEMES
        or (parts.scheme.startswith("smtp") and not parts.hostname)
        or (parts.scheme == "filemail" and not parts.path.strip("/"))
    ):
        raise BadSetting(
            "EMAIL_URL debe empezar por smtp+tls://, por ejemplo "
            "smtp+tls://usuario:clave@correo.red.example:587, o ser consolemail:// para verlo en la pantalla"
        )
    return value


def sender(value: str) -> str:
    """Return who mail comes from, ``Name <address>`` or an address alone; raises BadSetting otherwise."""
    if not re.fullmatch(r"(?:[^<>@\r\n]+<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)", value.strip()):
        raise BadSetting(
            "DEFAULT_FROM_EMAIL debe ser un correo, solo o con nombre, por ejemplo "
            f"Red Cemprende <no-responder@red.example>. Es: {value!r}"
        )
    return value.strip()


def media_url(value: str) -> str:
    """Return the path below which pictures are; raises BadSetting unless it is one of this site.

    Another site is refused: the content policy would keep browsers from showing its pictures.
    """
    if not re.fullmatch(r"/(?:[\w.~-]+/)+", value) or value.startswith("/static/"):
        raise BadSetting(
            "MEDIA_URL_BASE debe ser un camino de este sitio que empieza y termina en /, como /media/, y no "
            f"/static/. Es: {value!r}"
        )
    return value


def allowed_hosts(value: str) -> list[str]:
    """Return the names of ``value``; raises BadSetting when one is no name, or there is none."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    wrong = [
        name for name in names if not re.fullmatch(r"\*|\.?[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\]", name)
    ]
    if wrong or not names:
        raise BadSetting(
            "ALLOWED_HOSTS debe tener los nombres a los que responde el portal, separados por comas, sin "
            f"http:// ni puerto, como red.example,www.red.example. Es: {(wrong[0] if wrong else value)!r}"
        )
    return names


def answers(host: str, allowed: list[str]) -> bool:
    """Return whether a portal that answers to ``allowed`` answers to ``host``."""
    host = host.lower()
    dotted = [f".{host.split('.', n)[-1]}" for n in range(host.count(".") + 1)]
    return bool({host, f"[{host}]", "*", *dotted} & {name.lower() for name in allowed})


def must_answer(base_url: str, allowed: list[str]) -> None:
    """Raise BadSetting when the portal would refuse the address that people type."""
    host = urlsplit(base_url).hostname or ""
    if not answers(host, allowed):
        raise BadSetting(
            f"ALLOWED_HOSTS debe tener {host}, que es el nombre que está en BASE_URL; o cambie "
            f"BASE_URL. Es: {','.join(allowed)!r}"
        )


def demo_password(value: str, *, demo: bool) -> str:
    """Return the password of the demonstration accounts; raises BadSetting when they would have none."""
    return not_empty("DEMO_PASSWORD", value, "cemprende-demo") if demo else value


def token(name: str, value: str) -> str:
    """Return a secret that goes in a header (or nothing); raises BadSetting when a header cannot carry it."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]*", value):
        raise BadSetting(
            f"{name} debe ser una palabra sin espacios ni tildes, como la que da: "
            'python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return value


def unknown_variables(written: set[str], known: set[str]) -> dict[str, str]:
    """Return the names ``written`` in an ``.env`` file that are not ``known``, each with the nearest one."""
    return {
        name: next(iter(get_close_matches(name, sorted(known), n=1)), "")
        for name in sorted(written)
        if name not in known
    }


LEAST_SECRET = 40
"""Letters of a key that nobody guesses."""
NEW_KEY = 'python -c "import secrets; print(secrets.token_urlsafe(50))"'


def secret_key(given: str, *, directory: Path, demo: bool) -> str:
    """Return ``given``, or with ``demo`` a key kept in ``directory/secret_key`` (made once, mode 0600).

    Raises BadSetting when production starts without a key: a key made anew at each start would sign
    everybody out, and one kept in the code would be public. So is one that can be guessed, which would let
    anybody sign as the portal.
    """
    if given and not demo and (len(given) < LEAST_SECRET or len(set(given)) < 8):
        raise BadSetting(
            f"SECRET_KEY debe tener {LEAST_SECRET} letras o más, bien distintas. Tiene {len(given)}. "
            f"Genere una con: {NEW_KEY}"
        )
    if given:
        return given
    if not demo:
        raise BadSetting(f"Falta SECRET_KEY. Genere una con: {NEW_KEY}")
    path = directory / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip() or _new_key(path)
    except FileNotFoundError:
        return _new_key(path)


def _new_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


def with_engine_options(database: dict[str, Any]) -> dict[str, Any]:
    """Add what each database engine needs to be safe under several threads and processes.

    SQLite: write-ahead log, and ``IMMEDIATE`` transactions so that two writers queue up for
    ``timeout`` seconds instead of failing with "database is locked" halfway through. PostgreSQL: a
    connection pool, health-checked, since ASGI opens one connection per thread otherwise.
    """
    engine = str(database.get("ENGINE", ""))
    options = dict(database.get("OPTIONS", {}))
    if engine.endswith("sqlite3"):
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
            ),
        }
    elif engine.endswith("postgresql"):
        options |= {"pool": {"min_size": 1, "max_size": 12, "timeout": 10}}
        database = {**database, "CONN_MAX_AGE": 0}
    return {**database, "OPTIONS": options}


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """Return Django's ``CACHES``: Redis when there is one, else the memory of this one process.

    ``marks`` is apart (``nucleo.counting``): the many marks of readers never push out the few of a sign-in.
    """
    if redis_url:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
        return {"default": redis, "marks": {**redis, "KEY_PREFIX": "marks"}}
    memory = "django.core.cache.backends.locmem.LocMemCache"
    some = {"BACKEND": memory, "OPTIONS": {"MAX_ENTRIES": 20_000}}
    return {name: {**some, "LOCATION": name} for name in ("default", "marks")}


def channel_layers(redis_url: str) -> dict[str, dict[str, Any]]:
    """Return ``CHANNEL_LAYERS``: Redis pub/sub for many processes, memory for one."""
    if not redis_url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    return {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [redis_url]},
        }
    }


def local_address(argv: list[str], port: int = 8000) -> str:
    """Return where the portal is on its own machine: the port that ``serve --port`` names, else ``port``.

    Raises BadSetting when what it names is no port.
    """
    named = ""
    if argv[1:2] == ["serve"]:
        for word, following in zip(argv, [*argv[1:], ""], strict=True):
            name, _, value = word.partition("=")
            if name == "--port":
                named = value or following
    return f"http://127.0.0.1:{port_number('--port', named) if named else port}"


def origin(base_url: str) -> str:
    """Return scheme and host of ``BASE_URL``; raises BadSetting unless it is an absolute http(s) URL."""
    parts = _parts(base_url)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not re.fullmatch(r"[\w.-]+|[0-9a-f:.]*:[0-9a-f:.]*", parts.hostname or "")
        or "@" in parts.netloc
    ):
        raise BadSetting(
            f"BASE_URL debe ser una dirección completa, como https://red.example. Es: {base_url!r}"
        )
    return f"{parts.scheme}://{parts.netloc}"


def search_engine(search_url: str) -> tuple[str, str]:
    """Split ``SEARCH_URL`` into engine name and place: ``embedded:DIR`` or ``http(s)://…`` (server).

    Raises BadSetting for anything else. The folder is made when it was not there.
    """
    place = search_url.removeprefix("embedded:")
    if place not in {"", search_url}:
        folder("SEARCH_URL", place, "embedded:var/index")
        return "embedded", place
    parts = _parts(search_url)
    if parts is not None and parts.scheme in {"http", "https"} and parts.hostname:
        return "elastic", search_url
    raise BadSetting(
        "SEARCH_URL debe ser embedded:CARPETA o la dirección http(s) de un Elasticsearch u OpenSearch. "
        f"Es: {search_url!r}"
    )
