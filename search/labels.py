"""The facet labels that search can give without asking an app."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _


def routes(slugs: Collection[str]) -> dict[str, str]:
    """Return the names of the routes of attention as values to narrow by.

    "Todas las rutas" would read as the way to narrow no more.
    """
    from nucleo.routes import BY_SLUG

    named = {slug: str(BY_SLUG[slug].name) for slug in slugs if slug in BY_SLUG}
    return named | ({"transversal": _("Comunes a todas las rutas")} if "transversal" in named else {})
