"""The course of the demonstration: real chapters, demonstration accounts, and nothing new the second time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from guias.models import Course, Enrolment, Session
from guias.models.courses import MIN_QUESTIONS, lessons_of
from portal.demo import accounts, directorio, formacion, guias

pytestmark = pytest.mark.django_db


def test_the_course_is_marked_and_stands_on_its_chapters() -> None:
    directorio.load()
    guias.load()
    users = accounts.load()
    formacion.load(users)
    course = Course.objects.get()
    assert course.live and course.is_demo and set(course.trainers.all()) == {users["tutora"]}
    assert len(lessons_of(course)) == 5 and all(lesson.chapter for lesson in lessons_of(course))
    assert len(course.check_questions) >= MIN_QUESTIONS
    assert all(question.right for question in course.check_questions)
    assert {one.user.is_demo for one in Enrolment.objects.select_related("user")} == {True}
    assert {session.is_over for session in course.sessions.all()} == {True, False}
    whole = dt.timedelta(hours=course.hours)  # one session is enough: it lasts as long as the course
    assert {one.ends_at - one.starts_at for one in course.sessions.all()} == {whole}
    counts = [model.objects.count() for model in (Course, Session, Enrolment)]
    formacion.load(users)
    assert [model.objects.count() for model in (Course, Session, Enrolment)] == counts
    long_ago = timezone.now() - dt.timedelta(days=400)
    Session.objects.update(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))
    formacion.load(users)
    assert course.sessions.upcoming().count() == 2
