"""Keep what a reader ticked and where she is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import policies
from guias.models import Chapter, Following, Guide, Reading, Tick, Version
from nucleo.policies import require


@transaction.atomic
def save_ticks(
    *, user: Any, guide: Guide, chapter: Chapter, checked: Iterable[str], shown: Iterable[str] | None = None
) -> int:
    """Make the ticks of ``user`` in ``chapter`` be exactly ``checked``; ids of elsewhere are ignored.

    With ``shown``, items that were not on the form she sent are left alone. Returns how many of those
    considered are ticked now. Raises Forbidden for who has no account.
    """
    require(policies.can_tick(user, guide), _("Para guardar sus marcas, entre a su cuenta."))
    known = {item.id for item in chapter.items}
    considered = known if shown is None else known & set(shown)
    wanted = considered & set(checked)
    ticks = Tick.objects.filter(user=user, guide=guide)
    ticks.filter(item__in=[UUID(item) for item in considered - wanted]).delete()
    Tick.objects.bulk_create(
        (Tick(user=user, guide=guide, item=UUID(item)) for item in sorted(wanted)), ignore_conflicts=True
    )
    return len(wanted)


@transaction.atomic
def follow_guide(*, user: Any, guide: Guide, wanted: bool) -> bool:
    """Tell ``user`` when ``guide`` changes or comes out, or stop; true if that is new.

    Raises Forbidden for who has no account.
    """
    require(policies.can_follow(user, guide), _("Para que le avisemos, entre a su cuenta."))
    if not wanted:
        return bool(Following.objects.filter(user=user, guide=guide).delete()[0])
    _row, new = Following.objects.get_or_create(user=user, guide=guide)
    return new


def mark_read(*, user: Any, version: Version, chapter: Chapter, again: bool = False) -> None:
    """Remember that ``user`` opened ``chapter``; nothing for who has no account.

    ``again``: she is known to have opened it before, which is one statement and no transaction.
    """
    if not getattr(user, "is_authenticated", False):
        return
    if again:
        opened = Reading.objects.filter(user=user, guide=version.guide_id, chapter=chapter.slug)
        if opened.update(version_number=version.number, read_at=timezone.now()):
            return
    Reading.objects.bulk_create(
        [
            Reading(
                user=user,
                guide_id=version.guide_id,
                chapter=chapter.slug,
                version_number=version.number,
                read_at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["user", "guide", "chapter"],
        update_fields=["version_number", "read_at"],
    )
