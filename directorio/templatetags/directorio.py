"""What other pages show of the directory: the map of the centres and the twenty cities.

``{% load directorio %}``. Each tag that reads the database does so once.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directorio.models import Center
from directorio.tables import center_place
from nucleo import slots

register = template.Library()


@register.simple_tag
def entry_mending(entry: Any) -> SafeString:
    """Show what other apps offer to who finds an error (slot ``entry_mending``: address, title)."""
    return slots.render("entry_mending", address=entry.get_absolute_url(), title=str(entry))


def _centers(context: dict[str, Any]) -> list[Center]:
    """All centres with their city: one query a page, however many tags of this library it uses."""
    request = context.get("request")
    kept: list[Center] | None = getattr(request, "_directorio_centers", None)
    if kept is None:
        user = getattr(request, "user", None)
        kept = list(Center.objects.visible_to(user).select_related("city"))
        if request is not None:
            request._directorio_centers = kept
    return kept


@register.inclusion_tag("components/map.html", takes_context=True)
def center_map(context: dict[str, Any], on_cloth: bool = False) -> dict[str, object]:
    """Draw the map of Colombia with every centre."""
    from nucleo.map import place_labels

    return {"points": place_labels([center_place(one) for one in _centers(context)]), "on_cloth": on_cloth}


@register.inclusion_tag("components/cities.html", takes_context=True)
def centers_by_city(context: dict[str, Any]) -> dict[str, object]:
    """List the centres by city: motif, modality and whether it attends."""
    return {
        "items": [
            {
                "href": center.get_absolute_url(),
                "name": center.city.name,
                "code": center.city.divipola,
                "text": center.get_modality_display() if center.is_open else _("Por abrir"),
                "kind": "centro",
                "id": center.pk,
            }
            for center in _centers(context)
        ]
    }
