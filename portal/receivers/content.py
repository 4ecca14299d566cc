"""Pages and guides: what is published is found, and whoever holds an older version is told."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, post_page_move

from guias.models import Version
from guias.signals import version_published
from portal.letters import announce_version
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
    """Leave it to the worker to tell who holds an older version: there can be thousands of them."""
    announce_version.enqueue(version=version.pk)
