"""An editor arranges a course: chapters, check, who teaches."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from wagtail.test.utils.form_data import nested_form_data, streamfield

from guias.models import Course
from tests.factories.courses import STAFF, CourseFactory, question, with_chapters
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    GuideFactory,
    editor,
    published,
)

pytestmark = pytest.mark.django_db


def listed(values: list[dict[str, Any]]) -> dict[str, Any]:
    """What a form sends of a list of structures: a box that is not ticked is not sent."""
    rows = {
        str(n): {
            "value": {name: value for name, value in row.items() if value is not False},
            "order": n,
            "deleted": "",
            "id": "",
        }
        for n, row in enumerate(values)
    }
    return {"count": str(len(values)), **rows}


@pytest.fixture
def arranging(client: Any) -> Any:
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return user


def course_form(**fields: Any) -> dict[str, Any]:
    data = {
        "title": "Curso nuevo",
        "slug": "curso-nuevo",
        "lead": "Para probar.",
        "goals": "Una cosa.",
        "route": "orientacion",
        "access": "abierto",
        "lessons": streamfield([("chapter", "/guias/orientacion/cerrar/")]),
        "hours": "4",
        "min_sessions": "1",
        "pass_mark": "70",
        "questions": streamfield([]),
        "trainer_emails": "",
    }
    return nested_form_data({**data, **fields})  # type: ignore[no-any-return]


def test_an_editor_makes_a_course(client: Any, arranging: Any) -> None:
    published(guide=GuideFactory(slug="orientacion"))
    teacher = UserFactory()
    path = "/admin/snippets/guias/course/add/"
    refused = client.post(path, course_form(trainer_emails="nadie@demo.example"))
    assert "No hay una cuenta con este correo: nadie@demo.example" in refused.content.decode()
    for address, sentence in (
        ("/guias/orientacion/no-hay/", "no está en la versión vigente"),
        ("cerrar", "no es la de un capítulo"),
    ):
        refused = client.post(path, course_form(lessons=streamfield([("chapter", address)])))
        assert sentence in str(refused.context["form"].errors)
    response = client.post(path, course_form(trainer_emails=teacher.email))
    assert response.status_code == 302, response.context["form"].errors
    course = Course.objects.get()
    assert not course.live and set(course.trainers.all()) == {teacher}
    edit = f"/admin/snippets/guias/course/edit/{course.pk}/"
    response = client.post(edit, course_form(**{"action-publish": "1", "title": "Publicado"}))
    assert response.status_code == 302, response.context["form"].errors
    course.refresh_from_db()
    assert course.live and course.title == "Publicado" and not course.trainers.exists()
    client.post(edit, course_form(title="Otro borrador", trainer_emails=teacher.email))
    course.refresh_from_db()
    assert course.title == "Publicado" and set(course.trainers.all()) == {teacher}
    assert "Publicado" in client.get(course.get_absolute_url()).content.decode()


def test_a_check_has_three_questions_with_one_right_answer_each(client: Any, arranging: Any) -> None:
    published(guide=GuideFactory(slug="orientacion"))

    def asked(*rights: bool) -> Any:
        return {
            "text": "¿Qué?",
            "options": listed([{"text": f"O{n}", "right": one} for n, one in enumerate(rights)]),
            "why": "Por eso.",
        }

    path = "/admin/snippets/guias/course/add/"
    two_right = streamfield([("question", asked(True, True))])
    assert "una, y solo una" in client.post(path, course_form(questions=two_right)).content.decode()
    short = course_form(questions=streamfield([("question", asked(True, False))]))
    refused = client.post(path, {**short, "action-publish": "1"})
    assert "al menos tres preguntas" in refused.content.decode()
    assert client.post(path, short).status_code == 302
    (only,) = Course.objects.get().get_latest_revision_as_object().check_questions
    assert [option.right for option in only.options] == [True, False] and only.right == only.options[0].id


def test_an_editor_of_another_route_is_kept_out(client: Any, arranging: Any) -> None:
    from guias.models import RouteEditor

    RouteEditor.objects.create(user=arranging, route="redip")
    course = CourseFactory(questions=[question()])
    path = f"/admin/snippets/guias/course/edit/{course.pk}/"
    for response in (client.get(path, follow=True), client.post(path, course_form(), follow=True)):
        assert response.redirect_chain == [("/admin/", 302)]  # how the administration refuses
    assert not course.revisions.exists()


def test_the_preview_shows_chapters_and_questions(client: Any, arranging: Any) -> None:
    published(guide=GuideFactory(slug="orientacion"))
    course = with_chapters("/guias/orientacion/cerrar/", questions=[question()])
    course.save_revision()
    page = client.get(f"/admin/snippets/guias/course/preview/{course.pk}/")
    assert page.status_code == 200
    response = course.make_preview_request()
    assert "Cerrar y dejar constancia" in response.content.decode()
    assert "¿Cómo se llama el acta?" in response.content.decode()


def test_staff_is_what_an_account_says() -> None:
    assert UserFactory(requested_role=STAFF).works_in_center
    assert not UserFactory(requested_role="redip").works_in_center
