"""The short codes that printed pages carry, by which a page tells whether it still holds (ADR 0013).

A code is a row, made when the version is published: it stays when the way of making codes changes. What
is drawn from is the guide's address, the number and the chapter's address, none of which ever changes, so
that a database filled anew gives the same paper the same code.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guias.models.reviews import ChapterReview
from guias.models.versions import Version

LETTERS = "23456789CDFHJKMNPQRTVWX"
"""Without vowels, so that no word comes out; without 0 1 B G I L O S U Z, which on a photocopy, or read
aloud, are taken for one another."""
LENGTH = 7
"""23 letters, 7 times: 3,400 million codes."""
MAX_TYPED = 40


def drawn(guide: str, number: int, chapter: str, attempt: int = 0) -> str:
    """Return the code of a chapter; another one for each ``attempt``, where two chapters drew the same."""
    seed = "\n".join([guide, str(number), chapter, *([str(attempt)] if attempt else [])])
    value = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    found = ""
    for _place in range(LENGTH):
        value, letter = divmod(value, len(LETTERS))
        found += LETTERS[letter]
    return found


def normal(typed: str) -> str:
    """Return a code as it is kept, from how people type it: small letters, spaces, dashes."""
    return "".join(letter for letter in typed[:MAX_TYPED].upper() if letter.isalnum())


class PaperCodeQuerySet(models.QuerySet["PaperCode"]):
    """Which codes."""

    def typed(self, code: str) -> Self:
        """The one that ``code`` means, however it is typed."""
        return self.filter(code=normal(code))

    def noting_unseen(self) -> Self:
        """Each with ``due_on``: since when its chapter should have been reviewed, if readers are told so."""
        told = ChapterReview.objects.told()
        of_chapter = told.filter(guide=models.OuterRef("version__guide"), chapter=models.OuterRef("chapter"))
        return self.annotate(due_on=models.Subquery(of_chapter.values("due_on")[:1]))


class PaperCode(models.Model):
    """The code of one chapter of one version; that of its cover has no chapter."""

    code = models.CharField(_("código"), max_length=12, primary_key=True)
    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.PROTECT, related_name="paper_codes"
    )
    chapter = models.CharField(_("capítulo"), max_length=80, blank=True)
    title = models.CharField(
        _("título"),
        max_length=160,
        blank=True,
        help_text=_("Número y título del capítulo, para no leer la guía entera solo para nombrarlo."),
    )

    due_on: dt.date | None = None
    """Since when nobody reviewed its chapter, when that is long ago; only ``noting_unseen`` looks."""

    objects: ClassVar[models.Manager[PaperCode]] = models.Manager.from_queryset(PaperCodeQuerySet)()

    class Meta:
        verbose_name = _("código de papel")
        verbose_name_plural = _("códigos de papel")
        constraints = [
            models.UniqueConstraint(fields=["version", "chapter"], name="guias_paper_code_unique"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def address(self) -> str:
        """The whole address that the page carries."""
        return f"{settings.ORIGIN}/q/{self.code}"

    @property
    def written(self) -> str:
        """The address as people read and type it."""
        return self.address.partition("://")[2]
