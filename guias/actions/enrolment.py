"""Take and give up a chair in a session. All of it under the lock of the session: the last chair is one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guias import signals
from guias.enums import Place
from guias.models import Enrolment, Session
from guias.policies import courses as policies
from nucleo.policies import require


def locked_session(session: Session) -> Session:
    """Return ``session`` as it is now with its course, nobody else's until the transaction ends."""
    return Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)


def own_refusal(session: Session) -> str:
    """Return why somebody has no chair to take for herself: her page was older than what happened."""
    if session.is_cancelled:
        return _("Esta sesión se canceló.")
    if session.has_started:
        return _("Ya no se puede inscribir: la sesión empezó.")
    return _("Este curso es para quienes trabajan en un centro. Si es su caso, dígalo en su cuenta.")


def refusal(session: Session, by: Any) -> str:
    """Return why ``by`` enrols nobody else in ``session``, or not this person."""
    teaches = policies.can_teach(by, session.course)
    if session.is_cancelled:
        return _("Esta sesión se canceló.")
    if not session.course.live:
        return _("El curso no está publicado: todavía no se inscribe a nadie.")
    if teaches and session.is_closed:
        return _("La sesión terminó hace más de una semana: ya no se anota a nadie en la lista.")
    if policies.works_in_center(by) and not teaches and session.has_started:
        return _("La sesión ya empezó. A quien llegue lo anota quien dicta el curso.")
    if policies.can_enrol_others(by, session):
        return _("No se puede inscribir en esta sesión a esta persona.")
    return _("Inscribe a otras personas quien trabaja en un centro, hasta que empiece la sesión.")


@transaction.atomic
def enrol(*, session: Session, person: Any, by: Any) -> tuple[Enrolment, bool]:
    """Return the enrolment of ``person`` and whether this made or changed it; with no free chair she waits.

    Who teaches may add a chair for somebody who stands in the door, also if she waited in line. Raises
    Forbidden for who may not.
    """
    locked = locked_session(session)
    own = by.pk == person.pk and policies.can_enrol(person, locked)
    sentence = own_refusal(locked) if by.pk == person.pk else refusal(locked, by)
    require(own or policies.can_enrol_person(by, locked, person), sentence)
    found = Enrolment.objects.filter(session=locked, user=person).first()
    adds_chair = not own and policies.can_teach(by, locked.course)
    if found is not None:
        found.session = locked
        if found.has_place or not adds_chair:
            return found, False
        _give_chair(found)
        return found, True
    place = Place.TAKEN if adds_chair or _free(locked) else Place.WAITING
    made = Enrolment.objects.create(session=locked, user=person, place=place, enrolled_by=by)
    transaction.on_commit(partial(signals.enrolled.send, sender=Enrolment, enrolment=made, by=by))
    return made, True


@transaction.atomic
def withdraw(*, enrolment: Enrolment, by: Any) -> None:
    """Give the chair up; who came first in the line gets it. Raises Forbidden for who may not."""
    locked = locked_session(enrolment.session)
    enrolment.session = locked
    require(
        policies.can_withdraw(by, enrolment),
        _("Solo se retira la persona misma o quien la inscribió, y antes de que empiece la sesión."),
    )
    enrolment.delete()
    fill(locked)


def fill(session: Session) -> int:
    """Give the free chairs of ``session``, which the caller has locked, to who waits; return how many.

    Not once it started: who waits is at home, and would read of a chair in a room she cannot reach. Who came
    all the same is let in by who teaches, by name (``enrol``).
    """
    if session.is_cancelled or session.has_started:
        return 0
    given = 0
    for waiting in session.enrolments.in_line().select_related("user"):
        if not _free(session):
            break
        waiting.session = session
        _give_chair(waiting)
        given += 1
    return given


def _give_chair(waiting: Enrolment) -> None:
    waiting.place = Place.TAKEN
    waiting.save(update_fields=["place"])
    transaction.on_commit(partial(signals.place_given.send, sender=Enrolment, enrolment=waiting))


def _free(session: Session) -> bool:
    return session.capacity is None or session.enrolments.with_place().count() < session.capacity
