"""The check, the certificate, and the page that tells a real one from a forged or mistyped one."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.cache import cache
from django.utils import timezone

from guias.actions.certificates import forget_person, give_certificate, withdraw_certificate
from guias.enums import Place
from guias.models import Certificate, CheckResult, Course, Enrolment, Session
from guias.models.certificates import LENGTH, check_letter, drawn_code, grouped, is_well_typed, progress_of
from guias.models.paper import LETTERS
from guias.policies import courses as policies
from nucleo.policies import Forbidden
from portal.avisos.models import Notice
from portal.cuentas import actions as accounts
from tests.factories.courses import CourseFactory, SessionFactory, cast, past, question
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db
QUESTIONS = [question(f"¿Pregunta {n}?", right=n) for n in (1, 2, 3)]


@pytest.fixture(autouse=True)
def _cold() -> None:
    cache.clear()


@pytest.fixture
def person(client: Any) -> Any:
    user = UserFactory(first_names="Ana María", last_names="Pérez Ñáñez")
    client.force_login(user)
    return user


@pytest.fixture
def course() -> Course:
    return CourseFactory(title="Los archivos", questions=QUESTIONS)


def attended(course: Course, user: Any) -> Enrolment:
    return Enrolment.objects.create(session=past(course=course), user=user, place=Place.TAKEN, present=True)


def answers(course: Course, *chosen: int) -> dict[str, str]:
    """What a form sends when option ``chosen`` (from 1) of each question is picked."""
    pairs = zip(course.check_questions, chosen, strict=True)
    return {asked.id: asked.options[n - 1].id for asked, n in pairs}


def given(course: Course, user: Any) -> Certificate:
    attended(course, user)
    CheckResult.objects.create(course=course, user=user, right=3, total=3, passed_at=timezone.now())
    return give_certificate(course=course, to=user)


# Codes


def test_a_code_cannot_be_guessed_and_has_no_letter_that_is_taken_for_another() -> None:
    assert len(LETTERS) ** LENGTH > 2**60
    codes = {drawn_code() for _n in range(500)}
    assert len(codes) == 500 and all(is_well_typed(code) for code in codes)
    assert all(set(code) <= set(LETTERS) for code in codes)
    assert grouped("ABCDEFGHJKLMNPQ") == "ABCDE-FGHJK-LMNPQ"


def test_every_slip_of_the_hand_is_noticed() -> None:
    code = drawn_code()
    for place, letter in itertools.product(range(len(code)), LETTERS):
        if letter != code[place]:
            assert not is_well_typed(code[:place] + letter + code[place + 1 :])
    for one, other in itertools.combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert "".join(swapped) == code or not is_well_typed("".join(swapped))
    assert not is_well_typed(code[:-1]) and not is_well_typed("") and not is_well_typed("O" * 15)
    assert check_letter(code[:-1]) == code[-1]


# Who may what


def test_who_takes_the_check_and_who_has_the_certificate(course: Course) -> None:
    people = cast(course)
    everyone = set(people) - {"anonymous", "inactive"}
    assert {who for who, user in people.items() if policies.can_take_check(user, course)} == everyone
    member = people["member"]
    assert not policies.can_have_certificate(member, course, progress_of(member, course))
    attended(course, member)
    assert not progress_of(member, course).is_complete
    CheckResult.objects.create(course=course, user=member, right=3, total=3, passed_at=timezone.now())
    assert policies.can_have_certificate(member, course, progress_of(member, course))
    assert not policies.can_have_certificate(people["staff"], course, progress_of(people["staff"], course))
    course.live = False
    assert not policies.can_take_check(member, course)


def test_who_did_not_come_or_did_not_pass_gets_none(course: Course, person: Any) -> None:
    with pytest.raises(Forbidden):
        give_certificate(course=course, to=person)
    attended(course, person)
    Course.objects.filter(pk=course.pk).update(min_sessions=2)
    CheckResult.objects.create(course=course, user=person, right=3, total=3, passed_at=timezone.now())
    with pytest.raises(Forbidden):
        give_certificate(course=Course.objects.get(), to=person)
    attended(course, person)
    made = give_certificate(course=Course.objects.get(), to=person)
    assert give_certificate(course=Course.objects.get(), to=person) == made
    assert (made.name, made.title, made.hours) == ("Ana María Pérez Ñáñez", "Los archivos", 4)


def test_only_a_session_that_was_held_counts(person: Any) -> None:
    course = CourseFactory(min_sessions=2)
    one, other = attended(course, person).session, attended(course, person).session
    assert len(progress_of(person, course).days) == 2
    Session.objects.filter(pk=one.pk).update(cancelled_at=timezone.now())
    assert len(progress_of(person, course).days) == 1
    # Moved to next week after it was ticked, and ticked in the half hour before it began.
    for later in (dt.timedelta(days=7), dt.timedelta(minutes=30)):
        start = timezone.now() + later
        Session.objects.filter(pk=other.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
        assert progress_of(person, course).days == ()
        with pytest.raises(Forbidden):
            give_certificate(course=course, to=person)


def test_a_course_without_questions_asks_only_that_one_comes(person: Any) -> None:
    course = CourseFactory()
    attended(course, person)
    assert give_certificate(course=course, to=person).is_valid


# The check


def test_the_check_tells_at_once_and_may_be_repeated(client: Any, course: Course, person: Any) -> None:
    path = course.address("check")
    assert client.get(path)["Cache-Control"] == "private, no-store"
    missing = client.post(path, dict(itertools.islice(answers(course, 1, 2, 3).items(), 2)))
    assert missing.status_code == 422 and "Falta responder la pregunta 3." in missing.content.decode()
    page = client.post(path, answers(course, 1, 1, 1)).content.decode()
    assert "Acertó 1 de 3" in page and "Porque sí: ¿Pregunta 2?" in page and "Todavía no." in page
    assert CheckResult.objects.get().passed_at is None
    page = client.post(path, answers(course, 1, 2, 3)).content.decode()
    assert "Acertó 3 de 3" in page and "le falta ir a las sesiones" in page
    client.post(path, answers(course, 1, 1, 1))
    result = CheckResult.objects.get()
    assert result.passed_at is not None and result.right == 1


def test_a_foreign_answer_is_refused(client: Any, course: Course, person: Any) -> None:
    wrong = {**answers(course, 1, 2, 3), course.check_questions[0].id: "otra"}
    response = client.post(course.address("check"), wrong)
    assert response.status_code == 422 and "La pregunta 1 cambió." in response.content.decode()


def test_without_questions_or_an_account_there_is_no_check(client: Any, course: Course) -> None:
    assert client.get(course.address("check")).url.startswith("/cuenta/entrar/")
    client.force_login(UserFactory())
    assert client.get(CourseFactory().address("check")).status_code == 404


# The certificate


def test_from_the_course_to_the_certificate(client: Any, course: Course, person: Any) -> None:
    attended(course, person)
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Responder la comprobación" in page and "Recibir mi certificado" not in page
    assert client.post(course.address("receive")).status_code == 403
    client.post(course.address("check"), answers(course, 1, 2, 3))
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Sale a nombre de <strong>Ana María Pérez Ñáñez</strong>" in page and "Nada más" in page
    response = client.post(course.address("receive"), follow=True)
    assert "Este certificado vale" in response.content.decode()
    assert "Ver mi certificado" in client.get(course.get_absolute_url()).content.decode()


def test_the_paper_carries_its_code_for_eyes_and_cameras(client: Any, course: Course, person: Any) -> None:
    made = given(course, person)
    response = client.get(made.get_absolute_url() + "certificado.pdf")
    assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
    content = b"".join(response)
    (sheet,) = pypdfium2.PdfDocument(io.BytesIO(content))
    words = sheet.get_textpage().get_text_bounded()
    assert "Ana María Pérez Ñáñez" in words and "Los archivos" in words and made.written in words
    (seen,) = zxingcpp.read_barcodes(sheet.render(scale=150 / 72, grayscale=True).to_pil())
    assert seen.text == made.address
    with pikepdf.open(io.BytesIO(content)) as file, file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1" and file.Root.MarkInfo.Marked
    assert b"".join(client.get(made.get_absolute_url() + "certificado.pdf")) == content


def test_long_names_fit_on_one_sheet(person: Any) -> None:
    from guias.exports import certificate as paper

    course = CourseFactory(title="Título larguísimo " * 6)
    made = Certificate(
        course=course,
        name="Nombre" * 26,
        title=course.title,
        hours=200,
        first_day=dt.date(2026, 1, 1),
        last_day=dt.date(2026, 12, 31),
        issued_on=dt.date(2026, 12, 31),
    )
    assert len(pypdfium2.PdfDocument(paper.make(made))) == 1


def test_the_file_is_hers(client: Any, course: Course, person: Any) -> None:
    made = given(course, person)
    path = made.get_absolute_url() + "certificado.pdf"
    client.force_login(UserFactory())
    assert client.get(path).status_code == 403
    client.logout()
    assert client.get(path).url.startswith("/cuenta/entrar/")


def test_anyone_verifies_and_sees_the_least(client: Any, course: Course, person: Any) -> None:
    made = given(course, person)
    client.logout()
    for typed in (made.code, made.written, made.written.lower(), f" {made.code} "):
        response = client.get("/guias/certificados/", {"codigo": typed}, follow=True)
        page = response.content.decode()
        assert response.status_code == 200 and "Este certificado vale" in page
    assert "Ana María Pérez Ñáñez" in page and "Los archivos" in page and made.written in page
    assert person.email not in page and "Bajar mi certificado" not in page and "Retirar" not in page
    assert response["X-Robots-Tag"] == "noindex" and 'content="noindex"' in page
    assert client.get(f"/guias/certificados/{made.written.lower()}/").status_code == 200


def test_a_forged_code_is_told_from_a_mistyped_one(client: Any, course: Course, person: Any) -> None:
    made = given(course, person)
    forged = client.get(f"/guias/certificados/{drawn_code()}/")
    assert forged.status_code == 404 and "Nadie expidió ese certificado" in forged.content.decode()
    slip = made.code[:-1] + next(one for one in LETTERS if one != made.code[-1])
    mistyped = client.get(f"/guias/certificados/{slip}/")
    assert mistyped.status_code == 404 and "Ese código está mal escrito" in mistyped.content.decode()
    for response in (forged, mistyped):
        assert 'name="codigo"' in response.content.decode()
        assert "Ana María" not in response.content.decode()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "%00", "ñ" * 64, "..", "🧵", "x" * 900])
def test_nonsense_is_a_plain_page(client: Any, typed: str) -> None:
    response = client.get(f"/guias/certificados/{typed}/")
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


def test_codes_are_asked_for_so_many_times_only(client: Any, course: Course, person: Any) -> None:
    path = f"/guias/certificados/{drawn_code()}/"
    assert {client.get(path).status_code for _n in range(60)} == {404}
    refused = client.get(path)
    assert refused.status_code == 429 and refused["Retry-After"]


def test_a_withdrawn_certificate_says_so(
    client: Any, course: Course, person: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made, teacher = given(course, person), UserFactory()
    course.trainers.add(teacher)
    path = made.get_absolute_url() + "retirar/"
    assert client.get(path).status_code == 403
    with pytest.raises(Forbidden):
        withdraw_certificate(certificate=made, by=person, reason="No.")
    client.force_login(teacher)
    assert made.written in client.get(course.address("course_certificates")).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"reason": "La lista estaba equivocada."})
    (notice,) = Notice.objects.filter(recipient=person)
    assert "La lista estaba equivocada." in notice.detail
    client.logout()
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Este certificado ya no vale" in page and "equivocada" not in page
    client.force_login(person)
    assert "equivocada" in client.get(made.get_absolute_url()).content.decode()
    assert client.get(made.get_absolute_url() + "certificado.pdf").status_code == 403
    with pytest.raises(Forbidden):
        give_certificate(course=course, to=person)
    assert client.get(course.address("course_certificates")).status_code == 403


# One's own data


def test_who_is_erased_leaves_no_name_and_gives_her_chair_up(
    client: Any, course: Course, person: Any
) -> None:
    made, waiting = given(course, person), UserFactory()
    coming = SessionFactory(course=course, capacity=1)
    Enrolment.objects.create(session=coming, user=person, place=Place.TAKEN)
    Enrolment.objects.create(session=coming, user=waiting, place=Place.WAITING)
    course.trainers.add(person)
    accounts.erase(user=person)
    made.refresh_from_db()
    assert made.name == "" and made.is_valid
    page = client.get(made.get_absolute_url()).content.decode()
    assert "pidió borrar su nombre" in page and "Ana María" not in page
    assert client.get(made.get_absolute_url() + "certificado.pdf").status_code in (302, 403)
    assert [(one.user, one.place) for one in coming.enrolments.all()] == [(waiting, Place.TAKEN)]
    assert not CheckResult.objects.exists() and not course.trainers.exists()
    forget_person(person=person)


def test_her_data_holds_what_she_did_here(course: Course, person: Any) -> None:
    made = given(course, person)
    found = json.dumps(accounts.export(user=person), ensure_ascii=False)
    assert made.code in found and "inscripciones (persona)" in found
    assert '"present": true' in found and "comprobaciones de cursos" in found


def test_her_own_list(client: Any, course: Course, person: Any, assert_same_queries: Any) -> None:
    assert "Todavía no está en ningún curso" in client.get("/cuenta/formacion/").content.decode()
    made = given(course, person)
    coming = SessionFactory(course=course)
    Enrolment.objects.create(session=coming, user=person, place=Place.TAKEN)
    page = client.get("/cuenta/formacion/").content.decode()
    assert coming.get_absolute_url() in page and made.get_absolute_url() in page
    assert 'href="/cuenta/formacion/"' in client.get("/cuenta/").content.decode()

    def more() -> None:
        for _n in range(2):
            given(CourseFactory(questions=QUESTIONS), person)
            session = SessionFactory()
            Enrolment.objects.create(session=session, user=person, place=Place.TAKEN)

    assert_same_queries("/cuenta/formacion/", more)
    client.logout()
    assert client.get("/cuenta/formacion/").url.startswith("/cuenta/entrar/")
