"""Keep who came. The same tick twice is one; of two phones the last tick counts, and both are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias.actions.enrolment import locked_session
from guias.models import AttendanceMark, Enrolment, Session
from guias.policies import courses as policies
from nucleo import dates
from nucleo.policies import require

LONGEST = dt.timedelta(days=30)
"""How long ago a tick may be said to have been: a phone in a drawer."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick as a phone sends it: ``ago`` is by its own clock, which may be wrong but goes like ours."""

    id: UUID
    enrolment: int
    present: bool
    ago: dt.timedelta = dt.timedelta()


@dataclass(slots=True)
class Outcome:
    """What became of the ticks: ``clashes`` are pairs of (enrolment, tick of another person)."""

    clashes: list[tuple[Enrolment, AttendanceMark]] = field(default_factory=list)
    gone: int = 0
    """Ticks of people who are no longer on the list."""


def refusal(session: Session) -> str:
    """Return why nobody, or not she, takes the list of ``session`` now."""
    if session.is_cancelled:
        return _("Esta sesión se canceló: no hay lista que pasar.")
    if not session.is_list_open:
        opens = dates.long_moment(session.list_opens_at)
        return _("La lista se abre una hora antes de la sesión: %(opens)s") % {"opens": opens}
    return _("La lista la pasa quien dicta el curso.")


@transaction.atomic
def mark_attendance(*, session: Session, by: Any, ticks: Iterable[Tick]) -> Outcome:
    """Keep ``ticks``. Raises Forbidden for who does not teach the course, and before it opens."""
    locked = locked_session(session)
    require(policies.can_mark(by, locked), refusal(locked))
    sent = list(ticks)
    listed = {one.pk: one for one in locked.enrolments.with_place().select_related("user")}
    known = set(AttendanceMark.objects.filter(pk__in=[one.id for one in sent]).values_list("pk", flat=True))
    outcome = Outcome()
    for tick in sorted(sent, key=lambda one: one.ago, reverse=True):
        enrolment = listed.get(tick.enrolment)
        if enrolment is None:
            outcome.gone += 1
        elif tick.id not in known:
            known.add(tick.id)
            _keep(enrolment, tick, by, outcome)
    return outcome


def _keep(enrolment: Enrolment, tick: Tick, by: Any, outcome: Outcome) -> None:
    now = timezone.now()
    ago = min(max(tick.ago, dt.timedelta()), LONGEST)
    last = enrolment.marks.select_related("marked_by").first()
    mark = AttendanceMark.objects.create(
        id=tick.id,
        enrolment=enrolment,
        present=tick.present,
        marked_at=now - ago,
        received_at=now,
        marked_by=by,
    )
    if last is None or last.marked_at <= mark.marked_at:
        enrolment.present = mark.present
        enrolment.save(update_fields=["present"])
    if last is not None and last.marked_by_id != by.pk and last.present != mark.present:
        outcome.clashes.append((enrolment, last))
