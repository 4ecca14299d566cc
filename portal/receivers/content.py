"""Pages and guides: what is published is found, and whoever took an older version is told."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.signals import page_published, page_unpublished, post_page_move

from guias.models import Version
from guias.models.following import Holder, holders
from guias.signals import version_published
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.models import BasePage, ContentPage
from portal.tasks import send_letter
from search import outbox


@receiver(page_published)
@receiver(page_unpublished)
def index_page(sender: Any, instance: BasePage, **kwargs: Any) -> None:
    """Have a page found as it now is, or not at all."""
    if isinstance(instance.specific, ContentPage):
        outbox.queue("pagina", instance.pk)


@receiver(post_page_move)
def index_moved_pages(sender: Any, instance: BasePage, **kwargs: Any) -> None:
    """Have a page and those below it found at their new address."""
    pages = ContentPage.objects.descendant_of(instance, inclusive=True).values_list("pk", flat=True)
    outbox.queue("pagina", *pages)


@receiver(version_published)
def tell_of_new_version(sender: Any, version: Version, previous: Version | None, **kwargs: Any) -> None:
    """Tell who holds an older version, or follows the guide, once: what changed, and the way to all of it.

    Who wants mail gets the changed paragraphs themselves (``guias.exports.letter``), not only the news.
    """
    if not version.guide.is_public:
        return
    found = holders(version)
    numbers = {holder.number for holder in found if holder.number is not None}
    older = {one.number: one.pk for one in version.guide.versions.filter(number__in=numbers).defer("body")}
    for number in sorted(numbers):
        _tell_of_change(
            version, [holder for holder in found if holder.number == number], number, older[number]
        )
    tell(
        people=[holder.user for holder in found if holder.number is None],
        kind=NoticeKind.VERSION,
        text=_("Ya se publicó una guía que usted esperaba"),
        detail=version.guide.title,
        url=version.guide.get_absolute_url(),
        key=f"version:{version.pk}",
    )


def _tell_of_change(version: Version, found: list[Holder], number: int, held: int) -> None:
    lines = "; ".join(version.change_lines)
    notices = tell(
        people=[holder.user for holder in found],
        kind=NoticeKind.VERSION,
        text=_("Hay una versión nueva de una guía que usted tiene"),
        detail=f"{version.guide.title}: {lines}" if lines else version.guide.title,
        url=reverse("guias:changes", args=[version.guide.slug, number, version.number]),
        key=f"version:{version.pk}",
        mail=False,
    )
    chapters = {holder.user.pk: sorted(holder.chapters) for holder in found}
    for notice in notices:
        if notice.recipient.mail_notices:
            send_letter.enqueue(
                version=version.pk,
                held=held,
                user=notice.recipient_id,
                chapters=chapters[notice.recipient_id],
            )
