"""Chapters that fall due, and the letters that ask about them."""

from __future__ import annotations

import datetime as dt
import re

from django.core import mail
from django.utils import timezone

from guias.models import ChapterReview

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def review(slug: str = "cerrar") -> ChapterReview:
    return ChapterReview.objects.with_people().get(chapter=slug)


def due(slug: str = "cerrar", days: int = 0) -> ChapterReview:
    ChapterReview.objects.filter(chapter=slug).update(due_on=today() - days * DAY)
    return review(slug)


def links(number: int = -1) -> list[str]:
    return re.findall(r"/responder/[\w-]+/", str(mail.outbox[number].body))
