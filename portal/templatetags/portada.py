"""What the home page counts and shows of the portal's own: numbers in words, agenda, which apps are there."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import Any

from django import template
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from directorio.models import Center
from guias.models import Guide, Reading
from portal import awaiting
from portal.agenda import Agenda

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
    events = Agenda().nearest(count)
    return {"events": events, "past": any(event.over for event in events)}


@register.simple_tag(takes_context=True)
def home_of_member(context: dict[str, Any]) -> dict[str, Any]:
    """What the home of a member begins with: greeting, how many things wait, and the first of them."""
    tasks = awaiting.tasks_of(context["request"].user)
    return {
        "greeting": awaiting.greeting(),
        "total": len(tasks),
        "tasks": tasks[: awaiting.SHOWN],
        "more": len(tasks) - awaiting.SHOWN,
    }


@register.simple_tag(takes_context=True)
def own_guides(context: dict[str, Any], count: int = 3) -> list[Guide]:
    """The guides that the reader opened last, one query."""
    user = context["request"].user
    read = Reading.objects.filter(user=user, guide=OuterRef("pk")).order_by("-read_at").values("read_at")
    guides = Guide.objects.visible_to(user).annotate(last_read=Subquery(read[:1]))
    return list(guides.filter(last_read__isnull=False).order_by("-last_read")[:count])


@register.simple_tag
def today() -> dt.date:
    """The day where the network lives."""
    return timezone.localdate()
