"""The one mechanism of signed links: make one, see what it asks, do it once, ask for another (ADR 0019).

What a link is for is a :class:`Purpose`; they stand in ``portal.purposes``. No HTTP here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.models import SignedLink
from portal.models.links import digest_of

KEPT = timedelta(days=365)
"""How long a link that ended still says what became of it; a mail of before that meets a 404."""


class Purpose(ABC):
    """What links of one kind do. An app offers the action; here are its words and its rules."""

    name: ClassVar[str]
    days: ClassVar[int]
    """The term of a link, from the last letter that carried it."""
    template: ClassVar[str]
    """What a GET shows: ``about``, ``form``."""
    is_notice: ClassVar[bool] = False
    """Whether its letters are notices by mail, which say how to have no more of them."""

    words: ClassVar[str] = ""
    """The field that holds what she wrote: shown again when the link ended while she was writing."""

    @abstractmethod
    def find(self, person: Any, object_id: int) -> Any | None:
        """Return what the link is about, or None when ``person`` is no longer asked about it."""

    def why_not(self, person: Any, object_id: int) -> str:
        """Say why she is no longer asked and what to do, where there is more to say than that she is not."""
        return ""

    def is_news(self, about: Any) -> bool:
        """Whether a letter that gathers is still to speak of ``about``, which she is asked about."""
        return True

    @abstractmethod
    def form(self, about: Any, data: Any = None) -> forms.Form:
        """Return the form of the answer."""

    @abstractmethod
    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Do what the valid ``form`` says, as ``person``; return the sentence that she reads."""

    @abstractmethod
    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """Return subject and text of the letter that carries ``links``: pairs of (about, address)."""


PURPOSES: dict[str, Purpose] = {}


def register(purpose: type[Purpose]) -> type[Purpose]:
    """Decorate a class: its links are understood."""
    PURPOSES[purpose.name] = purpose()
    return purpose


@transaction.atomic
def issue(purpose: type[Purpose], *, person: Any, object_id: int) -> SignedLink:
    """Return the open link of ``person`` about that object, its term begun anew; a new one if there is none.

    So the letters of one question carry one link, and whichever she opens works.
    """
    now = timezone.now()
    until = now + timedelta(days=purpose.days)
    same: dict[str, Any] = {"purpose": purpose.name, "person": person, "object_id": object_id}
    SignedLink.objects.open().filter(**same, expires_at__lte=now).update(withdrawn_at=now)
    link, new = SignedLink.objects.get_or_create(
        **same, used_at=None, withdrawn_at=None, defaults={"expires_at": until}
    )
    if not new:
        SignedLink.objects.filter(pk=link.pk).update(expires_at=until, digest=digest_of(link.token))
    return link


def withdraw(purpose: type[Purpose], *objects: int) -> int:
    """Let nobody answer any more about ``objects``; return how many links that ended."""
    return SignedLink.objects.open().about(purpose.name, *objects).update(withdrawn_at=timezone.now())


def asks(link: SignedLink) -> Any | None:
    """Return what ``link`` is about as long as its person is asked it, however the link itself ended."""
    purpose = PURPOSES.get(link.purpose)
    if purpose is None or not link.person.is_active:
        return None
    return purpose.find(link.person, link.object_id)


@transaction.atomic
def answer(link: SignedLink, form: forms.Form) -> str | None:
    """Do what the valid ``form`` says and end ``link``; None when it ended meanwhile, by a second tap.

    The link is taken first: of two that arrive at once one waits for the other and finds it used. When the
    action fails nothing happened, and the link still works.
    """
    if not SignedLink.objects.usable().filter(pk=link.pk).update(used_at=timezone.now()):
        return None
    about = asks(link)
    if about is None:
        transaction.set_rollback(True)
        return None
    return PURPOSES[link.purpose].act(person=link.person, about=about, form=form)


def another(link: SignedLink) -> SignedLink | None:
    """Return a new link in place of ``link``, which ends; None when its person is no longer asked."""
    if asks(link) is None:
        return None
    return issue(type(PURPOSES[link.purpose]), person=link.person, object_id=link.object_id)


def forget_old() -> int:
    """Delete the links that ended long ago; return how many."""
    before = timezone.now() - KEPT
    ended = Q(used_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    return SignedLink.objects.filter(ended).delete()[0]
