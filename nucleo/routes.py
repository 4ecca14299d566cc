"""How each route of attention looks: name, icon, colour class, weave. The apps keep only the slug."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Route:
    """A route of attention. ``css`` is the class that sets its colour ``--r``; ``code`` weaves its covers."""

    slug: str
    name: str | Promise
    icon: str
    css: str
    code: str


ROUTES = (
    Route("orientacion", _("Orientación"), "compass", "route-orient", "61238"),
    Route("emprendimiento", _("Emprendimiento"), "sprout", "route-empre", "13264"),
    Route("microfinanciamiento", _("Microfinanciamiento"), "hand-coins", "route-micro", "71632"),
    Route("empleabilidad", _("Empleabilidad"), "briefcase", "route-emple", "51247"),
    Route("referenciacion", _("Referenciación"), "signpost", "route-refer", "91254"),
    Route("redip", _("RedIP"), "network", "route-redip", "61245"),
    Route("transversal", _("Comunes a todas las rutas"), "layers", "route-trans", "91357"),
)
BY_SLUG = {route.slug: route for route in ROUTES}


def get(slug: str) -> Route:
    """Return the route called ``slug``; what is of no route is of all of them."""
    return BY_SLUG.get(slug, BY_SLUG["transversal"])
