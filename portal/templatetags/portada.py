"""What the home page counts and shows of the portal's own: numbers in words, agenda, which apps are there."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django import template

from directorio.models import Center
from guias.models import Guide
from portal.models import AgendaEvent

register = template.Library()

_WORDS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte",
    "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco",
)  # fmt: skip


@register.filter
def has_tags(app: str) -> bool:
    """Whether ``app`` has a tag library of its name."""
    return find_spec(f"{app}.templatetags.{app}") is not None


@register.filter
def letras(number: int) -> str:
    """``trece``; beyond twenty-five the digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


@register.simple_tag(takes_context=True)
def home_counts(context: dict[str, Any]) -> dict[str, int]:
    """How many guides and centres the reader can see. Two queries."""
    user = getattr(context.get("request"), "user", None)
    return {
        "guides": Guide.objects.visible_to(user).on_shelf().count(),
        "centers": Center.objects.visible_to(user).count(),
    }


@register.inclusion_tag("portal/_agenda_rows.html")
def next_events(count: int = 3) -> dict[str, Any]:
    """The next events of the agenda; when there are none, the last ones, said to be past."""
    events = list(AgendaEvent.objects.upcoming().with_cities()[:count])
    past = not events
    if past:
        events = list(AgendaEvent.objects.past().with_cities()[:count])
    return {"events": events, "past": past}
