"""How the portal logs, and what the log must not hold. Read by the settings; knows no Django."""

from __future__ import annotations

import re
from typing import Any

import structlog

from portal.conf import BadSetting

SIGNED = re.compile(r"(/responder/)[\w-]+")
"""Where the secret of a signed link stands in an address."""


def without_tokens(logger: Any, method: str, event: Any) -> Any:
    """Take the secret of signed links out of a line of the log: an address is logged when its page fails."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SIGNED.sub(r"\1…", value)
    return event


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
                    without_tokens,
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["console"], "level": "INFO" if debug else "WARNING"},
        "loggers": {"portal": {"level": "INFO"}, "search": {"level": "INFO"}},
    }
