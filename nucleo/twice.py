"""A double click, or a form sent again over a bad line, makes one row and not two."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

SECONDS = 60
"""How long the same words from the same person count as the same act."""

Row = TypeVar("Row", bound=models.Model)


def just_made(rows: models.QuerySet[Row], moment: str, **same: Any) -> Row | None:
    """Return the row that is ``same`` in every field and was made (``moment``) within the last minute.

    The caller holds a lock that both clicks need, or the second would not see the first.
    """
    since = timezone.now() - dt.timedelta(seconds=SECONDS)
    return rows.filter(**{f"{moment}__gte": since}, **same).order_by("-pk").first()
