"""Configurations that would lose messages or show secrets, refused or warned of when Django starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.async_support)
def channel_layer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Several processes need a channel layer that all of them hear."""
    backend = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    if settings.WEB_PROCESSES > 1 and "InMemory" in backend:
        return [
            Error(
                "WEB_PROCESSES es mayor que 1, pero los anuncios viven en la memoria de cada proceso: "
                "se perderían entre uno y otro.",
                hint="Ponga REDIS_URL (por ejemplo redis://127.0.0.1:6379/0), o deje WEB_PROCESSES en 1.",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security)
def safe_origin(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What may stand on a public address."""
    found: list[CheckMessage] = []
    if settings.DEBUG and settings.HTTPS:
        found.append(
            Warning(
                "DEBUG está encendido en una dirección pública: los errores muestran el código y los datos.",
                hint="Quite DEBUG del entorno.",
                id="portal.W001",
            )
        )
    if settings.PORTAL_DEMO and settings.HTTPS and settings.DEMO_PASSWORD == "cemprende-demo":  # noqa: S105
        found.append(
            Warning(
                "Las cuentas de demostración tienen la clave que está en la documentación.",
                hint="Ponga DEMO_PASSWORD, o quite PORTAL_DEMO si el portal es de verdad.",
                id="portal.W002",
            )
        )
    return found
