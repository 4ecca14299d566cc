"""Tags of the forum: what home and guides show of it, and the pieces of a message."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from comunidad import tables
from comunidad.models import Resource, Theme
from nucleo import slots

register = template.Library()


@register.inclusion_tag("comunidad/_latest.html", takes_context=True)
def waiting_questions(context: dict[str, Any], count: int = 3) -> dict[str, Any]:
    """Show the questions that wait for an answer and that the reader may read, the oldest first."""
    found = _seen(context).awaiting_tutor()
    return {"rows": tables.brief(found[:count]), "of": "waiting"}


@register.inclusion_tag("comunidad/_latest.html", takes_context=True)
def recently_answered(context: dict[str, Any], count: int = 3) -> dict[str, Any]:
    """Show the questions that were answered last."""
    found = _seen(context).visible().answered()
    return {"rows": tables.brief(found[:count]), "of": "answered"}


@register.inclusion_tag("comunidad/_latest.html", takes_context=True)
def latest_threads(context: dict[str, Any], count: int = 5) -> dict[str, Any]:
    """Show where something was said last."""
    found = _seen(context).visible().newest_first()
    return {"rows": tables.rows(found[:count], with_theme=True), "of": "latest"}


@register.simple_tag(takes_context=True)
def followed_threads(context: dict[str, Any], count: int = 5) -> list[dict[str, Any]]:
    """Return rows of where something was said last in what the reader follows."""
    found = _seen(context).visible().followed_by(context["request"].user).newest_first()
    return tables.rows(found[:count], with_theme=True)


@register.simple_tag
def theme_aside(theme: Theme) -> SafeString:
    """Show what other apps put beside a theme (slot ``theme_aside``: theme_slug, theme_name, route)."""
    return slots.render("theme_aside", theme_slug=theme.slug, theme_name=theme.name, route=theme.route)


@register.simple_tag
def state_pill(resource: Resource) -> dict[str, str] | None:
    """Return the state of a resource as ``components/pill.html`` takes it."""
    return tables.state_pill(resource)


@register.simple_tag
def post_actions(shown: Any, csrf_token: str) -> SafeString:
    """Return the buttons under a message; nothing when none applies."""
    if not shown.actions:
        return SafeString("")
    found = render_to_string(
        "components/post_actions.html", {"actions": shown.actions, "csrf_token": csrf_token}
    )
    return mark_safe(found.strip())


@register.simple_tag
def post_extra(shown: Any, thread: Any, csrf_token: str) -> SafeString:
    """Return what stands under the text of a message: file, poll, whom it answers, its history."""
    is_first = shown.post is thread.resource
    if not (is_first or shown.answers or shown.history):
        return SafeString("")
    context = {
        "shown": shown,
        "thread": thread,
        "is_first": is_first,
        "csrf_token": csrf_token,
    }
    return mark_safe(render_to_string("comunidad/_extra.html", context).strip())


def _seen(context: dict[str, Any]) -> Any:
    request = context.get("request")
    user = getattr(request, "user", None)
    found: QuerySet[Resource] = Resource.objects.visible_to(user).with_people()
    return found
