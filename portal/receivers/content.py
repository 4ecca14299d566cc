"""Pages and guides: what is published is found, and whoever holds an older version is told."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Value, When
from django.dispatch import receiver
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.signals import page_published, page_unpublished, post_page_move

from comunidad.models import Resource
from guias.models import Remark, Version
from guias.models.changes import became
from guias.models.remarks import who_works_on
from guias.signals import draft_remarked, version_published
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.letters import announce_version
from portal.models import BasePage, ContentPage
from search import outbox, teaching


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


@receiver(draft_remarked)
def tell_who_works_on_it(sender: Any, remark: Remark, **kwargs: Any) -> None:
    """Tell those who wrote the draft or spoke of it before; not who speaks now."""
    tell(
        people=list(who_works_on(remark.version).exclude(pk=remark.written_by_id)),
        kind=NoticeKind.ANSWER,
        text=_("%(who)s comentó un borrador") % {"who": remark.written_by},
        detail=f"{remark.version}: {Truncator(remark.words).chars(120)}",
        url=reverse("guias_remarks", args=[remark.version_id]),
        key=f"comentario:{remark.pk}",
    )


@receiver(version_published)
def move_what_is_said_of_chapters(
    sender: Any, version: Version, previous: Version | None, **kwargs: Any
) -> None:
    """Let questions about a chapter, and those it answers, follow it to its new address."""
    if previous is None:
        return
    then = became(previous.chapters, version.chapters).items()
    moved = {old: chapter.slug for old, chapter in then if old != chapter.slug}
    if not moved:
        return
    base = version.guide.get_absolute_url()
    urls = {f"{base}{old}/": f"{base}{new}/" for old, new in moved.items()}
    whens = [When(about_url=old, then=Value(new)) for old, new in urls.items()]
    Resource.objects.filter(about_url__in=urls).update(about_url=Case(*whens))
    number = version.guide_id
    teaching.move("guia", {f"{number}-{old}": f"{number}-{new}" for old, new in moved.items()})


@receiver(version_published)
def tell_of_new_version(sender: Any, version: Version, previous: Version | None, **kwargs: Any) -> None:
    """Leave it to the worker to tell who holds an older version: there can be thousands of them."""
    announce_version.enqueue(version=version.pk)
