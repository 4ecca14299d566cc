"""Courses and sessions as lists show them: words and addresses for the components, no HTML."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guias.models import Course, Enrolment, Session
from nucleo import calendar, dates


def place_of(session: Session) -> str:
    """Return where a session is, for everyone: its place, or that it is on-line."""
    return session.where or str(_("En línea"))


def when_of(session: Session) -> str:
    """``3 de diciembre de 2026, de 9:00 a 11:00 a. m.``."""
    return dates.when(session.starts_at, session.ends_at)


def chairs(session: Session) -> dict[str, str]:
    """Return how many chairs are left as a pill; wants ``with_counts``. Nothing where there is no limit."""
    if session.capacity is None:
        return {}
    left = session.capacity - session.taken  # type: ignore[attr-defined]
    if left <= 0:
        return {"tone": "warn", "text": _("Llena: hay lista de espera")}
    return {"text": ngettext("Queda %(n)s cupo", "Quedan %(n)s cupos", left) % {"n": left}, "icon": "users"}


def state_of(session: Session, enrolment: Enrolment | None) -> dict[str, str]:
    """Return what she most needs to know of a session as a pill; wants ``with_counts``."""
    if session.is_cancelled:
        return {"tone": "danger", "text": _("Cancelada")}
    if enrolment is not None and enrolment.has_place:
        if session.is_over and not enrolment.present:
            return {"text": _("Usted estaba en la lista"), "icon": "clock"}
        return {"tone": "ok", "text": _("Usted vino") if session.is_over else _("Usted tiene cupo")}
    if enrolment is not None and not session.has_started:
        return {"tone": "warn", "text": _("Usted está en lista de espera")}
    if session.has_started:
        return {"text": _("Ya fue") if session.is_over else _("Es ahora"), "icon": "clock"}
    return chairs(session)


def session_row(session: Session, enrolment: Enrolment | None, *, named: bool = False) -> dict[str, Any]:
    """Return a session for the ``row`` component; ``named`` when its course is not said above it."""
    hours = dates.hours(session.starts_at, session.ends_at)
    day = dates.loose(dates.long_date(session.starts_at))
    return {
        "id": session.pk,
        "title": session.course.title if named else _("Sesión del %(day)s") % {"day": day},
        "href": session.get_absolute_url(),
        "day": dates.as_day(session.starts_at),
        "end": dates.as_day(session.ends_at),
        "facts": [hours, place_of(session)],
        "pill": state_of(session, enrolment),
    }


def course_row(course: Course) -> dict[str, Any]:
    """Return a course for the ``row`` component; wants ``next_at`` (``views.courses``)."""
    facts = [ngettext("%(n)s hora", "%(n)s horas", course.hours) % {"n": course.hours}]
    following = course.next_at
    if following:
        facts.append(_("Próxima sesión: %(day)s") % {"day": dates.day_and_month(following)})
    return {
        "id": course.slug,
        "title": course.title,
        "href": course.get_absolute_url(),
        "route": course.route,
        "order": course.pk,
        "text": course.lead,
        "facts": facts,
        "pill": {} if course.live else {"tone": "warn", "text": _("Borrador")},
    }


def calendar_entry(session: Session, *, link: bool = False) -> calendar.Entry:
    """Return a session for a calendar; wants its course and city."""
    return calendar.Entry(
        uid=f"sesion-{session.pk}",
        stamp=session.updated_at,
        start=session.starts_at,
        end=session.ends_at,
        summary=session.course.title,
        path=session.get_absolute_url(),
        location=", ".join(part for part in (session.where, session.link if link else "") if part)
        or str(place_of(session)),
        description=session.course.lead,
        categories=[str(_("Capacitación"))],
        cancelled=session.is_cancelled,
    )
