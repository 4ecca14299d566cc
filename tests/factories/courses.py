"""Courses and their sessions for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from guias.models import Course, RouteEditor, Session
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory, InstitutionFactory
from tests.factories.guias import block, editor, items

STAFF = "centro"
"""What an account says that works in a centre."""


def question(text: str = "¿Cómo se llama el acta?", *, right: int = 1) -> dict[str, Any]:
    """One raw question with three options."""
    options = [{"text": f"Opción {n} de {text}", "right": n == right} for n in (1, 2, 3)]
    value = {"text": text, "options": items(*options), "why": f"Porque sí: {text}"}
    return block("question", value)


class CourseFactory(factory.django.DjangoModelFactory):
    """A published course for everyone, without chapters or questions."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Curso de prueba {n}")
    slug = factory.Sequence(lambda n: f"curso-{n}")
    lead = "Para probar."
    goals = "Aprender una cosa.\nY otra."
    route = "orientacion"
    access = "abierto"
    hours = 4
    live = True

    @factory.post_generation
    def trainers(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.trainers.set(extracted or [])


class SessionFactory(factory.django.DjangoModelFactory):
    """A session of two hours in three days, without limit."""

    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(hours=2))
    city = factory.SubFactory(CityFactory)
    place = "Sala de prueba"


def past(**fields: Any) -> Session:
    """A session that was yesterday."""
    return SessionFactory(starts_at=timezone.now() - dt.timedelta(days=1), **fields)


def cast(course: Course) -> dict[str, Any]:
    """One person of each part towards ``course``, and her colleagues; for the truth tables."""
    city, body = CityFactory(), InstitutionFactory()
    trainer = UserFactory()
    course.trainers.add(trainer)
    course.__dict__.pop("trainer_ids", None)
    elsewhere = editor()
    RouteEditor.objects.create(user=elsewhere, route="redip")
    return {
        "anonymous": AnonymousUser(),
        "member": UserFactory(),
        "inactive": UserFactory(is_active=False, requested_role=STAFF),
        "staff": UserFactory(requested_role=STAFF, city=city, institution=body),
        "colleague_by_city": UserFactory(requested_role=STAFF, city=city),
        "colleague_by_body": UserFactory(requested_role="redip", institution=body),
        "staff_elsewhere": UserFactory(requested_role=STAFF, city=CityFactory()),
        "trainer": trainer,
        "editor": editor(),
        "editor_of_another_route": elsewhere,
        "operator": UserFactory(is_staff=True, is_superuser=True),
    }


def with_chapters(*addresses: str, **fields: Any) -> Course:
    """A course of the chapters at ``addresses``."""
    return CourseFactory(lessons=[block("chapter", address) for address in addresses], **fields)
