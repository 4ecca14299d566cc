"""The sheet of an acta: what its page, its paper and its PDF show.

An approved acta gives what was kept at approval, so that a later change of a meeting, a name or a
commitment does not reach it; a draft gives what is true now. Plain values, ready for JSON.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from redip.models.actas import Acta


def sheet_of(acta: Acta) -> dict[str, Any]:
    """Return network, mesa, leaders, when (ISO), place, agenda and commitments of ``acta`` as of now."""
    meeting = acta.meeting
    commitments = acta.commitments.select_related("member__user", "institution").order_by("until", "pk")
    return {
        "network": acta.mesa.red.title,
        "mesa": acta.mesa.title,
        "leaders": [body.name for body in acta.mesa.leaders.all()],
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "link": meeting.link,
        "agenda": [item.text for item in meeting.agenda.all()],
        "commitments": [
            {"what": row.what, "who": row.who, "until": row.until.isoformat()} for row in commitments
        ],
    }


def sheet(acta: Acta) -> dict[str, Any]:
    """Return the sheet to show, with moments and days instead of their ISO text."""
    kept: dict[str, Any] = dict(acta.record or sheet_of(acta))
    kept["starts_at"] = dt.datetime.fromisoformat(kept["starts_at"])
    kept["ends_at"] = dt.datetime.fromisoformat(kept["ends_at"])
    kept["commitments"] = [
        {**row, "until": dt.date.fromisoformat(row["until"])} for row in kept["commitments"]
    ]
    return kept
