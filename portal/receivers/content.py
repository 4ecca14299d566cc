"""Pages and guides: what is published is found, and whoever took an older version is told."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.signals import page_published, page_unpublished, post_page_move

from guias.models import Download, Version
from guias.signals import version_published
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.models import BasePage, ContentPage
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
    """Tell whoever took an older version that there is a new one, and what changed in it."""
    if previous is None:
        return
    downloads = Download.objects.filter(version__guide=version.guide, user__isnull=False)
    people = {row.user_id: row.user for row in downloads.select_related("user")}
    changes = "; ".join(version.change_lines)
    tell(
        people=people.values(),
        kind=NoticeKind.VERSION,
        text=_("Hay una versión nueva de una guía que usted tiene"),
        detail=f"{version.guide.title}: {changes}" if changes else version.guide.title,
        url=version.guide.get_absolute_url(),
        key=f"version:{version.pk}",
    )
