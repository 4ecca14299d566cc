"""The engines, and which of them the settings ask for; the only package that may import one."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from search.backends.base import Backend

ENGINES = ("embedded", "elastic")


class NoServerError(Exception):
    """A server was asked for, and SEARCH_URL names none."""


def current(engine: str = "") -> Backend:
    """Return the engine of SEARCH_URL, or another of ENGINES. Opens nothing yet; raises NoServerError.

    Another one may be filled before SEARCH_URL is changed: the embedded engine stands where it does when
    nothing is said of it, in VAR_DIR; a server has no place but the one that SEARCH_URL names.
    """
    if engine in {"", settings.SEARCH_ENGINE}:
        return _made(settings.SEARCH_ENGINE, str(settings.SEARCH_PLACE))
    if engine == "embedded":
        return _made(engine, str(settings.SEARCH_FOLDER))
    raise NoServerError


@lru_cache(maxsize=16)
def _made(engine: str, place: str) -> Backend:
    if engine == "embedded":
        from search.backends.embedded import EmbeddedBackend

        return EmbeddedBackend(place)
    from search.backends.elastic import ElasticBackend

    return ElasticBackend(place)
