"""What waits for a person on her home page, the most urgent first, as ``components/task.html`` takes it.

What falls due in her mesas comes from ``redip``, what waits for a tutor from ``comunidad``, sessions, and
drafts and chapters to look at, from ``guias``; what a letter asked her from its signed link; what others did
for her (an answer, a new version) from her unread notices. It keeps nothing and asks nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypedDict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comunidad import tables as community
from guias.models import ChapterReview
from guias.models.guides import is_editor
from guias.tables import waiting as guides
from nucleo import dates
from portal.avisos.models import Notice, NoticeKind
from portal.models import SignedLink
from portal.models.links import digest_of
from portal.purposes import ReviewingChapter
from redip import tables as networks

SHOWN = 8
"""Things that one screen shows; the others wait in the notices and in the mesas."""
MOST = 99
"""Notices that are counted."""


class Pill(TypedDict, total=False):
    """A state: tone, icon and words."""

    tone: str
    icon: str
    text: str


class Action(TypedDict, total=False):
    """What can be done about it: a link, or an address that takes a POST."""

    label: str
    href: str
    post: str
    icon: str


class Task(TypedDict, total=False):
    """One thing that waits."""

    kind: str
    id: int | str
    pill: Pill
    when: str
    title: str
    sub: str
    progress: int | None
    action: Action


def told(kind: str) -> tuple[Pill, str]:
    """Return how a notice of ``kind`` reads as a task: its state, and the verb that opens it."""
    return {
        NoticeKind.ANSWER: (Pill(tone="ok", text=_("Le respondieron")), _("Leer la respuesta")),
        NoticeKind.VERSION: (Pill(icon="history", text=_("Nueva versión")), _("Ver los cambios")),
        NoticeKind.REVIEW: (Pill(tone="warn", text=_("Por revisar")), _("Ver cuáles son")),
        NoticeKind.MODERATION: (Pill(icon="flag", text=_("Revisión de mensajes")), _("Ver qué pasó")),
    }[NoticeKind(kind)]


SORTS = (NoticeKind.ANSWER, NoticeKind.VERSION, NoticeKind.REVIEW, NoticeKind.MODERATION)
"""Notices that are shown as tasks; the others speak of what redip shows already."""


def tasks_of(user: Any) -> list[Task]:
    """Return what waits for ``user``: what falls due, whom she tutors, what she teaches, learns and answers
    for, then what others did, newest first. Seventeen queries at most, for an editor for whom drafts wait.
    """
    unread = Notice.objects.visible_to(user).unread().filter(kind__in=SORTS)
    rows: list[Mapping[str, Any]] = [*networks.waiting_for(user), *community.waiting_for(user)]
    found = [_due(row) for row in [*rows, *guides.waiting_for(user)]]
    found += [_asked(review, link) for review, link in _letters(user)]
    return found + [_told(row) for row in unread[:MOST]]


def _due(row: Mapping[str, Any]) -> Task:
    pill = row["pill"]
    return {
        "kind": row["kind"],
        "id": row["id"],
        "pill": Pill(tone=pill.get("tone", ""), icon=pill.get("icon", ""), text=pill.get("text", "")),
        "title": row["title"],
        "sub": row["text"],
        "progress": row["percent"],
        "action": Action(href=row["href"], label=row["action"]),
    }


def _letters(user: Any) -> list[tuple[ChapterReview, SignedLink]]:
    """The chapters that a letter asked her of, the longest due first, each with its link.

    Who edits guides has a screen for them and finds them there (``guias.tables.waiting``).
    """
    if is_editor(user):
        return []
    usable = SignedLink.objects.usable().filter(purpose=ReviewingChapter.name, person=user)
    links = {link.object_id: link for link in usable if link.digest == digest_of(link.token)}
    reviews = ChapterReview.objects.living().filter(pk__in=links).select_related("guide")
    return [(review, links[review.pk]) for review in reviews.order_by("due_on", "guide_id", "number")]


def _asked(review: ChapterReview, link: SignedLink) -> Task:
    return {
        "kind": "capitulo",
        "id": review.pk,
        "pill": Pill(tone="warn", icon="clock", text=_("Por revisar")),
        "title": review.title,
        "sub": review.guide.title,
        "progress": None,
        "action": Action(href=reverse("respond", args=[link.token]), label=_("Decir si sigue vigente")),
    }


def _told(notice: Notice) -> Task:
    pill, verb = told(notice.kind)
    return {
        "kind": "aviso",
        "id": notice.pk,
        "pill": pill,
        "when": dates.moment(notice.created_at),
        "title": notice.text,
        "sub": notice.detail,
        "progress": None,
        "action": Action(post=reverse("avisos:notice", args=[notice.pk]), label=verb),
    }


def greeting(now: dt.datetime | None = None) -> str:
    """``Buenos días``, by the hour of the network."""
    hour = timezone.localtime(now).hour
    if 4 <= hour < 12:
        return _("Buenos días")
    return _("Buenas tardes") if hour < 19 and hour >= 12 else _("Buenas noches")
