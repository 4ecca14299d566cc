"""What an open page may listen to. Each topic asks the same policy as the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from comunidad import policies
from comunidad.models import Resource, Theme

LARGEST = 2**63 - 1


class Topic(Protocol):
    """Something to listen to."""

    @property
    def name(self) -> str:
        """What a browser asks for."""

    @property
    def group_name(self) -> str:
        """What the channel layer knows it by."""

    def can_subscribe(self, user: Any) -> bool:
        """Whether ``user`` may listen to it now."""


@dataclass(frozen=True, slots=True)
class ThreadTopic:
    """What happens in one resource: replies, corrections, moderation, votes."""

    WORD: ClassVar[str] = "hilo"
    resource_id: int

    @property
    def name(self) -> str:
        """``hilo:12``."""
        return f"{self.WORD}:{self.resource_id}"

    @property
    def group_name(self) -> str:
        """``comunidad.hilo.12``."""
        return f"comunidad.{self.WORD}.{self.resource_id}"

    def can_subscribe(self, user: Any) -> bool:
        """Who may read the resource."""
        return Resource.objects.visible_to(user).filter(pk=self.resource_id).exists()


@dataclass(frozen=True, slots=True)
class QueueTopic:
    """What comes into the queue of one theme."""

    WORD: ClassVar[str] = "cola"
    theme_id: int

    @property
    def name(self) -> str:
        """``cola:3``."""
        return f"{self.WORD}:{self.theme_id}"

    @property
    def group_name(self) -> str:
        """``comunidad.cola.3``."""
        return f"comunidad.{self.WORD}.{self.theme_id}"

    def can_subscribe(self, user: Any) -> bool:
        """Who moderates the theme."""
        theme = Theme.objects.filter(pk=self.theme_id).first()
        return theme is not None and policies.can_moderate(user, theme)


_TOPICS: dict[str, Callable[[int], Topic]] = {ThreadTopic.WORD: ThreadTopic, QueueTopic.WORD: QueueTopic}


def parse(name: object) -> Topic | None:
    """Return the topic called ``name``, or None for what is none."""
    word, _colon, number = name.partition(":") if isinstance(name, str) else ("", "", "")
    if word not in _TOPICS or not (number.isascii() and number.isdigit()) or len(number) > 19:
        return None
    return _TOPICS[word](int(number)) if int(number) <= LARGEST else None


def person_group(user_id: int) -> str:
    """Return the group of all sockets of one person, told when what she may read changed."""
    return f"comunidad.persona.{user_id}"
