"""Call a session of a course, change it, cancel it. What changes is announced to who has a chair."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import signals
from guias.actions.enrolment import fill, locked_session
from guias.models import Course, Session
from guias.policies import courses as policies
from nucleo.policies import require
from nucleo.twice import just_made


@transaction.atomic
def call_session(
    *,
    course: Course,
    by: Any,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    city: Any = None,
    place: str = "",
    link: str = "",
    capacity: int | None = None,
) -> Session:
    """Return a new session; a double click calls one. Raises Forbidden for who does not teach the course."""
    Course.objects.select_for_update().get(pk=course.pk)
    require(policies.can_teach(by, course), _("Solo quien dicta el curso programa sus sesiones."))
    said = {"starts_at": starts_at, "ends_at": ends_at, "city": city, "place": place, "link": link}
    twin = just_made(course.sessions.all(), "created_at", **said)
    return twin or Session.objects.create(course=course, capacity=capacity, **said)


@transaction.atomic
def change_session(
    *,
    session: Session,
    by: Any,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    city: Any = None,
    place: str = "",
    link: str = "",
    capacity: int | None = None,
) -> bool:
    """Change when, where and for how many; true if it moved in time or place, which is announced.

    More chairs go to who waits; fewer take none away. Raises Forbidden for who may not, and of one that was
    cancelled.
    """
    locked = locked_session(session)
    require(policies.can_teach(by, locked.course), _("Solo quien dicta el curso cambia sus sesiones."))
    require(not locked.is_cancelled, _("La sesión está cancelada. Programe otra."))
    before = (locked.starts_at, locked.ends_at, locked.city_id, locked.place, locked.link)
    locked.starts_at, locked.ends_at = starts_at, ends_at
    locked.city, locked.place, locked.link, locked.capacity = city, place, link, capacity
    locked.save()
    fill(locked)
    moved = before != (locked.starts_at, locked.ends_at, locked.city_id, locked.place, locked.link)
    if moved:
        transaction.on_commit(partial(signals.session_moved.send, sender=Session, session=locked))
    return moved


@transaction.atomic
def cancel_session(*, session: Session, by: Any, reason: str) -> bool:
    """Say that it will not be held, and why; false if that was said already. Raises Forbidden."""
    locked = locked_session(session)
    require(policies.can_teach(by, locked.course), _("Solo quien dicta el curso cancela sus sesiones."))
    require(not locked.is_over, _("La sesión ya pasó. No se puede cancelar."))
    if locked.is_cancelled:
        return False
    locked.cancelled_at, locked.cancel_reason = timezone.now(), reason
    locked.save(update_fields=["cancelled_at", "cancel_reason", "updated_at"])
    transaction.on_commit(partial(signals.session_cancelled.send, sender=Session, session=locked))
    return True
