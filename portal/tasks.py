"""What the portal leaves to the worker: mail. A task that fails is tried again (``portal.worker``)."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django_tasks import task

from guias.exports import letter
from guias.exports.changes import kept_sheet
from guias.models import Version

SOMEBODY_WAITS = 50
"""Of -100 to 100; what is drawn or read for later has 0, and there can be a hundred files of it."""


@task(priority=SOMEBODY_WAITS)
def send_mail(subject: str, body: str, to: list[str], headers: dict[str, str] | None = None) -> int:
    """Send one plain-text mail; return how many were sent."""
    return EmailMessage(subject=subject, body=body, to=to, headers=headers or {}).send()


@task()
def send_letter(version: int, held: int, user: int, chapters: list[str]) -> int:
    """Send one person what changed in a guide since the version she holds; return how many were sent.

    Written when it goes and not when it is queued: a queue of thousands stays small, and whoever closed her
    account or wants no mail meanwhile gets none. None either of a guide that was taken out of sight.
    """
    person = get_user_model()._default_manager.filter(pk=user, is_active=True, mail_notices=True).first()
    found = Version.objects.published().filter(guide__is_public=True).select_related("guide")
    versions = found.in_bulk([version, held])
    if person is None or len(versions) < 2:
        return 0
    written = letter.write(versions[version], versions[held], chapters=frozenset(chapters))
    mail = EmailMultiAlternatives(written.subject, written.text, to=[person.email])
    mail.attach_alternative(written.html, "text/html")
    with default_storage.open(kept_sheet(versions[held], versions[version]), "rb") as sheet:
        mail.attach(written.sheet, sheet.read(), "application/pdf")
    return mail.send()
