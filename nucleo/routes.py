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
    code: int


ROUTES = (
    Route("orientacion", _("Orientación"), "compass", "route-orient", 79),
    Route("emprendimiento", _("Emprendimiento"), "sprout", "route-empre", 4),
    Route("microfinanciamiento", _("Microfinanciamiento"), "hand-coins", "route-micro", 331),
    Route("empleabilidad", _("Empleabilidad"), "briefcase", "route-emple", 163),
    Route("referenciacion", _("Referenciación"), "signpost", "route-refer", 16),
    Route("redip", _("RedIP"), "network", "route-redip", 57),
    Route("transversal", _("Todas las rutas"), "layers", "route-trans", 7),
)
BY_SLUG = {route.slug: route for route in ROUTES}


def get(slug: str) -> Route:
    """Return the route called ``slug``; what is of no route is of all of them."""
    return BY_SLUG.get(slug, BY_SLUG["transversal"])
