"""Courses for who reads: the list, one course, one session. What signed-in people see is kept by no one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import F, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from guias.models import Course, Enrolment, Session
from guias.models.certificates import progress_of
from guias.models.courses import lessons_of
from guias.policies import courses as policies
from guias.tables import courses as tables
from nucleo import dates
from nucleo.pagination import paginate

PAST = 5
"""Sessions that are over, as a course shows them."""


def find_course(request: HttpRequest, slug: str) -> Course:
    """Return the course at ``slug``; asks the policy and not its twin, as guides do."""
    course = get_object_or_404(Course, slug=slug)
    if not policies.can_see_course(request.user, course):
        raise Http404
    return course


def find_session(request: HttpRequest, slug: str, pk: int) -> Session:
    """Return a session of the course at ``slug``, with its counts: a number of another course is not here."""
    course = find_course(request, slug)
    session = get_object_or_404(Session.objects.with_counts().select_related("city"), course=course, pk=pk)
    session.course = course
    return session


def own_enrolments(user: Any, sessions: QuerySet[Session] | list[Session]) -> dict[int, Enrolment]:
    """Return the enrolments of ``user`` in ``sessions``, by session; no query for a visitor."""
    if not user.is_authenticated:
        return {}
    return {one.session_id: one for one in Enrolment.objects.filter(user=user, session__in=sessions)}


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render ``guias/<template>.html``; kept by nobody when somebody is signed in."""
    response = render(request, f"guias/{template}.html", context, status=status)
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    return response


def taken_from(user: Any, session: Session) -> str:
    """Return the address from where ``user`` takes the list along, if she may and somebody is on it.

    Nothing where the operator lets no browser keep anything.
    """
    offered = settings.OFFLINE_READING and session.taken and policies.can_take_along(user, session)  # type: ignore[attr-defined]
    return session.address("attendance") if offered else ""


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """List the courses, the one with the nearest session first."""
    coming = Q(sessions__ends_at__gte=timezone.now(), sessions__cancelled_at=None)
    found = Course.objects.visible_to(request.user).annotate(
        next_at=Min("sessions__starts_at", filter=coming)
    )
    ordered = found.order_by(F("next_at").asc(nulls_last=True), "title").defer("questions", "lessons")
    page = paginate(ordered, request.GET.get("pagina"))
    context = {"page": page, "rows": [tables.course_row(course) for course in page]}
    return show(request, "courses", context)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is learnt, what is read, and when one meets."""
    found = find_course(request, slug)
    lessons = lessons_of(found)
    sessions = list(found.sessions.with_counts().select_related("city"))
    for session in sessions:
        session.course = found
    mine = own_enrolments(request.user, sessions)
    rows = [(session, tables.session_row(session, mine.get(session.pk))) for session in sessions]
    arranges = policies.can_arrange(request.user, found)
    signed_in = request.user.is_authenticated
    context = {
        "course": found,
        "lessons": [lesson for lesson in lessons if lesson.chapter],
        "gone": [lesson.address for lesson in lessons if not lesson.chapter] if arranges else [],
        "coming": [row for session, row in rows if not session.is_over],
        "past": [row for session, row in reversed(rows) if session.is_over][:PAST],
        "teaches": policies.can_teach(request.user, found),
        "arranges": arranges,
        "progress": progress_of(request.user, found) if signed_in and found.live else None,
        "may_take": policies.can_take_check(request.user, found),
    }
    return show(request, "course", context)


@require_safe
def session(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show when and where a session is, and the way to a chair in it."""
    found = find_session(request, slug, pk)
    enrolment = own_enrolments(request.user, [found]).get(found.pk)
    if enrolment is not None:
        enrolment.session = found
    teaches = policies.can_teach(request.user, found.course)
    context = {
        "course": found.course,
        "session": found,
        "when": tables.when_of(found),
        "place": tables.place_of(found),
        "state": tables.state_of(found, enrolment),
        "chairs": tables.chairs(found),
        "enrolment": enrolment,
        "link": found.link if policies.can_see_link(request.user, found, enrolment) else "",
        "may_enrol": enrolment is None and policies.can_enrol(request.user, found),
        "may_withdraw": enrolment is not None and policies.can_withdraw(request.user, enrolment),
        "may_enrol_others": policies.can_enrol_others(request.user, found),
        "teaches": teaches,
        "may_mark": policies.can_mark(request.user, found),
        "opens": dates.long_moment(found.list_opens_at),
        "take_along": taken_from(request.user, found),
    }
    return show(request, "session", context)
