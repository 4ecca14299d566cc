"""What is done with a session: take a chair and give it up, send one's people, call, move and cancel it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directorio.models import City
from guias.actions.courses import call_session, cancel_session, change_session
from guias.actions.enrolment import enrol as keep_enrolment
from guias.actions.enrolment import refusal
from guias.actions.enrolment import withdraw as give_up
from guias.forms.courses import CancelForm, PeopleForm, SessionForm, accounts
from guias.models import Enrolment, Session
from guias.policies import courses as policies
from guias.tables import courses as tables
from guias.views.courses import find_course, find_session, own_enrolments, show
from guias.views.lookup import number_in
from nucleo import calendar
from nucleo.policies import require
from nucleo.ratelimit import rate_limited


@require_POST
@login_required
def enrol(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a chair, or a place in the line; back to the session."""
    session = find_session(request, slug, pk)
    enrolment, new = keep_enrolment(session=session, person=request.user, by=request.user)
    if new and enrolment.has_place:
        reminded = _("Su cupo está reservado. Le recordamos un día antes.")
        messages.success(request, _("Su cupo está reservado.") if session.is_near else reminded)
    elif new:
        messages.success(request, _("Quedó en la lista de espera. Si alguien se retira, le avisamos."))
    return redirect(session)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give up one's own chair, or that of ``inscripcion`` (whom one enrolled)."""
    session = find_session(request, slug, pk)
    named = request.POST.get("inscripcion", "")
    wanted = {"pk": number_in(named)} if named else {"user": request.user}
    enrolment = Enrolment.objects.filter(session=session, **wanted).first()
    if enrolment is not None:
        enrolment.session = session
        hers = enrolment.user_id == request.user.pk
        give_up(enrolment=enrolment, by=request.user)
        said = _("Usted ya no tiene cupo.") if hers else _("Esa persona ya no tiene cupo.")
        messages.success(request, said)
    return redirect(session if not named else session.address("enrol_others"))


