"""What the portal leaves to the worker: mail. A task that fails is tried again (``portal.worker``)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django_tasks import task

from portal import gathering
from portal.models import SignedLink
from portal.models.gathered import LEFT_BEHIND
from portal.purposes import way_out
from portal.responding import PURPOSES, asks, issue

SOMEBODY_WAITS = 50
"""Of -100 to 100; what is drawn or read for later has 0, and there can be a hundred files of it."""


@task(priority=SOMEBODY_WAITS)
def send_mail(subject: str, body: str, to: list[str]) -> int:
    """Send one plain-text mail; return how many were sent."""
    return EmailMessage(subject=subject, body=body, to=to).send()


@task(priority=SOMEBODY_WAITS)
def send_notice(person: int, subject: str, body: str) -> int:
    """Send one notice by mail, with the way to have no more of them; return how many were sent.

    The link is put in as it goes, so that no secret stands in the queue. Nothing is sent to who closed her
    account or wants no mail meanwhile.
    """
    found = get_user_model()._default_manager.filter(pk=person, is_active=True, mail_notices=True).first()
    if found is None:
        return 0
    return _send_with_way_out(found, subject, body)


def _send_with_way_out(
    person: Any, subject: str, body: str, more_headers: dict[str, str] | None = None
) -> int:
    address, headers = way_out(person)
    headers |= more_headers or {}
    foot = _("Red Cemprende. Para no recibir más avisos por correo: %(url)s") % {"url": address}
    return EmailMessage(subject=subject, body=f"{body}\n\n{foot}", to=[person.email], headers=headers).send()


@task(priority=SOMEBODY_WAITS)
def send_links(links: list[int]) -> int:
    """Send signed links to those they are for, those of one purpose in one letter; return how many letters.

    Written as it goes: what was used, withdrawn or taken over by somebody else meanwhile is left out.
    """
    usable = SignedLink.objects.usable().filter(pk__in=links).select_related("person")
    found = [(link, about) for link in usable.order_by("person", "purpose", "pk") if (about := asks(link))]
    return sum(
        _send_letter(purpose, person, list(of_one))
        for (person, purpose), of_one in groupby(found, key=lambda pair: (pair[0].person, pair[0].purpose))
    )


def _send_letter(
    purpose: str,
    person: Any,
    found: list[tuple[SignedLink, Any]],
    headers: dict[str, str] | None = None,
) -> int:
    subject, text = PURPOSES[purpose].letter(person, [(about, link.address) for link, about in found])
    if PURPOSES[purpose].is_notice:
        return _send_with_way_out(person, subject, text.strip(), headers)
    return EmailMessage(subject=subject, body=text, to=[person.email], headers=headers).send()


@task(priority=SOMEBODY_WAITS)
def send_gathered(person: int, purpose: str) -> int:
    """Send what gathered for one person, if she does not rest from the last letter; return how many letters.

    Safe to run twice: a letter is taken by one, and one that left is not taken again.
    """
    letter = gathering.take(person, purpose)
    if letter is None:
        return 0
    try:
        means = type(PURPOSES[purpose])
        found = [
            (issue(means, person=letter.person, object_id=line.object_id), about)
            for line, about in gathering.content(letter)
        ]
        if not found:
            gathering.drop(letter)
            return 0
        sent = _send_letter(purpose, letter.person, found, {"Message-ID": letter.message_id})
    except BaseException:
        gathering.give_back(letter)
        raise
    gathering.left(letter)
    return sent


def send_due() -> int:
    """Ask the worker for the letters of those who rested, or whose letter was left behind; return how many.

    A letter that a task is at already is not asked for again for a while.
    """
    asked = [
        pair
        for pair in gathering.due()
        if cache.add(f"carta:{pair[0]}:{pair[1]}", 1, int(LEFT_BEHIND.total_seconds()))
    ]
    for person, purpose in asked:
        send_gathered.enqueue(person=person, purpose=purpose)
    return len(asked)


@task(priority=SOMEBODY_WAITS)
def send_open_links(email: str) -> int:
    """Send the person at ``email`` the links that wait for her; nothing to an address that nobody has."""
    hers = SignedLink.objects.usable().filter(person__email__iexact=email, person__is_active=True)
    return send_links.call(links=list(hers.values_list("pk", flat=True)))
