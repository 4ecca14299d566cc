"""What one person learns: her sessions, her courses, her certificates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guias.models import Certificate, Course, Enrolment, Session
from guias.tables import courses as tables
from guias.views.courses import show

MOST = 50
"""Sessions of one person that are listed; nobody comes to more in years."""


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the sessions to come, the courses she is in, and what she was given. Four queries."""
    enrolments = Enrolment.objects.visible_to(request.user).filter(session__course__live=True)
    by_session = {one.session_id: one for one in enrolments.order_by("-session__starts_at")[:MOST]}
    sessions = list(Session.objects.filter(pk__in=by_session).listed().with_counts())
    courses: dict[int, Course] = {session.course_id: session.course for session in sessions}
    context = {
        "coming": [
            tables.session_row(one, by_session[one.pk], named=True) for one in sessions if not one.is_over
        ],
        "courses": list(courses.values()),
        "certificates": Certificate.objects.of(request.user),
    }
    return show(request, "own_learning", context)
