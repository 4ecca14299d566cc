"""What the frame of every page knows: its section, the colours chosen, whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.views.site import THEME_COOKIE, THEMES

SECTIONS = ("guias", "directorio", "redip", "comunidad", "agenda", "avisos", "cuenta")
"""First words of an address that the navigation marks as current."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``section``, ``theme``, ``demo`` and ``offline_reading``; costs no query."""
    first = request.path.strip("/").partition("/")[0]
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "section": first if first in SECTIONS else "inicio" if not first else "",
        "theme": theme if theme in THEMES else "",
        "demo": settings.PORTAL_DEMO,
        "offline_reading": settings.OFFLINE_READING,
    }
