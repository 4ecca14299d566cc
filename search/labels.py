"""The facet labels that search can give without asking an app."""

from __future__ import annotations

from collections.abc import Collection


def routes(slugs: Collection[str]) -> dict[str, str]:
    """Return the names of the routes of attention."""
    from nucleo.routes import BY_SLUG

    return {slug: str(BY_SLUG[slug].name) for slug in slugs if slug in BY_SLUG}
