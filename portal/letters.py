"""A new version of a guide, told to who holds an older one: by the worker, since there can be thousands.

``portal.receivers.content`` asks for it when a version is published; ``guias`` says who holds what and writes
the letter. Each person is told once, however often either task runs.
"""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from guias.exports import letter
from guias.exports.changes import kept_sheet
from guias.models import Version
from guias.models.following import Holder, holders, ticked_chapters
from nucleo.words import as_sentence
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.purposes import way_out


@task()
@transaction.atomic
def announce_version(version: int) -> int:
    """Tell who holds an older version, or follows the guide: what changed, and the way to all of it.

    Who wants mail gets the changed paragraphs themselves (:func:`send_letter`), not only the news. Returns
    how many people there were. Nobody is told of a guide that was taken out of sight meanwhile.
    """
    found_version = Version.objects.published().filter(pk=version, guide__is_public=True)
    new = found_version.select_related("guide").first()
    if new is None:
        return 0
    found = holders(new)
    numbers = {holder.number for holder in found if holder.number is not None}
    older = {one.number: one.pk for one in new.guide.versions.filter(number__in=numbers).defer("body")}
    for number in sorted(numbers):
        _tell_of_change(new, [holder for holder in found if holder.number == number], number, older[number])
    tell(
        people=[holder.user for holder in found if holder.number is None],
        kind=NoticeKind.VERSION,
        text=_("Ya se publicó una guía que usted esperaba"),
        detail=new.guide_then.title,
        url=new.guide.get_absolute_url(),
        key=f"version:{new.pk}",
    )
    return len(found)


def _tell_of_change(version: Version, found: list[Holder], number: int, held: int) -> None:
    lines = " ".join(as_sentence(line) for line in version.change_lines)
    title = version.guide_then.title
    notices = tell(
        people=[holder.user for holder in found],
        kind=NoticeKind.VERSION,
        text=_("Hay una versión nueva de una guía que usted tiene o sigue"),
        detail=f"{title}: {lines}" if lines else title,
        url=reverse("guias:changes", args=[version.guide.slug, number, version.number]),
        key=f"version:{version.pk}",
        mail=False,
    )
    chapters = {
        holder.user.pk: None if holder.chapters is None else sorted(holder.chapters) for holder in found
    }
    for notice in notices:
        if notice.recipient.mail_notices:
            send_letter.enqueue(
                version=version.pk,
                held=held,
                user=notice.recipient_id,
                chapters=chapters[notice.recipient_id],
            )


@task()
def send_letter(version: int, held: int, user: int, chapters: list[str] | None) -> int:
    """Send one person what changed in a guide since the version she holds; return how many were sent.

    ``chapters``: those she opened; None when she took the whole.

    Written when it goes and not when it is queued: a queue of thousands stays small, and whoever closed her
    account or wants no mail meanwhile gets none. None either of a guide that was taken out of sight.
    """
    person = get_user_model()._default_manager.filter(pk=user, is_active=True, mail_notices=True).first()
    found = Version.objects.published().filter(guide__is_public=True).select_related("guide")
    versions = found.in_bulk([version, held])
    if person is None or len(versions) < 2:
        return 0
    stop, headers = way_out(person)
    opened = None if chapters is None else {*chapters, *ticked_chapters(user, versions[held])}
    written = letter.write(versions[version], versions[held], chapters=opened, stop=stop)
    mail = EmailMultiAlternatives(written.subject, written.text, to=[person.email], headers=headers)
    mail.attach_alternative(written.html, "text/html")
    with default_storage.open(kept_sheet(versions[held], versions[version]), "rb") as sheet:
        mail.attach(written.sheet, sheet.read(), "application/pdf")
    return mail.send()
