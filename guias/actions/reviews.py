"""Keep the dates of chapters, take the answers of who reviews them, and say once a day what is due.

Nothing here asks anybody: it announces (``chapters_due``, ``chapters_settled``), and whoever composes the
portal asks. What was announced is written in the same transaction, so that a day done twice asks once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any, Literal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import policies, signals
from guias.models import Chapter, ChapterReview, Guide, Version
from guias.models.changes import was
from guias.models.ownership import editors_of
from guias.models.reviews import arranged, asked_of
from nucleo.dates import in_months
from nucleo.policies import require

FIRST_TERM = dt.timedelta(days=60)
"""What was published before there were dates has at least so long: nobody is asked of everything at once."""
REMINDED_AFTER = dt.timedelta(days=14)
ESCALATED_AFTER = dt.timedelta(days=30)
"""Both from the first letter."""
UNASKED: dict[str, Any] = {"asked_at": None, "reminded_at": None, "escalated_at": None}
UNWANTED: dict[str, Any] = {"wanted": "", "wanted_at": None, "wanted_by": None}
Stage = Literal["asked", "reminded", "escalated"]


@transaction.atomic
def keep_dates(*, version: Version, previous: Version | None = None) -> None:
    """Give each chapter of ``version``, now in force, its date; what changed in it counts as reviewed today.

    A chapter that is the same as in ``previous`` keeps its date and what was said of it, whatever its address
    is now; one that is gone loses its row. Who wrote the version answers for the guide when nobody does.
    """
    guide = version.guide
    author = version.latest_revision.user if version.latest_revision else None
    if guide.reviewer_id is None and author is not None:
        guide.reviewer = author
        Guide.objects.filter(pk=guide.pk, reviewer=None).update(reviewer=author)
    before = was(previous.chapters, version.chapters) if previous else {}
    rows = {row.chapter: row for row in guide.chapter_reviews.select_related("owner")}
    today = timezone.localdate()
    seen = []
    kept = {new: rows.pop(old.slug) for new, old in before.items() if old.slug in rows}
    _leave_addresses([*rows.values(), *(row for new, row in kept.items() if row.chapter != new)])
    for chapter in version.chapters:
        row = kept.get(chapter.slug)
        is_new = row is None
        row = row or ChapterReview(guide=guide)
        row.guide, row.chapter = guide, chapter.slug
        row.title, row.number = chapter.title[:160], chapter.number
        if is_new or _differs(chapter, before.get(chapter.slug)):
            due_on = in_months(version.published_on or today, row.every)
            _reviewed(row, author, max(due_on, today + FIRST_TERM))
            if version.published_on != today:  # an old paper that is published here: nobody reviewed it
                row.reviewed_at = row.reviewed_by = None
            seen.append(row)
        row.save()
    _settle([*seen, *rows.values()])
    guide.chapter_reviews.filter(pk__in=[row.pk for row in rows.values()]).delete()


def _leave_addresses(rows: list[ChapterReview]) -> None:
    """Free the addresses of ``rows``, which take new ones or go: no two of a guide have the same."""
    for row in rows:
        ChapterReview.objects.filter(pk=row.pk).update(chapter=f"~{row.pk}")


def _differs(chapter: Chapter, before: Chapter | None) -> bool:
    return before is None or (chapter.title, chapter.paragraphs) != (before.title, before.paragraphs)


def _reviewed(row: ChapterReview, by: Any, due_on: dt.date) -> None:
    row.due_on, row.reviewed_at, row.reviewed_by = due_on, timezone.now(), by
    for name, value in (UNASKED | UNWANTED).items():
        setattr(row, name, value)


def _settle(rows: Iterable[ChapterReview]) -> None:
    found = list(rows)
    if found:
        signals.chapters_settled.send(sender=ChapterReview, reviews=found)


def give_dates() -> int:
    """Give their dates to guides in force that have none yet; return how many guides there were."""
    dated = ChapterReview.objects.filter(guide=OuterRef("guide"))
    bare = Version.objects.in_force().filter(~Exists(dated))
    bare = bare.select_related("guide__reviewer", "latest_revision__user")
    count = 0
    for version in bare.iterator(chunk_size=20):
        keep_dates(version=version)
        count += 1
    return count


@transaction.atomic
def confirm_chapter(*, review: ChapterReview, by: Any) -> None:
    """Say that the chapter still holds: its next date counts from today. Raises Forbidden for who may not."""
    require(policies.can_review(by, review), _("De este capítulo responde otra persona."))
    row = _locked(review)
    _reviewed(row, by, in_months(timezone.localdate(), row.every))
    row.save()
    _settle([row])


@transaction.atomic
def ask_for_change(*, review: ChapterReview, words: str, by: Any) -> None:
    """Say what must change in the chapter, which stays overdue until it does.

    Raises Forbidden for who may not.
    """
    require(policies.can_review(by, review), _("De este capítulo responde otra persona."))
    row = _locked(review)
    row.wanted, row.wanted_at, row.wanted_by = words, timezone.now(), by
    row.save()
    _settle([row])


@transaction.atomic
def attend_to_change(*, review: ChapterReview, seen: str, by: Any) -> bool:
    """Take what must change as attended to, by an erratum or by no change after all: it counts as a review.

    ``seen`` is the moment (ISO) of the words that she read; false when others were said since. Raises
    Forbidden for who does not edit its guide.
    """
    require(policies.can_write(by, review.guide), _("Solo quien edita las guías de esa ruta puede hacerlo."))
    row = _locked(review)
    if row.wanted_at is None or row.wanted_at.isoformat() != seen:
        return False
    _reviewed(row, by, in_months(timezone.localdate(), row.every))
    row.save()
    _settle([row])
    return True


@transaction.atomic
def arrange(
    *,
    review: ChapterReview,
    due_on: dt.date,
    owner: Any,
    months: int | None,
    by: Any,
    seen: str | None = None,
) -> bool:
    """Set the date, the person and the interval of a chapter; another date or person is asked anew.

    A date that has come is asked at once. ``seen`` is what she saw arranged (``ChapterReview.arranged``):
    false, with nothing changed, when others arranged it otherwise since. Raises Forbidden for who does not
    edit its guide.
    """
    require(policies.can_write(by, review.guide), _("Solo quien edita las guías de esa ruta puede hacerlo."))
    row = _locked(review)
    if seen is not None and row.arranged not in (seen, arranged(due_on, owner and owner.pk, months)):
        return False
    anew = row.due_on != due_on or row.owner != owner
    row.due_on, row.owner, row.months = due_on, owner, months
    if anew:
        for name, value in UNASKED.items():
            setattr(row, name, value)
        _settle([row])
    row.save()
    if anew and row.is_overdue and not row.wanted:
        _ask(row.guide_id, "asked", Q(pk=row.pk, asked_at=None), timezone.now())
    return True


@transaction.atomic
def ask_anew(*, guide: Guide) -> None:
    """Take back the questions that went to who answered for ``guide`` before: the next day asks others."""
    rows = ChapterReview.objects.filter(guide=guide, owner=None).exclude(asked_at=None)
    _settle(rows)
    rows.update(**UNASKED)


def _locked(review: ChapterReview) -> ChapterReview:
    rows = ChapterReview.objects.select_for_update(of=("self",)).select_related("guide__reviewer", "owner")
    return rows.get(pk=review.pk)


def ask_due() -> int:
    """Announce the chapters whose date has come, once; those silent since, once more; then to the editors.

    Returns how many chapters were announced. Each guide is a transaction of its own.
    """
    now = timezone.now()
    stages: dict[Stage, Q] = {
        "asked": Q(asked_at=None),
        "reminded": Q(asked_at__lte=now - REMINDED_AFTER, reminded_at=None),
        "escalated": Q(asked_at__lte=now - ESCALATED_AFTER, escalated_at=None),
    }
    waiting = ChapterReview.objects.living().overdue().unanswered()
    return sum(
        _ask(guide, stage, condition, now)
        for stage, condition in stages.items()
        for guide in waiting.filter(condition).order_by().values_list("guide", flat=True).distinct()
    )


@transaction.atomic
def _ask(guide: int, stage: Stage, condition: Q, now: dt.datetime) -> int:
    waiting = ChapterReview.objects.overdue().unanswered().filter(condition, guide=guide)
    rows = list(waiting.select_for_update(of=("self",)).with_people().order_by("number"))
    ChapterReview.objects.filter(pk__in=[row.pk for row in rows]).update(**{f"{stage}_at": now})

    editors = cache(editors_of)  # all rows are of one guide

    def people(row: ChapterReview) -> list[Any]:
        return editors(row.guide.route) if stage == "escalated" else asked_of(row, editors=editors)

    of_each = sorted(((people(row), row) for row in rows), key=lambda pair: [one.pk for one in pair[0]])
    for persons, pairs in groupby(of_each, key=lambda pair: pair[0]):
        reviews = [row for _people, row in pairs]
        signals.chapters_due.send(sender=ChapterReview, reviews=reviews, people=persons, stage=stage)
    return len(rows)
