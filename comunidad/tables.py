"""Messages as rows of lists, and the words about people and time that lists and threads share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comunidad.enums import Kind
from comunidad.models import Reply, Resource, Revision, Theme
from nucleo.html import plain_text

THEME_KEPT = 60
"""Seconds for which it is remembered which theme is asked about a route."""


def author_line(post: Any) -> str:
    """``Asesor (demostración), Ibagué``."""
    city = post.author.city if post.author else None
    return f"{post.author_name}, {city.name}" if city else post.author_name


def person_sub(user: Any) -> str:
    """Return the second line of a person: that she is of the demonstration, and where she is."""
    if user is None:
        return ""
    return " · ".join(part for part in (user.mark, user.city.name if user.city else "") if part)


def state_pill(resource: Resource) -> dict[str, str] | None:
    """Return the state of a question, or of what not everybody sees, as a pill; nothing for the rest."""
    if resource.is_held:
        return {"tone": "warn", "text": _("Espera aprobación")}
    if resource.is_hidden:
        return {"tone": "danger", "text": _("Retirado")}
    if not resource.is_question:
        return None
    if resource.accepted_id:
        return {"tone": "ok", "text": _("Respondida")}
    if resource.is_waiting:
        return {"tone": "warn", "text": _("Espera respuesta")}
    return {"tone": "", "icon": "messages-square", "text": _("Tiene respuestas")}


def row(resource: Resource, *, with_theme: bool = False, with_group: bool = True) -> dict[str, Any]:
    """Return what ``components/row.html`` takes; needs ``with_people()``."""
    kind = Kind(resource.kind)
    facts = [] if resource.is_question else [str(kind.label)]
    if with_theme:
        facts.append(resource.theme.name)
    facts.append(author_line(resource))
    if resource.group and with_group:
        facts.append(_("Grupo %(name)s") % {"name": resource.group.name})
    return {
        "kind": "recurso",
        "id": resource.pk,
        "title": resource.title,
        "href": resource.get_absolute_url(),
        "icon": kind.icon,
        "pill": state_pill(resource),
        "facts": facts,
        "when": resource.created_at,
    }


def rows(
    found: Iterable[Resource], *, with_theme: bool = False, with_group: bool = True
) -> list[dict[str, Any]]:
    """Return rows of them all."""
    return [row(resource, with_theme=with_theme, with_group=with_group) for resource in found]


def brief(found: Iterable[Resource]) -> list[dict[str, Any]]:
    """Return rows with the theme and when alone, for a list whose heading says the rest."""
    return [
        {
            "kind": "recurso",
            "id": resource.pk,
            "title": resource.title,
            "href": resource.get_absolute_url(),
            "facts": [resource.theme.name],
            "when": resource.created_at,
        }
        for resource in found
    ]


def waited(since: dt.datetime) -> dict[str, Any]:
    """Return what ``components/clock.html`` takes for what has waited ``since`` then."""
    hours = int((timezone.now() - since).total_seconds() // 3600)
    if hours < 24:
        number = max(hours, 1)
        return {"number": number, "unit": ngettext("hora", "horas", number), "tone": ""}
    days = hours // 24
    return {"number": days, "unit": ngettext("día", "días", days), "tone": "soon" if days < 3 else "late"}


def waits(question: Resource) -> dict[str, Any]:
    """Return the same of a question: since people could read it, at the desk as in letters."""
    return waited(question.approved_at or question.created_at)


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: who wrote what came out of it, when, and what became of each word."""

    by: str
    at: dt.datetime
    title: str
    words: list[tuple[str, str]]
    """(``ins``, ``del`` or nothing; text) in order."""


def changes(post: Any, earlier: Sequence[Revision]) -> list[Change]:
    """Return the corrections of ``post``, the last first and what it said at first at the end.

    ``earlier`` are its revisions, the last first.
    """
    last_by = getattr(post, "edited_by", None) or post.author
    now = (getattr(post, "title", ""), post.source, last_by, post.edited_at or post.created_at)
    states = [now, *((row.title, row.source, row.written_by, row.written_at) for row in earlier)]
    found = []
    for number, (title, source, by, at) in enumerate(states):
        name = str(by) if by else _("Persona que ya no tiene cuenta")
        is_first = number + 1 == len(states)
        words = [("", source)] if is_first else _differences(states[number + 1][1], source)
        found.append(Change(by=name, at=at, title=title, words=words))
    return found


def _differences(old: str, new: str) -> list[tuple[str, str]]:
    """Compare word by word; what stands between two words is a part of its own."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            parts.append(("", "".join(after[c:d])))
            continue
        if b > a:
            parts.append(("del", "".join(before[a:b])))
        if d > c:
            parts.append(("ins", "".join(after[c:d])))
    return parts


_WORDS = re.compile(r"\S+|\s+")


ANSWER = 160
"""Characters of an answer that a list shows: the answer comes before the document."""


@dataclass(frozen=True, slots=True)
class AboutAddress:
    """What was asked about one address: the answered questions, and the theme that suits a new one."""

    rows: list[dict[str, Any]]
    theme_slug: str


def about_address(address: str, *, route: str = "", count: int = 4) -> AboutAddress:
    """Return the public questions about ``address`` with their answers, frequent ones first: a query.

    Which theme is asked about a route is remembered for a minute: it is the same for all pages of the route.
    """
    found = Resource.objects.public().answered().filter(about_url=address, accepted__isnull=False)
    found = found.select_related("theme", "accepted").order_by(
        "-is_frequent", "-useful_count", "-accepted_at"
    )
    rows = [
        {
            "id": question.pk,
            "title": question.title,
            "href": question.get_absolute_url(),
            "answer": Truncator(plain_text(question.accepted.html)).chars(ANSWER)
            if question.accepted
            else "",
        }
        for question in found[:count]
    ]
    return AboutAddress(rows=rows, theme_slug=_theme_of(route) if route else "")


def _theme_of(route: str) -> str:
    def asked() -> str:
        return Theme.objects.filter(route=route).values_list("slug", flat=True).first() or ""

    return str(cache.get_or_set(f"comunidad:theme:{route}", asked, THEME_KEPT))


def waiting_for(user: Any) -> list[dict[str, Any]]:
    """Return what waits for ``user`` as a tutor, a line for each sort; nothing for who tutors no theme.

    The same keys as other apps give to the home of a member. Four queries at most.
    """
    if not getattr(user, "is_active", False):
        return []
    themes = Theme.objects.filter(tutors=user)
    if not themes:
        return []
    questions = Resource.objects.filter(theme__in=themes).awaiting_tutor()
    held = Resource.objects.filter(theme__in=themes).held().count()
    held += Reply.objects.filter(resource__theme__in=themes).held().count()
    desk = reverse("comunidad:queue")
    lines = []
    oldest = questions.first()
    if oldest is not None:
        n = questions.count()
        title = ngettext("%(n)s pregunta espera respuesta", "%(n)s preguntas esperan respuesta", n) % {"n": n}
        lines.append(("por-responder", title, oldest.title, _("Responder")))
    if held:
        title = ngettext("%(n)s mensaje espera aprobación", "%(n)s mensajes esperan aprobación", held)
        lines.append(("por-aprobar", title % {"n": held}, "", _("Revisar")))
    return [
        {
            "kind": "tutoria",
            "id": part,
            "title": title,
            "text": text,
            "href": f"{desk}#{part}",
            "action": action,
            "due": None,
            "pill": {"tone": "warn", "icon": "", "text": _("Tutoría")},
            "percent": None,
        }
        for part, title, text, action in lines
    ]
