"""Courses: who is told of her chair in a session, and of what becomes of the session."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from guias import signals
from guias.actions.certificates import forget_person
from guias.models import Certificate, Enrolment, Guide, Session, Version
from guias.models.courses import courses_with, lessons_of
from nucleo.dates import when
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.cuentas.signals import account_erased


def _what(session: Session) -> str:
    """Return the course, and when and where one meets; never the link, which mail would carry on."""
    said = f"{session.course.title}: {when(session.starts_at, session.ends_at)}"
    return f"{said}, {session.where}" if session.where else said


def _then(first: str, second: str) -> str:
    """Return two sentences; hours end in a point already (``p. m.``)."""
    return f"{first.rstrip('.')}. {second}"


def _coming(session: Session) -> list[Any]:
    """Return who has a chair in ``session``."""
    return [one.user for one in session.enrolments.with_place().select_related("user")]


@receiver(signals.enrolled)
def tell_of_enrolment(sender: Any, enrolment: Enrolment, by: Any, **kwargs: Any) -> None:
    """Confirm it to her; who was enrolled by somebody hears by whom, and that she may withdraw."""
    own = by.pk == enrolment.user_id
    if enrolment.session.is_over:
        text = _("La anotaron en la lista de una sesión de formación")
    elif enrolment.has_place:
        text = _("Su cupo está reservado") if own else _("La inscribieron en una sesión de formación")
    else:
        text = _("Usted está en la lista de espera de una sesión")
    told = _what(enrolment.session)
    detail = told if own else _then(told, _("Lo hizo %(who)s") % {"who": by.display_name})
    tell(
        people=[enrolment.user],
        kind=NoticeKind.TRAINING,
        text=text,
        detail=detail,
        url=enrolment.session.get_absolute_url(),
        key=f"inscripcion:{enrolment.pk}",
    )


@receiver(signals.place_given)
def tell_of_chair(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
    """Tell who waited that there is a chair, or that she stands on the list of what is over."""
    over = enrolment.session.is_over
    text = _("La anotaron en la lista de una sesión de formación") if over else _("Ya hay un cupo para usted")
    tell(
        people=[enrolment.user],
        kind=NoticeKind.TRAINING,
        text=text,
        detail=_what(enrolment.session),
        url=enrolment.session.get_absolute_url(),
        key=f"inscripcion:{enrolment.pk}:cupo",
    )


@receiver(signals.session_moved)
def tell_of_move(sender: Any, session: Session, **kwargs: Any) -> None:
    """Tell who is coming where and when it is now."""
    if session.course.live and not session.is_over:
        tell(
            people=_coming(session),
            kind=NoticeKind.TRAINING,
            text=_("Cambió una sesión en la que usted tiene cupo"),
            detail=_what(session),
            url=session.get_absolute_url(),
            key=f"sesion:{session.pk}:cambio:{session.updated_at:%Y%m%d%H%M%S%f}",
        )


@receiver(signals.session_cancelled)
def tell_of_cancellation(sender: Any, session: Session, **kwargs: Any) -> None:
    """Tell who was coming, and who waited, why it will not be held."""
    tell(
        people=[one.user for one in session.enrolments.select_related("user")],
        kind=NoticeKind.TRAINING,
        text=_("Se canceló una sesión de formación"),
        detail=_then(_what(session), session.cancel_reason),
        url=session.get_absolute_url(),
        key=f"sesion:{session.pk}:cancelada",
    )


@receiver(signals.session_near)
def remind_of_session(sender: Any, session: Session, **kwargs: Any) -> None:
    """Remind who has a chair, once for each moment at which it was said to begin."""
    tell(
        people=_coming(session),
        kind=NoticeKind.TRAINING,
        text=_("Ya casi es su sesión de formación"),
        detail=_what(session),
        url=session.get_absolute_url(),
        key=f"sesion:{session.pk}:cerca:{session.starts_at:%Y%m%d%H%M}",
    )


@receiver(signals.certificate_withdrawn)
def tell_of_withdrawal(sender: Any, certificate: Certificate, **kwargs: Any) -> None:
    """Tell whose it was that it no longer counts, and why."""
    tell(
        people=[certificate.user],
        kind=NoticeKind.TRAINING,
        text=_("Le retiraron un certificado"),
        detail=f"{certificate.title}. {certificate.withdraw_reason}",
        url=certificate.get_absolute_url(),
        key=f"certificado:{certificate.pk}:retirado",
    )


@receiver(account_erased)
def forget_learner(sender: Any, user: Any, **kwargs: Any) -> None:
    """Leave no name on what she was given, and give her chairs to who waits."""
    forget_person(person=user)


@receiver(signals.version_published)
def tell_of_gone_chapters(sender: Any, version: Version, previous: Version | None, **kwargs: Any) -> None:
    """Tell who last wrote a course, and who teaches it, that a chapter of it is gone from the new version."""
    for course in courses_with(version.guide):
        gone = [lesson.address for lesson in lessons_of(course) if lesson.chapter is None]
        gone = [address for address in gone if address.startswith(version.guide.get_absolute_url())]
        if gone:
            _say_gone(course, version.guide, gone, f"curso:{course.pk}:{version.pk}")


def _say_gone(course: Any, guide: Guide, gone: list[str], key: str) -> None:
    writer = course.latest_revision.user if course.latest_revision else None
    words = {"course": course.title, "guide": guide.title, "gone": ", ".join(gone)}
    tell(
        people=[writer, *course.trainers.all()],
        kind=NoticeKind.TRAINING,
        text=_("A un curso le falta un capítulo"),
        detail=_("%(course)s. La versión nueva de %(guide)s ya no trae %(gone)s") % words,
        url=course.get_absolute_url(),
        key=key,
    )
