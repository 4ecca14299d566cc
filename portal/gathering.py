"""One letter for what comes within some hours, instead of a mail each (ADR 0025).

The first thing leaves at once; then its person rests for ``LETTER_HOURS``, and what comes meanwhile leaves
together. What is said, and whether it is still worth saying, is a ``Purpose``. No mail here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.models import GatheredLetter, GatheredLine
from portal.responding import KEPT, PURPOSES, Purpose

MOST = 20
"""Lines of a letter; what is over goes in the next."""
GIVEN_UP = timedelta(days=3)
"""After which a letter that cannot be sent is tried no more, and holds up no other."""


@transaction.atomic
def gather(purpose: type[Purpose], *, people: Iterable[Any], object_id: int) -> list[Any]:
    """Let the next letter of each of ``people`` speak of that object; return those to whom it is new."""
    same: dict[str, Any] = {"purpose": purpose.name, "object_id": object_id}
    wanted = {person.pk: person for person in people if _takes(PURPOSES[purpose.name], person)}
    told = GatheredLine.objects.filter(person__in=wanted, **same).values_list("person", flat=True)
    new = [person for pk, person in wanted.items() if pk not in set(told)]
    lines = (GatheredLine(person=person, **same) for person in new)
    GatheredLine.objects.bulk_create(lines, ignore_conflicts=True)
    return new


def due() -> list[tuple[int, str]]:
    """Return whose letter can leave, as (person, purpose): she rested, or one was left behind."""
    waiting = GatheredLetter.objects.waiting().filter(_still_wanted()).values_list("person", "purpose")
    resting = set(GatheredLetter.objects.since(_rest_began()).values_list("person", "purpose"))
    lines = GatheredLine.objects.filter(letter=None).values_list("person", "purpose").distinct()
    return sorted(set(waiting) | (set(lines) - resting))


@transaction.atomic
def take(person: int, purpose: str) -> GatheredLetter | None:
    """Return the letter that ``person`` should be sent now, for whoever calls alone; None while she rests.

    One that was closed and has not left goes first, as it is: nothing leaves in two letters.
    """
    hers: dict[str, Any] = {"person": person, "purpose": purpose}
    found = get_user_model()._default_manager.select_for_update().filter(pk=person).first()
    if found is None or purpose not in PURPOSES:
        return None
    letter = GatheredLetter.objects.filter(_still_wanted(), **hers, sent_at=None).order_by("pk").first()
    if letter is None:
        letter = _close(found, purpose)
    if letter is None:
        return None
    won = GatheredLetter.objects.waiting().filter(pk=letter.pk).update(taken_at=timezone.now())
    return letter if won else None


def _close(person: Any, purpose: str) -> GatheredLetter | None:
    hers: dict[str, Any] = {"person": person, "purpose": purpose}
    if GatheredLetter.objects.filter(**hers).since(_rest_began()).exists():
        return None
    said = _worth_saying(person, purpose, GatheredLine.objects.filter(**hers, letter=None))
    if not said:
        return None
    letter = GatheredLetter.objects.create(**hers)
    GatheredLine.objects.filter(pk__in=[line.pk for line, _about in said[:MOST]]).update(letter=letter)
    return letter


def content(letter: GatheredLetter) -> list[tuple[GatheredLine, Any]]:
    """Return what ``letter`` says: its lines with what they are about, as it is now."""
    return _worth_saying(letter.person, letter.purpose, letter.lines.all())


def _worth_saying(person: Any, purpose: str, lines: Any) -> list[tuple[GatheredLine, Any]]:
    """Return the lines that still hold, the first first, and forget the others: they may gather anew."""
    means = PURPOSES[purpose]
    takes = _takes(means, person)
    found, gone = [], []
    for line in lines.order_by("since", "pk"):
        about = means.find(person, line.object_id) if takes else None
        if about is not None and means.is_news(about):
            found.append((line, about))
        else:
            gone.append(line.pk)
    GatheredLine.objects.filter(pk__in=gone).delete()
    return found


def _takes(purpose: Purpose, person: Any) -> bool:
    """Whether letters of ``purpose`` go to ``person``: an open account, and for notices her wish."""
    return bool(person.is_active and (person.mail_notices or not purpose.is_notice))


def _still_wanted() -> Q:
    """Which letters are not given up: a mail server that refuses one for days will refuse it for ever."""
    return Q(made_at__gt=timezone.now() - GIVEN_UP)


def _rest_began() -> datetime:
    return timezone.now() - timedelta(hours=settings.LETTER_HOURS)


def left(letter: GatheredLetter) -> None:
    """Say that ``letter`` is gone."""
    GatheredLetter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())


def drop(letter: GatheredLetter) -> None:
    """Forget ``letter``, which has nothing to say any more: after it nobody rests."""
    GatheredLetter.objects.filter(pk=letter.pk, sent_at=None).delete()


def give_back(letter: GatheredLetter) -> None:
    """Say that it could not be sent: whoever tries next need not wait."""
    GatheredLetter.objects.filter(pk=letter.pk, sent_at=None).update(taken_at=None)


def forget_old() -> int:
    """Delete the letters that left long ago, or never will, with their lines; return how many rows."""
    return GatheredLetter.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
