"""Courses and sessions: who may what, and the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from guias.actions.enrolment import enrol
from guias.actions.versions import publish_version
from guias.enums import Place
from guias.models import Course, Enrolment, Session
from guias.models.courses import chapter_key, lessons_of
from guias.policies import courses as policies
from tests.factories.courses import CourseFactory, SessionFactory, cast, past, with_chapters
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    GuideFactory,
    VersionFactory,
    block,
    chapter,
    editor,
    published,
    three_chapters,
)

pytestmark = pytest.mark.django_db
EVERYBODY = {
    "anonymous",
    "member",
    "inactive",
    "staff",
    "colleague_by_city",
    "colleague_by_body",
    "staff_elsewhere",
    "trainer",
    "editor",
    "editor_of_another_route",
    "operator",
}
TEACHING = {"trainer", "editor", "operator"}
EDITORS = {"editor", "editor_of_another_route", "operator"}
AT_CENTERS = {"staff", "colleague_by_city", "staff_elsewhere"}
ACCOUNTS = EVERYBODY - {"anonymous", "inactive"}


def table(rule: Any, people: dict[str, Any], *things: Any) -> set[str]:
    return {who for who, user in people.items() if rule(user, *things)}


# Who may what


@pytest.mark.parametrize(("live", "seen"), [(True, EVERYBODY), (False, EDITORS)])
def test_who_sees_a_course_and_its_twin(live: bool, seen: set[str]) -> None:
    session = SessionFactory(course__live=live)
    people = cast(session.course)
    assert table(policies.can_see_course, people, session.course) == seen
    for who, user in people.items():
        assert Course.objects.visible_to(user).exists() is (who in seen), who
        assert Session.objects.visible_to(user).exists() is (who in seen), who


def test_who_arranges_and_who_teaches() -> None:
    course = CourseFactory()
    people = cast(course)
    assert table(policies.can_arrange, people, course) == {"editor", "operator"}
    assert table(policies.can_teach, people, course) == TEACHING
    assert policies.can_teach(people["trainer"], CourseFactory()) is False


@pytest.mark.parametrize(("access", "may"), [("abierto", ACCOUNTS), ("centros", AT_CENTERS)])
def test_who_enrols_herself(access: str, may: set[str]) -> None:
    session = SessionFactory(course__access=access)
    people = cast(session.course)
    assert table(policies.can_enrol, people, session) == may
    session.cancelled_at = timezone.now()
    assert table(policies.can_enrol, people, session) == set()
    assert table(policies.can_enrol, people, past(course=session.course)) == set()
    session.cancelled_at, session.course.live = None, False
    assert table(policies.can_enrol, people, session) == set()


def test_who_enrols_whom() -> None:
    session = SessionFactory()
    people = cast(session.course)

    def by(who: str) -> set[str]:
        return {
            name
            for name, person in people.items()
            if name != "anonymous" and policies.can_enrol_person(people[who], session, person)
        }

    assert by("staff") == {"staff", "colleague_by_city", "colleague_by_body"}
    assert by("colleague_by_city") == {"staff", "colleague_by_city"}
    assert by("colleague_by_body") == by("member") == by("inactive") == by("anonymous") == set()
    assert by("trainer") == by("editor") == by("operator") == ACCOUNTS
    session.course.access = "centros"
    assert by("staff") == {"staff", "colleague_by_city"}
    assert by("trainer") == AT_CENTERS
    session.starts_at = timezone.now() - dt.timedelta(minutes=5)
    assert by("staff") == set() and by("trainer") == AT_CENTERS
    session.ends_at = timezone.now() - dt.timedelta(days=6)
    assert by("staff") == set() and by("trainer") == AT_CENTERS
    session.ends_at = timezone.now() - dt.timedelta(days=8)
    assert by("trainer") == set()


def test_who_withdraws_whom_and_who_sees_the_link() -> None:
    session = SessionFactory()
    people = cast(session.course)
    enrolment, _new = enrol(session=session, person=people["colleague_by_city"], by=people["staff"])
    enrolment.session = session
    assert table(policies.can_withdraw, people, enrolment) == TEACHING | {"staff", "colleague_by_city"}
    assert table(policies.can_see_link, people, session, None) == TEACHING
    assert policies.can_see_link(enrolment.user, session, enrolment)
    enrolment.place = Place.WAITING
    assert not policies.can_see_link(enrolment.user, session, enrolment)
    enrolment.session.starts_at = timezone.now()
    assert table(policies.can_withdraw, people, enrolment) == set()


# Chapters


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("/guias/orientacion/cerrar/", ("orientacion", "cerrar")),
        (" https://portal.test/guias/orientacion/cerrar/#por-que ", ("orientacion", "cerrar")),
        ("https://portal.test/guias/orientacion/v2/cerrar/", ("orientacion", "cerrar")),
        ("/guias/orientacion/", None),
        ("/comunidad/orientacion/cerrar/", None),
        ("cerrar", None),
    ],
)
def test_a_chapter_is_named_by_its_address(typed: str, key: tuple[str, str] | None) -> None:
    assert chapter_key(typed) == key


def test_a_course_follows_what_is_in_force_and_a_gone_chapter_is_told(told: Any) -> None:
    guide = GuideFactory(slug="orientacion", title="Orientación")
    published(guide=guide)
    teacher = UserFactory()
    course = with_chapters("/guias/orientacion/cerrar/", "/guias/orientacion/recibir/", trainers=[teacher])
    assert [lesson.chapter.title for lesson in lessons_of(course) if lesson.chapter] == [
        "Cerrar y dejar constancia",
        "Recibir y escuchar",
    ]
    body = [chapter("Recibir otra vez", "recibir", block("text", "<p>x</p>"))]
    next_version = VersionFactory(guide=guide, number=2, body=body, changes="Cambió.")
    assert teacher in told(publish_version, version=next_version)
    assert "/guias/orientacion/cerrar/" in told.words
    assert [lesson.chapter and lesson.chapter.title for lesson in lessons_of(course)] == [
        None,
        "Recibir otra vez",
    ]


def test_a_chapter_that_has_another_address_is_still_in_the_course(told: Any, client: Any) -> None:
    guide = GuideFactory(slug="orientacion", title="Orientación")
    published(guide=guide)
    teacher = UserFactory()
    course = with_chapters("/guias/orientacion/cerrar/", "/guias/orientacion/recibir/", trainers=[teacher])
    body = three_chapters()
    body[1]["value"] |= {"slug": "cierre", "title": "Cierre con constancia"}
    assert teacher not in told(publish_version, version=VersionFactory(guide=guide, number=2, body=body))
    lesson = lessons_of(course)[0]
    assert (lesson.address, lesson.chapter and lesson.chapter.title) == (
        "/guias/orientacion/cierre/",
        "Cierre con constancia",
    )
    html = client.get(course.get_absolute_url()).content.decode()
    assert "Cierre con constancia" in html and "/guias/orientacion/cierre/" in html


def test_a_guide_in_reserve_gives_no_chapter() -> None:
    published(guide=GuideFactory(slug="orientacion", is_public=False))
    assert lessons_of(with_chapters("/guias/orientacion/cerrar/"))[0].chapter is None


# Pages


@pytest.fixture
def person(client: Any) -> Any:
    user = UserFactory()
    client.force_login(user)
    return user


def test_a_draft_is_nobodys_but_who_edits(client: Any) -> None:
    session = SessionFactory(course__live=False)
    for path in (
        session.course.get_absolute_url(),
        session.get_absolute_url(),
        session.address("session_ical"),
    ):
        assert client.get(path).status_code == 404
    assert session.course.title not in client.get("/guias/formacion/").content.decode()
    client.force_login(editor())
    assert client.get(session.course.get_absolute_url()).status_code == 200


def test_a_session_is_found_only_under_its_course(client: Any) -> None:
    session, other = SessionFactory(), CourseFactory()
    assert client.get(other.address("session", session.pk)).status_code == 404


def test_enrolling_and_withdrawing(client: Any, person: Any) -> None:
    session = SessionFactory(link="https://ejemplo.test/sala")
    page = client.get(session.get_absolute_url())
    assert "ejemplo.test" not in page.content.decode() and "quien tenga su código" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    response = client.post(session.address("enrol"), follow=True)
    assert "Su cupo está reservado" in response.content.decode()
    assert "ejemplo.test" in response.content.decode()
    entry = Calendar.from_ical(client.get(session.address("session_ical")).content).walk("VEVENT")[0]
    assert "ejemplo.test" in str(entry["location"])
    client.post(session.address("withdraw"))
    assert not Enrolment.objects.exists()
    entry = Calendar.from_ical(client.get(session.address("session_ical")).content).walk("VEVENT")[0]
    assert "ejemplo.test" not in str(entry["location"])
    assert entry.decoded("dtstart") == session.starts_at.replace(microsecond=0)


def test_a_visitor_is_asked_to_sign_in(client: Any) -> None:
    session = SessionFactory()
    assert "Entrar para inscribirme" in client.get(session.get_absolute_url()).content.decode()
    assert client.post(session.address("enrol")).url.startswith("/cuenta/entrar/")
    for name in ("enrol_others", "edit_session", "cancel_session"):
        assert client.get(session.address(name)).url.startswith("/cuenta/entrar/")


def test_what_is_not_hers_is_refused_with_a_sentence(client: Any, person: Any) -> None:
    session = SessionFactory(course__access="centros")
    assert "para quienes trabajan en un centro" in client.get(session.get_absolute_url()).content.decode()
    for one, sentence in (
        (session, "para quienes trabajan en un centro"),
        (past(), "la sesión empezó"),
        (SessionFactory(cancelled_at=timezone.now()), "se canceló"),
    ):
        refused = client.post(one.address("enrol"))
        assert refused.status_code == 403 and sentence in refused.content.decode()
    for name in ("enrol_others", "edit_session", "cancel_session"):
        assert client.get(session.address(name)).status_code == 403
    other, _new = enrol(session=SessionFactory(), person=(one := UserFactory()), by=one)
    path = other.session.address("withdraw")
    assert client.post(path, {"inscripcion": other.pk}).status_code == 403
    enrol(session=other.session, person=person, by=person)
    for nonsense in ("x", "9" * 30, "-1", "0"):
        assert client.post(path, {"inscripcion": nonsense}).status_code == 302
    assert Enrolment.objects.count() == 2, "her own chair is given up by no number at all, not by a wrong one"


def test_a_trainer_calls_moves_and_cancels_a_session(client: Any, person: Any) -> None:
    course = CourseFactory(trainers=[person])
    day = timezone.localdate() + dt.timedelta(days=9)
    form = {"day": day.isoformat(), "starts": "09:00", "ends": "11:00", "place": "Sala", "capacity": "5"}
    path = course.address("new_session")
    for wrong, sentence in (
        ({"ends": "08:00"}, "debe terminar después"),
        ({"place": ""}, "Diga dónde es"),
        ({"capacity": "0"}, "un cupo"),
        ({"day": "2015-01-01"}, "ya pasó"),
        ({"day": "mañana"}, "No entendimos esta fecha"),
    ):
        response = client.post(path, {**form, **wrong})
        assert response.status_code == 422 and sentence in response.content.decode()
    assert client.post(path, form).status_code == 302
    assert client.post(path, form).status_code == 302  # a double click
    session = Session.objects.get()
    assert timezone.localtime(session.starts_at).hour == 9 and session.capacity == 5
    assert 'value="09:00"' in client.get(session.address("edit_session")).content.decode()
    client.post(session.address("edit_session"), {**form, "place": "Otra sala"})
    session.refresh_from_db()
    assert session.place == "Otra sala"
    assert client.post(session.address("cancel_session"), {"reason": ""}).status_code == 422
    response = client.post(session.address("cancel_session"), {"reason": "No hay luz."}, follow=True)
    assert "Esta sesión se canceló." in response.content.decode()
    assert "No hay luz." in response.content.decode()
    assert client.post(session.address("edit_session"), form).status_code == 403


def test_pages_cost_the_same_with_more(client: Any, person: Any, assert_same_queries: Any) -> None:
    published(guide=GuideFactory(slug="orientacion"))
    course = with_chapters("/guias/orientacion/cerrar/")
    session = SessionFactory(course=course, capacity=3)
    enrol(session=session, person=person, by=person)

    def more() -> None:
        for _n in range(2):
            other = SessionFactory(course=course, capacity=3)
            for one in (UserFactory(), UserFactory()):
                enrol(session=other, person=one, by=one)
                enrol(session=session, person=one, by=one)
            SessionFactory()

    assert assert_same_queries("/guias/formacion/", more) == 7
    assert assert_same_queries(course.get_absolute_url(), more) == 14  # one asks for the days announced
    assert assert_same_queries(session.get_absolute_url(), more) == 9


def test_sessions_stand_in_the_order_of_their_days(client: Any) -> None:
    course = CourseFactory()
    late, soon = (
        SessionFactory(course=course, starts_at=timezone.now() + dt.timedelta(days=n)) for n in (9, 2)
    )
    old, older = (
        SessionFactory(course=course, starts_at=timezone.now() - dt.timedelta(days=n)) for n in (3, 8)
    )
    page = client.get(course.get_absolute_url()).content.decode()
    order = [page.index(one.get_absolute_url()) for one in (soon, late, old, older)]
    assert order == sorted(order)
    rows = client.get(f"/api/v1/formacion/{course.slug}").json()["sesiones"]
    assert [row["empieza"] for row in rows] == sorted(row["empieza"] for row in rows)


def test_what_she_reads_of_her_own_session(client: Any, person: Any) -> None:
    begins = timezone.now() + dt.timedelta(hours=2)
    soon, later = SessionFactory(starts_at=begins), SessionFactory()
    for session, reminded in ((soon, False), (later, True)):
        page = client.post(session.address("enrol"), follow=True).content.decode()
        assert "Su cupo está reservado." in page and "Usted tiene cupo" in page
        assert ("Le recordamos un día antes." in page) is reminded, "nothing is promised that will not come"
    held = past()
    mine = Enrolment.objects.create(session=held, user=person, place=Place.TAKEN)
    for present, said in ((None, "Usted estaba en la lista"), (True, "Usted vino")):
        Enrolment.objects.filter(pk=mine.pk).update(present=present)
        page = client.get(held.get_absolute_url()).content.decode()
        assert said in page and "Ver mi avance en el curso" in page
    Enrolment.objects.filter(pk=mine.pk).update(place=Place.WAITING, present=None)
    assert "pida a quien dicta el curso" in client.get(held.get_absolute_url()).content.decode()


def test_courses_with_the_nearest_session_come_first(client: Any) -> None:
    CourseFactory(title="Sin sesión")
    SessionFactory(course__title="Lejos", starts_at=timezone.now() + dt.timedelta(days=9))
    SessionFactory(course__title="Cancelado", cancelled_at=timezone.now())
    SessionFactory(course__title="Cerca")
    page = client.get("/guias/formacion/").content.decode()
    order = [page.index(f">{title}</a>") for title in ("Cerca", "Lejos", "Cancelado", "Sin sesión")]
    assert order == sorted(order)
    assert 'href="/guias/formacion/"' in client.get("/guias/").content.decode()


def test_programs_read_what_pages_show(client: Any) -> None:
    published(guide=GuideFactory(slug="orientacion"))
    course = with_chapters("/guias/orientacion/cerrar/", "/guias/orientacion/no-hay/", title="Público")
    session = SessionFactory(course=course, capacity=2, link="https://ejemplo.test/sala")
    enrol(session=session, person=(one := UserFactory()), by=one)
    CourseFactory(live=False, slug="borrador")
    listed = client.get("/api/v1/formacion").json()
    assert [row["id"] for row in listed["results"]] == [course.slug]
    answer = client.get(f"/api/v1/formacion/{course.slug}")
    whole = answer.json()
    assert [row["titulo"] for row in whole["capitulos"]] == ["Cerrar y dejar constancia"]
    assert (whole["sesiones"][0]["cupos"], whole["sesiones"][0]["libres"]) == (2, 1)
    assert "ejemplo.test" not in answer.content.decode()
    assert client.get("/api/v1/formacion/borrador").status_code == 404


def test_a_course_is_found(search_index: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    from search import outbox
    from search.service import Query, search

    course, draft = CourseFactory(title="Zarzamora uno"), CourseFactory(title="Zarzamora dos", live=False)
    outbox.queue("curso", course.pk, draft.pk)
    search_index()
    found = search(Query(text="zarzamora"), AnonymousUser())
    assert [(hit.kind, hit.id) for hit in found.hits] == [("curso", str(course.pk))]
