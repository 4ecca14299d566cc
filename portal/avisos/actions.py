"""Telling people things: a row each, and a mail to who wants one. The words come from whoever calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal.avisos.models import Notice, NoticeKind
from portal.tasks import send_notice


@transaction.atomic
def tell(
    *,
    people: Iterable[Any],
    kind: NoticeKind,
    text: str,
    url: str,
    detail: str = "",
    key: str = "",
    mail: bool = True,
) -> list[Notice]:
    """Write a notice for each of ``people`` (each once, closed accounts left out) and queue its mail.

    ``url`` is an address on this site. With ``key`` the same fact is told to a person once only, however
    often it is announced. Returns the notices that are new.
    """
    text, detail = " ".join(text.split()), " ".join(detail.split())
    wanted = {person.pk: person for person in people if person is not None and person.is_active}
    if key and wanted:
        told = Notice.objects.filter(recipient__in=wanted, key=key).values_list("recipient_id", flat=True)
        wanted = {pk: person for pk, person in wanted.items() if pk not in set(told)}
    notices = [
        Notice(
            recipient=person, kind=kind, text=text[:200], detail=detail[:300], url=url[:300], key=key[:120]
        )
        for person in wanted.values()
    ]
    Notice.objects.bulk_create(notices)
    if mail:
        for notice in notices:
            if notice.recipient.mail_notices:
                _queue_mail(notice)
    return notices


def _queue_mail(notice: Notice) -> None:
    parts = [f"{notice.text}.", notice.detail, f"{settings.ORIGIN}{notice.url}"]
    body = "\n\n".join(part for part in parts if part)
    send_notice.enqueue(person=notice.recipient_id, subject=notice.text, body=body)


def withdraw(*, url: str, but: Any = None) -> int:
    """Take the details out of all notices that lead to ``url`` (its parts too), but those of one person.

    For what is not to be read any more: that something happened stays, what it was about goes. Mail that left
    cannot be called back. Returns how many fell silent.
    """
    told = Notice.objects.filter(Q(url=url) | Q(url__startswith=f"{url}#") | Q(url__startswith=f"{url}?"))
    if but is not None:
        told = told.exclude(recipient=but)
    return told.update(detail="")


def mark_read(*, user: Any, pk: int | None = None) -> int:
    """Mark one notice of ``user``, or all of them, as read; return how many were not."""
    notices = Notice.objects.visible_to(user)
    if pk is not None:
        notices = notices.filter(pk=pk)
    return notices.mark_read()
