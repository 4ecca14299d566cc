"""What of the guides waits for a person at home: sessions near, drafts to read, chapters to look at."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import TaskState

from guias.models import ChapterReview, Enrolment, Guide, SecondReading, Session, Version
from guias.models.guides import is_editor
from guias.models.versions import sent_back
from guias.tables.courses import place_of, when_of
from nucleo import dates


def waiting_for(user: Any) -> list[dict[str, Any]]:
    """Return what waits for ``user``, sessions first. Five queries, or ten while drafts wait."""
    if not getattr(user, "is_authenticated", False):
        return []
    return [*_sessions(user), *_drafts(user), *_returned(user), *_chapters(user)]


def _sessions(user: Any) -> list[dict[str, Any]]:
    """Those of today and tomorrow that she teaches, or in which she has a chair."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    near = Session.objects.held().upcoming().filter(starts_at__date__lte=tomorrow, course__live=True).listed()
    teaches = list(near.filter(course__trainers=user))
    taken = Enrolment.objects.visible_to(user).with_place().values("session")
    comes = list(near.filter(pk__in=taken).exclude(course__trainers=user))
    rows = [_session(one, _("Pasar la lista") if one.is_list_open else _("Ver la sesión")) for one in teaches]
    rows += [_session(one, _("Ver la sesión")) for one in comes]
    return sorted(rows, key=lambda row: (row["due"], row["id"]))


def _session(session: Session, action: str) -> dict[str, Any]:
    return {
        "kind": "sesion",
        "id": session.pk,
        "title": session.course.title,
        "text": f"{when_of(session)}, {place_of(session)}",
        "href": session.get_absolute_url(),
        "action": action,
        "due": dates.as_day(session.starts_at),
        "pill": {"tone": "warn", "icon": "calendar-days", "text": _("Formación")},
        "percent": None,
    }


def _drafts(user: Any) -> list[dict[str, Any]]:
    """The drafts sent for a second reading that she may give, the oldest first; for who edits guides."""
    if not is_editor(user):
        return []
    asked = SecondReading.objects.filter(active=True, task_states__status=TaskState.STATUS_IN_PROGRESS)
    sent = {
        int(state.workflow_state.object_id): state.workflow_state.requested_by
        for task in asked.distinct()
        for state in task.get_task_states_user_can_moderate(user)
        .select_related("workflow_state__requested_by")
        .order_by("started_at")
    }
    drafts = Version.objects.drafts().select_related("guide").defer("body").in_bulk(list(sent))
    return [_draft(drafts[pk], by) for pk, by in sent.items() if pk in drafts]


def _returned(user: Any) -> list[dict[str, Any]]:
    """The drafts that she sent and that came back, with what has to change; for who edits guides."""
    if not is_editor(user):
        return []
    back = sent_back().filter(requested_by=user).select_related("current_task_state")
    said = {int(state.object_id): state.current_task_state for state in back.order_by("created_at")}
    drafts = Version.objects.drafts().select_related("guide").defer("body").in_bulk(list(said))
    return [_came_back(drafts[pk], task.comment if task else "") for pk, task in said.items() if pk in drafts]


def _came_back(version: Version, comment: str) -> dict[str, Any]:
    named = _("Versión %(number)s.") % {"number": version.number}
    return {
        "kind": "borrador",
        "id": version.pk,
        "title": version.guide.title,
        "text": f"{named} {comment}".strip(),
        "href": reverse("wagtailsnippets_guias_version:edit", args=[version.pk]),
        "action": _("Hacer los cambios"),
        "pill": {"tone": "warn", "icon": "pencil", "text": _("Devuelta: hay que cambiar algo")},
        "percent": None,
    }


def _draft(version: Version, by: Any) -> dict[str, Any]:
    said = _("Versión %(number)s. La envió %(person)s.") if by else _("Versión %(number)s.")
    return {
        "kind": "borrador",
        "id": version.pk,
        "title": version.guide.title,
        "text": said % {"number": version.number, "person": by},
        "href": reverse("wagtailsnippets_guias_version:edit", args=[version.pk]),
        "action": _("Leer el borrador"),
        "pill": {"tone": "warn", "icon": "pencil", "text": _("Espera su segunda lectura")},
        "percent": None,
    }


def _chapters(user: Any) -> list[dict[str, Any]]:
    """The chapters whose date has come and that she answers for, a row a guide; for who edits guides.

    Whoever does not edit has no screen for it: she is asked by mail.
    """
    if not is_editor(user):
        return []
    hers = Q(owner=user) | Q(owner=None, guide__reviewer=user)
    due = ChapterReview.objects.living().overdue().unanswered().filter(hers).select_related("guide")
    rows = due.order_by("guide__title", "guide_id", "number")
    return [_guide(guide, list(found)) for guide, found in groupby(rows, key=lambda one: one.guide)]


def _guide(guide: Guide, reviews: list[ChapterReview]) -> dict[str, Any]:
    said = ngettext("%(n)s capítulo por revisar", "%(n)s capítulos por revisar", len(reviews))
    return {
        "kind": "guia",
        "id": guide.slug,
        "title": guide.title,
        "text": "; ".join(one.title for one in reviews),
        "href": reverse("guias_validity"),
        "action": _("Decir si sigue vigente"),
        "due": min(one.due_on for one in reviews),
        "pill": {"tone": "warn", "icon": "clock", "text": said % {"n": len(reviews)}},
        "percent": None,
    }
