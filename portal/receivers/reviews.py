"""Chapters to be looked at: who answers for them is asked by a signed link, then those who edit."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from guias.actions.reviews import Stage
from guias.models import ChapterReview
from guias.signals import chapters_due, chapters_settled
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.purposes import ReviewingChapter
from portal.responding import issue, withdraw
from portal.tasks import send_links


@receiver(chapters_due)
def ask_about_chapters(
    sender: Any, reviews: list[ChapterReview], people: list[Any], stage: Stage, **kwargs: Any
) -> None:
    """Send each person one letter with a link a chapter; when nobody answered, tell the editors.

    The letter goes to whoever is asked, also to who wants no notices by mail: it is her task and no news.
    """
    if stage == "escalated":
        _tell_editors(reviews, people)
        return
    for person in people:
        links = [issue(ReviewingChapter, person=person, object_id=review.pk) for review in reviews]
        send_links.enqueue(links=[link.pk for link in links])


def _tell_editors(reviews: list[ChapterReview], people: list[Any]) -> None:
    guide, titles = reviews[0].guide, "; ".join(review.title for review in reviews)
    text = ngettext(
        "Un capítulo espera revisión y nadie responde",
        "%(n)s capítulos esperan revisión y nadie responde",
        len(reviews),
    )
    tell(
        people=people,
        kind=NoticeKind.REVIEW,
        text=text % {"n": len(reviews)},
        detail=f"{guide.title}: {titles}",
        url=reverse("guias_validity"),
        key=f"vigencia:{guide.pk}:{timezone.localdate()}",
    )


@receiver(chapters_settled)
def end_links(sender: Any, reviews: list[ChapterReview], **kwargs: Any) -> None:
    """Let nobody answer any more what somebody answered, or what a new version says otherwise."""
    withdraw(ReviewingChapter, *(review.pk for review in reviews))
