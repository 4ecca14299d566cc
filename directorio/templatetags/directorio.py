"""What other pages show of the directory: the map of the centres and the twenty cities.
And how its entries show a telephone or a mail: as what can be pressed.

``{% load directorio %}``. Each tag that reads the database does so once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from directorio.models import Center
from directorio.models.phones import NUMBER, NUMBER_IN_WORDS, digits
from directorio.tables import center_place
from nucleo import slots

register = template.Library()


@register.filter
def telefono(written: str) -> SafeString:
    """Show a telephone as it was written, each number in it as what a telephone dials."""
    return _dialling(written, NUMBER, escape)


@register.filter
def contacto(written: str) -> SafeString:
    """Show words that tell whom to ask: telephones, mails and addresses in them can be pressed."""
    return _dialling(written, NUMBER_IN_WORDS, lambda words: urlize(words, autoescape=True))


def _dialling(written: str, number: re.Pattern[str], others: Callable[[str], str]) -> SafeString:
    shown, end = [], 0
    for found in number.finditer(written):
        shown.append(others(written[end : found.start()]))
        shown.append(format_html('<a href="tel:{}">{}</a>', digits(found[0]), found[0]))
        end = found.end()
    return mark_safe("".join([*shown, others(written[end:])]))


@register.filter
def correo(address: str) -> SafeString:
    """Show a mail address as what opens a letter; it can be read where no program does."""
    return format_html('<a href="{}">{}</a>', mailto(address), address)


@register.simple_tag
def mailto(address: str, subject: str = "", body: str = "") -> str:
    """Return the address of a letter to ``address`` (nobody yet when it is empty)."""
    given = {"subject": subject, "body": body}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in given.items() if text)
    return f"mailto:{quote(address, safe='@+')}{'?' if query else ''}{query}"


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