@require_safe
def ical(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the session to a calendar; the link only to who has a chair."""
    session = find_session(request, slug, pk)
    enrolment = own_enrolments(request.user, [session]).get(session.pk)
    shows_link = policies.can_see_link(request.user, session, enrolment)
    content = calendar.make([tables.calendar_entry(session, link=shows_link)], product="Formación")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sesion-{session.pk}.ics"'
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    return response


@rate_limited("enrol-others", limit=30, seconds=300)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_others(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Enrol people by their address, or let in one who waits; keeps in the form who was not enrolled.

    Who takes the list goes back to it: whom she let in is to be ticked there. Who teaches and comes too late
    is told so where she can go on.
    """
    session = find_session(request, slug, pk)
    may = policies.can_enrol_others(request.user, session)
    if not may and request.method != "POST" and policies.can_teach(request.user, session.course):
        messages.info(request, refusal(session, request.user))
        return redirect(session)
    require(may, refusal(session, request.user))
    following = "attendance" if policies.can_mark(request.user, session) else "enrol_others"
    if "inscripcion" in request.POST:
        _let_in(request, session)
        return redirect(session.address(following))
    form = PeopleForm(request.POST or None)
    left: list[str] = []
    if request.method == "POST" and form.is_valid():
        done, same, left = _enrol_all(request.user, session, form.cleaned_data["emails"])
        _tell_enrolled(request, done, same)
        if not left:
            return redirect(session.address(following))
        form = PeopleForm({"emails": "\n".join(left)})
        form.is_valid()
        form.add_error("emails", _refusal(teaches=policies.can_teach(request.user, session.course)))
    context = {
        "course": session.course,
        "session": session,
        "when": tables.when_of(session),
        "form": form,
        "people": _mine(request.user, session),
        "waiting": _waiting(request.user, session),
        "teaches": policies.can_teach(request.user, session.course),
    }
    return show(request, "enrol_others", context, status=422 if form.is_bound else 200)


def _let_in(request: HttpRequest, session: Session) -> None:
    """Give a chair to the one who waits and was named; nothing for who left the line meanwhile."""
    line = session.enrolments.in_line().select_related("user")
    waiting = line.filter(pk=number_in(request.POST["inscripcion"])).first()
    if waiting is None:
        return
    found, done = keep_enrolment(session=session, person=waiting.user, by=request.user)
    if done:
        messages.success(request, _("%(name)s ya tiene cupo.") % {"name": found.user.display_name})


def _tell_enrolled(request: HttpRequest, done: list[Enrolment], same: list[str]) -> None:
    """Say how many were enrolled, and name who was before: silence would read as a failure."""
    if done:
        told = ngettext("%(n)s persona inscrita.", "%(n)s personas inscritas.", len(done))
        waiting = sum(not one.has_place for one in done)
        line = ngettext("%(n)s quedó en espera.", "%(n)s quedaron en espera.", waiting)
        said = [told % {"n": len(done)}, *([line % {"n": waiting}] if waiting else [])]
        messages.success(request, " ".join(said))
    if same:
        told = ngettext("Ya estaba inscrita: %(who)s", "Ya estaban inscritas: %(who)s", len(same))
        messages.info(request, told % {"who": ", ".join(same)})


def _enrol_all(by: Any, session: Session, emails: list[str]) -> tuple[list[Enrolment], list[str], list[str]]:
    """Enrol whom ``by`` may; return what changed, and the addresses that were enrolled or not hers to enrol.

    An address without an account and that of somebody else's centre read the same: who has an account here is
    nobody's business.
    """
    people, left = accounts(emails)
    done, same = [], []
    for person in people:
        if not policies.can_enrol_person(by, session, person):
            left.append(person.email)
            continue
        enrolment, new = keep_enrolment(session=session, person=person, by=by)
        if new:
            done.append(enrolment)
        else:
            same.append(person.email)
    return done, same, left


def _refusal(*, teaches: bool) -> str:
    if teaches:
        return _("No inscribimos a estos: no hay una cuenta con ese correo, o el curso no es para ella.")
    return _("No inscribimos a estos: no son de una cuenta de su centro. Pídales que la creen o completen.")


def _mine(user: Any, session: Session) -> list[Enrolment]:
    """Return whom ``user`` enrolled and could still withdraw."""
    if session.has_started:
        return []
    found = session.enrolments.filter(enrolled_by=user).exclude(user=user)
    return list(found.select_related("user").order_by("user__first_names", "user__last_names"))


def _waiting(user: Any, session: Session) -> list[Enrolment]:
    """Return who waits for a chair, for who teaches: she may let them in without their address."""
    if not policies.can_teach(user, session.course):
        return []
    return list(session.enrolments.in_line().select_related("user__institution", "user__city"))


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """Return the day and the city of ``?dia=&ciudad=``, which the agenda announced; nonsense is left out."""
    with suppress(ValueError):
        day = dt.date.fromisoformat(request.GET.get("dia", ""))
        return {"day": day, "city": City.objects.filter(slug=request.GET.get("ciudad", "")).first()}
    return {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest, slug: str) -> HttpResponse:
    """Call a session of a course."""
    course = find_course(request, slug)
    require(policies.can_teach(request.user, course), _("Solo quien dicta el curso programa sus sesiones."))
    form = SessionForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        session = call_session(course=course, by=request.user, **form.said)
        messages.success(request, _("La sesión quedó programada."))
        return redirect(session)
    return show(request, "session_form", {"course": course, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_session(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a session; who is enrolled hears of it when it moves."""
    session = find_session(request, slug, pk)
    require(
        policies.can_teach(request.user, session.course), _("Solo quien dicta el curso cambia sus sesiones.")
    )
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    initial = {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "city": session.city_id,
        "place": session.place,
        "link": session.link,
        "capacity": session.capacity,
    }
    form = SessionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        moved = change_session(session=session, by=request.user, **form.said)
        said = _("Cambiamos la sesión y les avisamos a los inscritos.") if moved else _("Quedó guardado.")
        messages.success(request, said)
        return redirect(session)
    context = {"course": session.course, "session": session, "form": form}
    return show(request, "session_form", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Cancel a session, with the reason that those who are enrolled will read."""
    session = find_session(request, slug, pk)
    require(
        policies.can_teach(request.user, session.course), _("Solo quien dicta el curso cancela sus sesiones.")
    )
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_session(session=session, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("La sesión quedó cancelada y les avisamos a los inscritos."))
        return redirect(session)
    context = {
        "course": session.course,
        "session": session,
        "when": tables.when_of(session),
        "form": form,
    }
    return show(request, "session_cancel", context, status=422 if form.errors else 200)
