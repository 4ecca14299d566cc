"""What other pages show of the networks: the stages on home, what waits for a person, the weave on paper.

``{% load redip %}``. Each tag that reads the database does so a fixed number of times.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from nucleo import weave
from redip import tables
from redip.models import Red

register = template.Library()

PAPER_MOTIFS = 13


@register.inclusion_tag("redip/_by_stage.html", takes_context=True)
def networks_by_stage(context: dict[str, Any]) -> dict[str, Any]:
    """List the networks by stage, the furthest first, by name and motif. One query."""
    networks = Red.objects.visible_to(_user(context)).select_related("city")
    rows = networks.order_by("-stage", "order", "city__name")
    return {"lanes": tables.stages(rows)}


@register.simple_tag(takes_context=True)
def redip_waiting(context: dict[str, Any]) -> list[tables.Waiting]:
    """Return what waits for the reader in her mesas (see ``redip.tables.waiting_for``)."""
    return tables.waiting_for(_user(context))


@register.simple_tag(takes_context=True)
def next_mesa_meeting(context: dict[str, Any]) -> dict[str, Any] | None:
    """Return the next meeting of the mesas where the reader sits, or nothing."""
    return tables.next_meeting(_user(context))


@register.simple_tag
def paper_weave(code: str) -> SafeString:
    """Draw the weave of a city as a band in black and grey, with attributes only, as paper needs it."""
    cloth, thread = weave.paths(code)
    motifs = "".join(
        f'<g transform="translate({1 + 11 * n} 1)"><path d="{cloth}" fill="#000"/>'
        f'<path d="{thread}" fill="#777"/></g>'
        for n in range(PAPER_MOTIFS)
    )
    box = f'viewBox="0 0 {11 * PAPER_MOTIFS} 11" preserveAspectRatio="xMinYMid meet"'
    return mark_safe(f'<svg class="weave" {box} role="presentation">{motifs}</svg>')


def _user(context: dict[str, Any]) -> Any:
    return getattr(context.get("request"), "user", None)
