"""Our own sentences are written in Spanish, so no catalogue has them: look for each of them only once.

A page says hundreds of sentences, and for each Django asks twenty catalogues before it gives back what it
was given. The answer is remembered in the first of them. Knows no sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation.trans_real import DjangoTranslation

MOST = 20_000
"""Sentences remembered at most; a text that somebody typed might be among them."""


def remember_answers() -> None:
    """Let every translation remember what it answered; a second call changes nothing."""
    if not getattr(DjangoTranslation.gettext, "remembers", False):
        DjangoTranslation.gettext = _remembering(DjangoTranslation.gettext)  # type: ignore[method-assign,assignment]


def _remembering(ask: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    def gettext(self: Any, message: str) -> str:
        answers: dict[str, str] = self.__dict__.setdefault("_answers", {})
        found = answers.get(message)
        if found is None:
            found = ask(self, message)
            if len(answers) < MOST:
                answers[message] = found
        return found

    gettext.remembers = True  # type: ignore[attr-defined]
    return gettext
