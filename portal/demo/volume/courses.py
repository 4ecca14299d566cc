"""Synthetic courses of the synthetic guides, a year of sessions with the people who came; two are to come."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from directorio.models import City
from guias.enums import Access, Place, Route
from guias.models import Course, Enrolment, Guide, Session
from portal.cuentas.models import User
from portal.demo.accounts import DOMAIN
from portal.demo.volume.guides import START as GUIDES
from portal.demo.volume.parts import parts
from portal.demo.volume.people import everyone
from portal.demo.volume.prose import Prose

START = "sintetico-"
PAST, COMING = 10, 2
"""Sessions of a course, one a month."""
CHAIRS = 30
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cemprende.example/guias/formacion/sinteticos/")


@transaction.atomic
def load(wanted: int) -> int:
    """Add those that are missing; return how many rows. Nothing without guides and people."""
    have = Course.objects.filter(slug__startswith=START).count()
    guides = list(Guide.objects.filter(slug__startswith=GUIDES).order_by("pk").values_list("slug", flat=True))
    people = list(everyone()[:5000])
    if not guides or not people:
        return 0
    cities = list(City.objects.order_by("pk"))
    return sum(_add(numbers, guides, people, cities) for numbers in parts(have, wanted))


def _add(numbers: range, guides: list[str], people: list[User], cities: list[City]) -> int:
    courses = Course.objects.bulk_create([_course(number, guides) for number in numbers])
    taught = Course.trainers.through
    tutor = User.objects.filter(email=f"tutora@{DOMAIN}").first()
    if tutor is not None:
        taught.objects.bulk_create([taught(course_id=one.pk, user_id=tutor.pk) for one in courses])
    made = [
        _session(course, number, month, cities)
        for number, course in zip(numbers, courses, strict=True)
        for month in range(-PAST, COMING)
    ]
    sessions = Session.objects.bulk_create(made, batch_size=500)
    chairs = [row for session in sessions for row in _chairs(session, people)]
    Enrolment.objects.bulk_create(chairs, batch_size=500)
    return len(courses) + len(sessions) + len(chairs)


def _course(number: int, guides: list[str]) -> Course:
    """Eight chapters of one guide and the next; every synthetic guide has at least five."""
    prose = Prose("course", number)
    of = [guides[(number + step) % len(guides)] for step in (0, 1)]
    chapters = [f"/guias/{guide}/capitulo-{n}/" for guide in of for n in range(1, 5)]
    return Course(
        slug=f"{START}{number}",
        title=prose.title(number, 6)[:120],
        lead=prose.sentence(10, 24)[:240],
        goals="\n".join(prose.sentence() for _ in range(4)),
        route=prose.random.choice(Route.values),
        access=prose.random.choice(Access.values),
        hours=prose.random.randint(2, 40),
        live=True,
        is_demo=True,
        lessons=[{"type": "chapter", "value": one, "id": _key(number, one)} for one in chapters],
        questions=[_question(number, n, prose) for n in range(1, 6)],
    )


def _question(course: int, n: int, prose: Prose) -> dict[str, Any]:
    options = [
        {
            "type": "item",
            "id": _key(course, f"{n}/{at}"),
            "value": {"text": prose.sentence(3, 8), "right": at == 1},
        }
        for at in range(1, 4)
    ]
    value = {"text": prose.sentence(), "options": options, "why": prose.sentence()}
    return {"type": "question", "id": _key(course, str(n)), "value": value}


def _key(course: int, place: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{course}/{place}"))


def _session(course: Course, number: int, month: int, cities: list[City]) -> Session:
    """One in the morning of a day of its month, before or after today."""
    prose = Prose(f"session{month}", number)
    today = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    starts_at = today + dt.timedelta(days=30 * month + prose.random.randint(1, 29))
    return Session(
        course=course,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        city=prose.random.choice(cities) if cities else None,
        place=prose.words(2, 4).capitalize(),
        capacity=CHAIRS,
    )


def _chairs(session: Session, people: list[User]) -> list[Enrolment]:
    """The room is seldom full, and sometimes there is a line; of who had a chair most came."""
    prose = Prose("chairs", session.pk)
    here = prose.random.sample(people, min(prose.random.randint(10, 36), len(people)))
    over = session.is_over
    return [
        Enrolment(
            session=session,
            user=user,
            place=Place.TAKEN if n < CHAIRS else Place.WAITING,
            enrolled_by=user,
            enrolled_at=session.starts_at - dt.timedelta(days=40) + dt.timedelta(minutes=n),
            present=prose.random.random() < 0.8 if over and n < CHAIRS else None,
        )
        for n, user in enumerate(here)
    ]
