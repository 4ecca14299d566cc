"""The course of the demonstration: real chapters of its guides, sessions near the day of loading.

Only demonstration accounts are enrolled, and the course says that nobody will hold its sessions. Trainings
of 2015 are facts of the agenda and stay there: nobody knows who came to them, nor at what hours. Loading
again changes nothing, but for new sessions when the last one is over.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from guias.enums import Place
from guias.models import Course, Enrolment, Session
from portal.demo.directorio import city

FILE = Path(__file__).parent / "data" / "formacion.yaml"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cemprende.example/guias/formacion/")


@transaction.atomic
def load(users: Mapping[str, Any]) -> None:
    """Load the course, and its sessions where none is to come."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    course = Course.objects.filter(slug=data["slug"]).first() or _course(data)
    course.trainers.add(users[data["trainer"]])
    if not course.sessions.upcoming().exists():
        for row in data["sessions"]:
            if row["days"] > 0 or not course.sessions.exists():
                _session(course, row, users)


def _course(data: dict[str, Any]) -> Course:
    course = Course(
        slug=data["slug"],
        title=data["title"],
        lead=data["lead"],
        goals="\n".join(data["goals"]),
        route=data["route"],
        access=data["access"],
        hours=data["hours"],
        is_demo=True,
        live=False,
        lessons=[{"type": "chapter", "value": one, "id": _key(one)} for one in data["chapters"]],
        questions=[_question(one) for one in data["questions"]],
    )
    course.save()
    course.save_revision().publish()
    return Course.objects.get(pk=course.pk)


def _question(row: dict[str, Any]) -> dict[str, Any]:
    options = [
        {
            "type": "item",
            "id": _key(row["text"], text),
            "value": {"text": text, "right": number == row["right"]},
        }
        for number, text in enumerate(row["options"], start=1)
    ]
    value = {"text": row["text"], "options": options, "why": row["why"]}
    return {"type": "question", "id": _key(row["text"]), "value": value}


def _key(*path: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "/".join(path)))


def _session(course: Course, row: dict[str, Any], users: Mapping[str, Any]) -> None:
    day = timezone.localdate() + dt.timedelta(days=row["days"])
    starts_at, ends_at = (
        timezone.make_aware(dt.datetime.combine(day, dt.time(row[hour]))) for hour in ("from", "to")
    )
    session = Session.objects.create(
        course=course,
        starts_at=starts_at,
        ends_at=ends_at,
        city=city(row["city"]) if "city" in row else None,
        place=row.get("place", ""),
        link=row.get("link", ""),
        capacity=row["capacity"],
    )
    for name in [*row.get("came", ()), *row.get("enrolled", ())]:
        Enrolment.objects.create(
            session=session,
            user=users[name],
            place=Place.TAKEN,
            enrolled_by=users[name],
            present=name in row["came"] if "came" in row else None,
        )
