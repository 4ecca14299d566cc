"""The engines, and which of them the settings ask for; the only package that may import one."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from search.backends.base import Backend


def current(engine: str = "") -> Backend:
    """Return the engine of SEARCH_URL, or the one called ``engine`` at the same place. Opens nothing yet."""
    return _made(engine or settings.SEARCH_ENGINE, str(settings.SEARCH_PLACE))


@lru_cache(maxsize=16)
def _made(engine: str, place: str) -> Backend:
    if engine == "embedded":
        from search.backends.embedded import EmbeddedBackend

        return EmbeddedBackend(place)
    from search.backends.elastic import ElasticBackend

    return ElasticBackend(place)
