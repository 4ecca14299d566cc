"""Who came: on two phones, without a signal, without scripts, and only for who teaches."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from guias.actions.attendance import Tick, mark_attendance
from guias.enums import Place
from guias.models import AttendanceMark, Enrolment, Session
from guias.policies import courses as policies
from nucleo.policies import Forbidden
from tests.factories.courses import CourseFactory, SessionFactory, cast, past
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def teacher(client: Any) -> Any:
    user = UserFactory(first_names="Doña", last_names="Dicta")
    client.force_login(user)
    return user


@pytest.fixture
def session(teacher: Any) -> Session:
    return past(course=CourseFactory(trainers=[teacher]))


def seat(session: Session, **fields: Any) -> Enrolment:
    return Enrolment.objects.create(session=session, user=UserFactory(**fields), place=Place.TAKEN)


def tick(one: Enrolment, present: bool = True, ago: dt.timedelta = dt.timedelta()) -> Tick:
    return Tick(uuid.uuid4(), one.pk, present, ago)


def came(one: Enrolment) -> bool | None:
    return Enrolment.objects.get(pk=one.pk).present


def test_who_marks() -> None:
    course = CourseFactory()
    people = cast(course)

    def may(session: Session) -> set[str]:
        return {who for who, user in people.items() if policies.can_mark(user, session)}

    teaching = {"trainer", "editor", "operator"}
    assert may(past(course=course)) == teaching
    assert may(SessionFactory(course=course, starts_at=timezone.now() + 59 * MINUTE)) == teaching
    assert may(SessionFactory(course=course, starts_at=timezone.now() + 65 * MINUTE)) == set()
    assert may(past(course=course, cancelled_at=timezone.now())) == set()
    with pytest.raises(Forbidden):
        mark_attendance(session=past(course=course), by=people["staff"], ticks=[])


def test_the_same_tick_twice_is_one(session: Session, teacher: Any) -> None:
    one = seat(session)
    mark = tick(one)
    for _n in range(2):
        mark_attendance(session=session, by=teacher, ticks=[mark])
    assert came(one) is True and AttendanceMark.objects.count() == 1


def test_the_last_tick_counts_whenever_it_arrives(session: Session, teacher: Any) -> None:
    one, other = seat(session), UserFactory()
    session.course.trainers.add(other)
    mark_attendance(session=session, by=teacher, ticks=[tick(one, present=False, ago=5 * MINUTE)])
    late = mark_attendance(session=session, by=other, ticks=[tick(one, present=True, ago=20 * MINUTE)])
    assert came(one) is False
    assert [(clash.pk, mark.marked_by) for clash, mark in late.clashes] == [(one.pk, teacher)]
    newer = mark_attendance(session=session, by=other, ticks=[tick(one, present=True, ago=MINUTE)])
    assert came(one) is True and len(newer.clashes) == 1
    both = [tick(one, present=True, ago=MINUTE / 2), tick(one, present=False)]
    assert mark_attendance(session=session, by=other, ticks=both).clashes == [] and came(one) is False


def test_a_clock_that_is_wrong_says_no_nonsense(session: Session, teacher: Any) -> None:
    one = seat(session)
    mark_attendance(
        session=session, by=teacher, ticks=[tick(one, ago=-MINUTE), tick(one, ago=999_999 * MINUTE)]
    )
    moments = [mark.marked_at for mark in AttendanceMark.objects.order_by("marked_at")]
    assert timezone.now() - dt.timedelta(days=31) < moments[0] <= moments[1] <= timezone.now()


def sent(client: Any, session: Session, *ticks: Any) -> Any:
    return client.post(
        session.address("attendance"), {"marca": ticks}, headers={"accept": "application/json"}
    )


def test_what_a_phone_sends(client: Any, session: Session) -> None:
    one, waiting = seat(session), seat(session)
    elsewhere = seat(past())
    Enrolment.objects.filter(pk=waiting.pk).update(place=Place.WAITING)
    keys = [str(uuid.uuid4()) for _n in range(3)]
    ticks = [f"{keys[0]},{one.pk},1,30", f"{keys[1]},{waiting.pk},1,0", f"{keys[2]},{elsewhere.pk},1,0"]
    nonsense = ["x", "1,2,3", f"{keys[0]},x,1,0", f"{uuid.uuid4()},{one.pk},1,{'9' * 400}", "\x00,1,1,1"]
    answer = sent(client, session, *ticks, *nonsense[:3], nonsense[4]).json()
    assert answer["recibidas"] == keys and answer["lista"] == {str(one.pk): True}
    assert answer["avisos"] == ["2 personas que usted marcó ya no están en la lista."]
    assert came(waiting) is None and came(elsewhere) is None
    assert sent(client, session, nonsense[3]).status_code == 200


def test_two_phones_that_say_otherwise_are_told(client: Any, session: Session) -> None:
    one, other = seat(session, first_names="Ana", last_names="Pérez"), UserFactory(first_names="Luis")
    session.course.trainers.add(other)
    mark_attendance(session=session, by=other, ticks=[tick(one, present=True, ago=MINUTE)])
    (said,) = sent(client, session, f"{uuid.uuid4()},{one.pk},0,0").json()["avisos"]
    assert said.startswith("Ana Pérez: Luis (prueba) marcó que vino a las")
    assert said.endswith("Quedó lo último que se marcó: no vino.")


def test_the_form_sends_what_was_changed_and_nothing_else(client: Any, session: Session) -> None:
    ana, luis, eva = (seat(session) for _n in range(3))
    path = session.address("attendance")
    page = client.get(path)
    assert page["Cache-Control"] == "private, no-store" and "noindex" in page.content.decode()
    shown = [ana.pk, luis.pk, eva.pk]
    response = client.post(path, {"mostrada": shown, "presente": [ana.pk, luis.pk]}, follow=True)
    assert "Quedó guardado: vinieron 2 personas." in response.content.decode()
    assert [came(one) for one in (ana, luis, eva)] == [True, True, None]
    # Eva is ticked elsewhere after this page was made; taking Ana's tick away leaves hers.
    other = UserFactory()
    session.course.trainers.add(other)
    mark_attendance(session=session, by=other, ticks=[tick(eva)])
    client.post(path, {"mostrada": shown, "antes": [ana.pk, luis.pk], "presente": [luis.pk]})
    assert [came(one) for one in (ana, luis, eva)] == [False, True, True]
    client.post(
        path, {"mostrada": [*shown, "x", "9" * 30], "antes": [luis.pk], "presente": [luis.pk, 999_999]}
    )
    assert [came(one) for one in (ana, luis, eva)] == [False, True, True]


def test_the_list_is_for_who_teaches(client: Any, session: Session) -> None:
    one = seat(session)
    paths = [session.address("attendance"), session.address("attendance_csv")]
    client.force_login(one.user)
    assert [client.get(path).status_code for path in paths] == [403, 403]
    assert sent(client, session, f"{uuid.uuid4()},{one.pk},1,0").status_code == 403
    assert "Pasar la lista" not in client.get(session.get_absolute_url()).content.decode()
    client.logout()
    assert all(client.get(path).url.startswith("/cuenta/entrar/") for path in paths)
    assert came(one) is None


def test_there_is_no_list_long_before_or_without_a_session_and_it_is_said_why(
    client: Any, teacher: Any
) -> None:
    start = dt.datetime(2090, 3, 5, 13, 30, tzinfo=timezone.get_default_timezone())
    session = SessionFactory(course=CourseFactory(trainers=[teacher]), starts_at=start)
    one = seat(session)
    response = client.get(session.address("attendance"), follow=True)
    words = "una hora antes de la sesión: 5 de marzo de 2090, 12:30 p. m."
    assert response.redirect_chain == [(session.get_absolute_url(), 302)]
    assert words in response.content.decode().replace("\xa0", " ")
    assert sent(client, session, f"{uuid.uuid4()},{one.pk},1,0").status_code == 403 and came(one) is None
    page = client.get(session.get_absolute_url()).content.decode()
    assert "5 de marzo de 2090, 12:30 p. m." in page.replace("\xa0", " ")
    assert "Pasar la lista" not in page
    client.logout()
    assert "una hora antes" not in client.get(session.get_absolute_url()).content.decode()
    gone = past(course=session.course, cancelled_at=timezone.now())
    client.force_login(teacher)
    response = client.get(gone.address("attendance"), follow=True)
    assert "no hay lista que pasar" in response.content.decode()
    assert client.post(gone.address("attendance"), {}).status_code == 403


def test_the_table_runs_nothing_in_a_spreadsheet(client: Any, session: Session) -> None:
    one = seat(session, first_names="=1+1", last_names="")
    Enrolment.objects.filter(pk=one.pk).update(present=True)
    seat(session)
    content = b"".join(client.get(session.address("attendance_csv"))).decode("utf-8-sig")
    assert "'=1+1" in content and ",sí" in content and "@" not in content


def test_the_list_costs_the_same_with_more(client: Any, session: Session, assert_same_queries: Any) -> None:
    seat(session)
    assert_same_queries(session.address("attendance"), lambda: [seat(session) for _n in range(2)])


def test_a_list_is_taken_along_before_it_opens(client: Any, teacher: Any) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    session = SessionFactory(course=CourseFactory(trainers=[teacher]), starts_at=tomorrow)
    path, script = session.address("attendance"), {"accept": "application/json"}
    assert "data-llevar" not in client.get(session.get_absolute_url()).content.decode()  # nobody is on it
    one = seat(session, first_names="Ana", last_names="Pérez", email="ana@red.example")
    assert f'data-llevar="{path}"' in client.get(session.get_absolute_url()).content.decode()
    answer = client.get(path, headers=script)
    assert answer["Cache-Control"] == "private, no-store" and "ana@red.example" not in answer.content.decode()
    told = answer.json()
    assert told["cuenta"] == str(teacher.pk) and told["clave"] == f"{session.pk}:{teacher.pk}"
    assert told["personas"] == [{"id": str(one.pk), "nombre": "Ana Pérez", "de": "", "vino": False}]
    assert told["caduca"] - told["termina"] == 3 * 24 * 3600
    client.force_login(one.user)
    assert client.get(path, headers=script).status_code == 403
    assert "data-llevar" not in client.get(session.get_absolute_url()).content.decode()


def test_who_takes_a_list_along() -> None:
    course = CourseFactory()
    people = cast(course)

    def may(session: Session) -> set[str]:
        return {who for who, user in people.items() if policies.can_take_along(user, session)}

    now, day = timezone.now(), dt.timedelta(days=1)
    assert may(SessionFactory(course=course, starts_at=now + 9 * day)) == {"trainer", "editor", "operator"}
    assert may(past(course=course, cancelled_at=now)) == set()
    ended = {"starts_at": now - 3 * day - dt.timedelta(hours=2), "ends_at": now - 3 * day - MINUTE}
    assert may(SessionFactory(course=course, **ended)) == set()


def test_the_page_of_lists_and_its_worker_know_nobody(client: Any, settings: Any) -> None:
    paths = ("/guias/listas/", "/guias/formacion/sw.js")
    before = [client.get(path).content for path in paths]
    client.force_login(UserFactory(first_names="Rosalba"))
    assert [client.get(path).content for path in paths] == before
    assert b"csrf" not in before[0] and b"data-cuenta" not in before[0]
    settings.OFFLINE_READING = False
    script = client.get(paths[1]).content.decode()
    assert "registration.unregister()" in script and "fetch" not in script
