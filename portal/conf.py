"""The computed parts of the settings, as functions that can be tested without Django.

``settings.py`` reads the environment and calls these; nothing here reads it. A value that cannot be
used raises :class:`BadSetting` with the sentence the operator sees.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog


class BadSetting(ValueError):
    """An environment variable has a value that the portal cannot start with."""


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
