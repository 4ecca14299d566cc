"""The computed parts of the settings, as functions that can be tested without Django.

``settings.py`` reads the environment and calls these; nothing here reads it. A value that cannot be
used raises :class:`BadSetting` with the sentence the operator sees.
"""

from __future__ import annotations

import secrets
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog


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


def whole_number(name: str, value: str, *, least: int = 1) -> int:
    """Return ``value`` as a number of ``least`` or more; raises BadSetting otherwise."""
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise BadSetting(f"{name} debe ser un número desde {least}. Es: {value!r}")
    return number


def database_url(value: str) -> str:
    """Return ``value`` unless its scheme is none of ours; raises BadSetting then (without the password)."""
    scheme = urlsplit(value).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise BadSetting(
            "DATABASE_URL debe empezar por sqlite:/// o por postgres://, por ejemplo "
            f"postgres://usuario:clave@127.0.0.1:5432/portal. Empieza por: {scheme or value[:12]!r}"
        )
    return value


def redis_url(value: str) -> str:
    """Return ``value`` (or nothing); raises BadSetting unless it is a Redis address."""
    if value and urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise BadSetting("REDIS_URL debe empezar por redis://, por ejemplo redis://127.0.0.1:6379/0")
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
    """Return ``value``; raises BadSetting unless it says how mail leaves."""
    if urlsplit(value).scheme not in MAIL_SCHEMES:
        raise BadSetting(
            "EMAIL_URL debe empezar por smtp+tls://, por ejemplo "
            "smtp+tls://usuario:clave@correo.red.example:587, o ser consolemail:// para verlo en la pantalla"
        )
    return value


def unknown_variables(written: set[str], known: set[str]) -> dict[str, str]:
    """Return the names ``written`` in an ``.env`` file that are not ``known``, each with the nearest one."""
    return {
        name: next(iter(get_close_matches(name, sorted(known), n=1)), "")
        for name in sorted(written)
        if name not in known
    }


def secret_key(given: str, *, directory: Path, demo: bool) -> str:
    """Return ``given``, or with ``demo`` a key kept in ``directory/secret_key`` (made once, mode 0600).

    Raises BadSetting when production starts without a key: a key made anew at each start would sign
    everybody out, and one kept in the code would be public.
    """
    if given:
        return given
    if not demo:
        raise BadSetting(
            'Falta SECRET_KEY. Genere una con: python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
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
    """Return Django's ``CACHES``: Redis when there is one, else the memory of this one process."""
    if not redis_url:
        return {
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            }
        }
    return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}}


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
    """Return where the portal is on its own machine: the port that ``serve --port`` names, else ``port``."""
    named = ""
    if argv[1:2] == ["serve"]:
        for word, following in zip(argv, [*argv[1:], ""], strict=True):
            name, _, value = word.partition("=")
            if name == "--port":
                named = value or following
    return f"http://127.0.0.1:{named if named.isdigit() else port}"


def origin(base_url: str) -> str:
    """Return scheme and host of ``BASE_URL``; raises BadSetting unless it is an absolute http(s) URL."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadSetting(
            f"BASE_URL debe ser una dirección completa, como https://red.example. Es: {base_url!r}"
        )
    return f"{parts.scheme}://{parts.netloc}"


def search_engine(search_url: str) -> tuple[str, str]:
    """Split ``SEARCH_URL`` into engine name and place: ``embedded:DIR`` or ``http(s)://…`` (server).

    Raises BadSetting for anything else.
    """
    if search_url.startswith("embedded:") and len(search_url) > len("embedded:"):
        return "embedded", search_url.removeprefix("embedded:")
    if urlsplit(search_url).scheme in {"http", "https"}:
        return "elastic", search_url
    raise BadSetting(
        "SEARCH_URL debe ser embedded:CARPETA o la dirección http(s) de un Elasticsearch u OpenSearch. "
        f"Es: {search_url!r}"
    )


def logging_config(log_format: str, *, debug: bool) -> dict[str, Any]:
    """Return Django's ``LOGGING``: lines for people (``text``) or one JSON object a line (``json``).

    Raises BadSetting for another format.
    """
    if log_format not in {"text", "json"}:
        raise BadSetting(f"LOG_FORMAT debe ser text o json. Es: {log_format!r}")
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if log_format == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    stamps = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "portal": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": stamps,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["console"], "level": "INFO" if debug else "WARNING"},
        "loggers": {"portal": {"level": "INFO"}, "search": {"level": "INFO"}},
    }
