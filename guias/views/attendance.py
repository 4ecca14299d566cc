"""The list of who came, for who teaches: on a phone, without scripts, and where there is no signal.

A script sends ticks one by one, as they come in; the button of the form sends what was changed on the page.
Both are the same ticks to the action.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from guias.actions.attendance import LONGEST, Outcome, Tick, mark_attendance, refusal
from guias.models import Enrolment, Session
from guias.policies import courses as policies
from guias.tables import courses as tables
from guias.views.courses import find_session, show, taken_from
from guias.views.lookup import number_in
from nucleo import dates
from nucleo.policies import require
from nucleo.tables import csv_response

MOST = 2000
"""Ticks of one request; a list has at most a thousand people."""


def _people(session: Session) -> list[Enrolment]:
    found = session.enrolments.with_place().select_related("user__institution", "user__city")
    return list(found.order_by("user__first_names", "user__last_names", "pk"))


def _found(request: HttpRequest, slug: str, pk: int) -> Session:
    session = find_session(request, slug, pk)
    require(policies.can_teach(request.user, session.course), _("La lista la pasa quien dicta el curso."))
    return session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the list; keep what was ticked. Who teaches and comes too early is told so where she can go on."""
    session = _found(request, slug, pk)
    if request.method == "POST":
        return _sent(request, session) if _by_script(request) else _posted(request, session)
    if _by_script(request):
        return _taken_along(request, session)
    if not policies.can_mark(request.user, session):
        messages.info(request, refusal(session))
        return redirect(session)
    people = _people(session)
    context = {
        "course": session.course,
        "session": session,
        "when": tables.when_of(session),
        "people": people,
        "came": sum(bool(one.present) for one in people),
        "key": _key(request, session),
        "may_enrol_others": policies.can_enrol_others(request.user, session),
        "take_along": taken_from(request.user, session),
    }
    return show(request, "attendance", context)


def _key(request: HttpRequest, session: Session) -> str:
    """Return the name under which a browser keeps ticks: of one list and one account."""
    return f"{session.pk}:{request.user.pk}"


def _taken_along(request: HttpRequest, session: Session) -> HttpResponse:
    """Give the list to a browser that takes it where there is no signal, days before it opens if need be.

    The time until it ends is sent and not the hour: clocks of phones are wrong. The token is for sending
    what was ticked on a page that knows nobody, and is not kept.
    """
    require(policies.can_take_along(request.user, session), refusal(session))
    now = timezone.now()
    people = [
        {
            "id": str(one.pk),
            "nombre": one.user.display_name,
            "de": one.from_where,
            "vino": bool(one.present),
        }
        for one in _people(session)
    ]
    response = JsonResponse(
        {
            "cuenta": str(request.user.pk),
            "token": get_token(request),
            "clave": _key(request, session),
            "curso": session.course.title,
            "cuando": tables.when_of(session),
            "termina": int((session.ends_at - now).total_seconds()),
            "caduca": int((session.carried_until - now).total_seconds()),
            "personas": people,
        }
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _sent(request: HttpRequest, session: Session) -> HttpResponse:
    """Take the ticks of the script; tell which came in, what the list is now, and what clashed."""
    ticks = list(_ticks(request.POST.getlist("marca")[:MOST]))
    outcome = mark_attendance(session=session, by=request.user, ticks=ticks)
    came = session.enrolments.with_place().values_list("pk", "present")
    return JsonResponse(
        {
            "recibidas": [str(tick.id) for tick in ticks],
            "lista": {str(pk): present for pk, present in came},
            "avisos": _said(outcome),
        }
    )


def _ticks(values: list[str]) -> Iterator[Tick]:
    """Read ``id,enrolment,0 or 1,seconds ago``; what is none of ours is passed over."""
    for value in values:
        with suppress(ValueError, OverflowError):
            key, enrolment, present, ago = value.split(",")
            seconds = min(int(ago), int(LONGEST.total_seconds()))
            yield Tick(uuid.UUID(key), int(enrolment), present == "1", dt.timedelta(seconds=seconds))


def _posted(request: HttpRequest, session: Session) -> HttpResponse:
    """Take the form: what is ticked and was not when the page was made, and the other way round.

    What somebody else ticked meanwhile is no change of hers, and stays.
    """
    shown, before, now = (
        {number_in(value) for value in request.POST.getlist(name)} - {0}
        for name in ("mostrada", "antes", "presente")
    )
    changed = shown & (before ^ now)
    ticks = [Tick(uuid.uuid4(), pk, pk in now) for pk in sorted(changed)]
    outcome = mark_attendance(session=session, by=request.user, ticks=ticks)
    for words in _said(outcome):
        messages.warning(request, words)
    came = session.enrolments.filter(present=True).count()
    told = ngettext("Quedó guardado: vino %(n)s persona.", "Quedó guardado: vinieron %(n)s personas.", came)
    messages.success(request, told % {"n": came})
    return redirect(session.address("attendance"))


def _said(outcome: Outcome) -> list[str]:
    """Return what has to be said openly: two people marked otherwise; somebody left the list."""
    found = []
    for enrolment, other in outcome.clashes:
        who = other.marked_by.display_name if other.marked_by else _("Otra persona")
        words = {
            "name": enrolment.user.display_name,
            "who": who,
            "hour": dates.hour(other.marked_at),
            "now": _("vino") if enrolment.present else _("no vino"),
        }
        said = (
            _("%(name)s: %(who)s marcó que vino a las %(hour)s. Quedó lo último que se marcó: %(now)s.")
            if other.present
            else _("%(name)s: %(who)s quitó la marca a las %(hour)s. Quedó lo último que se marcó: %(now)s.")
        )
        found.append(said % words)
    if outcome.gone:
        line = ngettext(
            "%(n)s persona que usted marcó ya no está en la lista.",
            "%(n)s personas que usted marcó ya no están en la lista.",
            outcome.gone,
        )
        found.append(line % {"n": outcome.gone})
    return found


@login_required
@require_safe
def attendance_csv(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the list as a table; no address of anybody in it."""
    session = _found(request, slug, pk)
    header = [_("Nombre"), _("Institución"), _("Ciudad"), _("Vino")]
    rows = (_row(one) for one in _people(session))
    response = csv_response(request, header, rows, filename=f"asistencia-{session.pk}.csv")
    response["Cache-Control"] = "private, no-store"
    return response


def _row(enrolment: Enrolment) -> list[Any]:
    user = enrolment.user
    return [
        user.display_name,
        user.institution.name if user.institution else "",
        user.city.name if user.city else "",
        "" if enrolment.present is None else enrolment.present,
    ]
