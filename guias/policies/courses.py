"""Who may do what with courses. Reading a published course is for all; its twin is ``Course.visible_to``.

Three parts: who arranges a course (editors of its route), who teaches it (who is named in it, and who
arranges it), who comes. Whose centre is whose is what accounts say of themselves: ``works_in_center``,
institution and city.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from guias.enums import Access
from guias.models import Course, Enrolment, Session
from guias.models.certificates import Progress
from guias.models.guides import is_editor
from guias.models.ownership import edits_route


def can_see_course(user: Any, course: Course) -> bool:
    """Published: everyone. Otherwise editors."""
    return course.live or is_editor(user)


def can_arrange(user: Any, course: Course) -> bool:
    """Editors, of all routes or of those that are named for them."""
    return is_editor(user) and edits_route(user, course.route)


def can_teach(user: Any, course: Course) -> bool:
    """Who is named as its trainer, and who arranges it: sessions, list, attendance."""
    named = bool(getattr(user, "is_active", False)) and user.pk in course.trainer_ids
    return named or can_arrange(user, course)


def works_in_center(user: Any) -> bool:
    """Whether she says that she works in a centre."""
    return bool(getattr(user, "is_active", False)) and bool(user.works_in_center)


def can_enrol(user: Any, session: Session) -> bool:
    """Who has an account, or only staff of centres; until the session starts, unless it was cancelled."""
    return _is_open(session) and _fits(user, session.course)


def can_enrol_others(user: Any, session: Session) -> bool:
    """Who teaches, until a week after (people come on no list); staff of a centre, until it starts."""
    if session.is_cancelled or not session.course.live:
        return False
    if can_teach(user, session.course):
        return not session.is_closed
    return works_in_center(user) and not session.has_started


def can_enrol_person(user: Any, session: Session, person: Any) -> bool:
    """Who teaches enrols anyone who fits, staff of a centre the people of her centre."""
    if not can_enrol_others(user, session) or not _fits(person, session.course):
        return False
    return can_teach(user, session.course) or same_center(user, person)


def same_center(one: Any, other: Any) -> bool:
    """Whether two people are of one centre: one body, or both staff of the centre of one city.

    Several bodies of a city run its centre together, so that colleagues may have different ones.
    """
    if one.institution_id is not None and one.institution_id == other.institution_id:
        return True
    city = one.city_id is not None and one.city_id == other.city_id
    return city and works_in_center(one) and works_in_center(other)


def can_withdraw(user: Any, enrolment: Enrolment) -> bool:
    """Herself, who enrolled her, who teaches; until the session starts."""
    if not getattr(user, "is_active", False) or enrolment.session.has_started:
        return False
    hers = user.pk in (enrolment.user_id, enrolment.enrolled_by_id)
    return hers or can_teach(user, enrolment.session.course)


def can_mark(user: Any, session: Session) -> bool:
    """Who teaches, from an hour before the session on; never what was cancelled."""
    return session.is_list_open and not session.is_cancelled and can_teach(user, session.course)


def can_take_along(user: Any, session: Session) -> bool:
    """Who teaches, from the day it is called on: the list goes where there is no signal before it opens."""
    return (
        not session.is_cancelled
        and session.carried_until > timezone.now()
        and can_teach(user, session.course)
    )


def can_take_check(user: Any, course: Course) -> bool:
    """Who has an account, of a published course: who only reads may know too whether she understood."""
    return course.live and bool(getattr(user, "is_active", False))


def can_have_certificate(user: Any, course: Course, progress: Progress) -> bool:
    """Who came to as many sessions as are asked for, and passed the check."""
    return bool(getattr(user, "is_active", False)) and progress.is_complete


def can_see_link(user: Any, session: Session, enrolment: Enrolment | None) -> bool:
    """Where to come in from afar: who has a chair, and who teaches."""
    return (enrolment is not None and enrolment.has_place) or can_teach(user, session.course)


def _is_open(session: Session) -> bool:
    return session.course.live and not session.is_cancelled and not session.has_started


def _fits(person: Any, course: Course) -> bool:
    if not getattr(person, "is_active", False):
        return False
    return course.access == Access.OPEN or bool(person.works_in_center)
