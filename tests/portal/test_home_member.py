"""The home of who is signed in: what waits for her, with its action, and nothing of others."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from comunidad.models import Follow
from guias.actions.reviews import give_dates
from guias.enums import Place
from guias.models import ChapterReview, Enrolment, Reading, RouteEditor
from portal import awaiting
from portal.avisos.models import NoticeKind
from portal.bootstrap import EDITORS, REVIEW
from portal.purposes import ReviewingChapter
from portal.responding import issue
from tests.factories.comunidad import ResourceFactory
from tests.factories.courses import SessionFactory
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published
from tests.factories.portal import NoticeFactory
from tests.factories.redip import CommitmentFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    user = UserFactory(first_names="Ana", last_names="Ruiz")
    client.force_login(user)
    return user


def home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def tasks(client):
    return client.get("/").content.decode().partition('id="sus-guias"')[0]


@time_machine.travel(dt.datetime(2026, 11, 3, 14, 0, tzinfo=dt.UTC))
def test_who_has_nothing_to_do_is_told_so_and_shown_a_way_on(client, member):
    page = home(client)
    assert "Buenos días. Nada le espera por ahora" in " ".join(page.split())
    assert "Martes 3" in page.replace("\xa0", " ") and "Ana Ruiz" in page
    assert 'href="/guias/"' in page and 'role="search"' in page


def test_what_others_did_waits_until_it_is_opened(client, member):
    notice = NoticeFactory(
        recipient=member, kind=NoticeKind.ANSWER, text="La tutora respondió", url="/ayuda/"
    )
    NoticeFactory(recipient=UserFactory(), kind=NoticeKind.ANSWER, text="De otra persona")
    page = home(client)
    assert "Una cosa le espera" in page and "La tutora respondió" in page and "De otra persona" not in page
    assert page.count('class="btn-main"') == 1
    client.post(reverse("avisos:notice", args=[notice.pk]))
    assert "La tutora respondió" not in home(client)


def test_what_redip_shows_is_not_said_twice(client, member):
    NoticeFactory(recipient=member, kind=NoticeKind.COMMITMENT, text="Su compromiso vence")
    page = home(client)
    assert "Nada le espera" in page and "Su compromiso vence" not in page


def test_commitments_that_fall_due_come_first(client, member):
    in_four_days = timezone.localdate() + dt.timedelta(days=4)
    commitment = CommitmentFactory(member=MemberFactory(user=member), until=in_four_days, progress=40)
    NoticeFactory(recipient=member, kind=NoticeKind.ANSWER, text="La tutora respondió")
    page = home(client)
    assert "Dos cosas le esperan" in page
    assert page.index(commitment.what) < page.index("La tutora respondió")
    assert 'value="40"' in page
    kinds = [task["kind"] for task in awaiting.tasks_of(member)]
    assert kinds == ["compromiso", "aviso"]


def test_many_things_are_counted_and_the_rest_is_one_link_away(client, member):
    NoticeFactory.create_batch(awaiting.SHOWN + 3, recipient=member, kind=NoticeKind.VERSION)
    page = home(client)
    assert "Once cosas le esperan" in page
    assert page.count('class="panel task"') == awaiting.SHOWN
    assert "Ver 3 más en sus avisos" in page


def test_the_guides_she_opened_last_and_only_those_she_may_see(client, member):
    seen, hidden = GuideFactory(title="La leída"), GuideFactory(title="La escondida", is_public=False)
    for guide in (seen, hidden):
        Reading.objects.create(user=member, guide=guide, chapter="uno", version_number=1)
    Reading.objects.create(
        user=UserFactory(), guide=GuideFactory(title="La de otra"), chapter="a", version_number=1
    )
    page = home(client).partition('id="sus-guias"')[2].partition("</section>")[0]
    assert "La leída" in page and "La escondida" not in page and "La de otra" not in page


def test_the_number_of_queries_does_not_grow(client, member, assert_same_queries):
    def add():
        NoticeFactory(recipient=member, kind=NoticeKind.ANSWER)
        Reading.objects.create(user=member, guide=GuideFactory(), chapter="uno", version_number=1)

    add()
    assert_same_queries("/", lambda: [add(), add()])


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (5, "Buenos días"),
        (11, "Buenos días"),
        (12, "Buenas tardes"),
        (19, "Buenas noches"),
        (2, "Buenas noches"),
    ],
)
def test_greetings(hour, words):
    moment = dt.datetime(2026, 11, 3, hour, tzinfo=timezone.get_default_timezone())
    assert awaiting.greeting(moment) == words


def test_what_she_follows_stands_before_what_is_only_new(client, member):
    followed, other = ResourceFactory(title="De mi tema"), ResourceFactory(title="De otro tema")
    page = home(client)
    assert "Lo último en la comunidad" in page and other.title in page and "Seguir el tema" in page
    Follow.objects.create(user=member, theme=followed.theme)
    page = home(client)
    assert "En lo que usted sigue" in page and followed.title in page and other.title not in page


def test_a_session_of_tomorrow_waits_for_who_comes_and_who_teaches(client, member):
    tomorrow = timezone.localtime().replace(hour=9, minute=0) + dt.timedelta(days=1)
    hours = {"starts_at": tomorrow, "ends_at": tomorrow + dt.timedelta(hours=2)}
    comes = SessionFactory(course__title="Los archivos del centro", **hours)
    Enrolment.objects.create(session=comes, user=member, place=Place.TAKEN)
    for other, place in ((SessionFactory(**hours), Place.WAITING), (later(tomorrow), Place.TAKEN)):
        Enrolment.objects.create(session=other, user=member, place=place)
    teaches = SessionFactory(course__title="Escuchar bien", **hours)
    teaches.course.trainers.add(member)
    page = home(client)
    assert "Dos cosas le esperan" in page
    assert "Los archivos del centro" in page and "Escuchar bien" in page
    assert page.count("Ver la sesión") == 2 and "Pasar la lista" not in page
    teaches.starts_at = timezone.now() + dt.timedelta(minutes=30)
    teaches.save()
    assert "Pasar la lista" in home(client)


def later(tomorrow):
    day = tomorrow + dt.timedelta(days=2)
    return SessionFactory(starts_at=day, ends_at=day + dt.timedelta(hours=1))


def an_editor(**fields):
    person = UserFactory(**fields)
    person.groups.add(Group.objects.get(name=EDITORS))
    return person


def sent_by(author, **fields):
    draft = VersionFactory(guide=GuideFactory(**fields), number=2)
    draft.save_revision(user=author)
    Workflow.objects.get(name=REVIEW).start(draft, author)
    return draft


def test_a_draft_waits_for_who_may_read_it_before_it_is_published(client, assert_same_queries):
    author, reader = an_editor(first_names="Ana", last_names="Ruiz"), an_editor()
    client.force_login(reader)
    assert "Nada le espera" in home(client)
    draft = sent_by(author, title="Proceso de Orientación", route="orientacion")
    page = home(client)
    assert "Una cosa le espera" in page and "Proceso de Orientación" in page
    assert "Versión 2. La envió Ana Ruiz" in page
    assert reverse("wagtailsnippets_guias_version:edit", args=[draft.pk]) in page
    assert_same_queries("/", lambda: [sent_by(author), sent_by(an_editor())])
    for person in (author, UserFactory()):
        client.force_login(person)
        assert "Proceso de Orientación" not in tasks(client)
    RouteEditor.objects.create(user=reader, route="redip")
    client.force_login(reader)
    assert "Proceso de Orientación" not in tasks(client)


def test_a_draft_that_was_read_waits_no_longer(client):
    reader = an_editor()
    client.force_login(reader)
    draft = sent_by(an_editor())
    draft.current_workflow_task_state.approve(user=reader)
    assert "Nada le espera" in home(client)


def test_chapters_to_look_at_wait_for_the_editor_who_answers_for_them(client):
    person = editor()
    client.force_login(person)
    version = published(guide=GuideFactory(title="Proceso de Orientación"))
    give_dates()
    assert "Nada le espera" in home(client)
    reviews = ChapterReview.objects.filter(guide=version.guide)
    reviews.update(due_on=timezone.localdate(), owner=person)
    page = home(client)
    assert "Una cosa le espera" in page and "Proceso de Orientación" in page
    assert f"{reviews.count()} capítulos por revisar" in page and reverse("guias_validity") in page
    reviews.update(owner=UserFactory())
    assert "Nada le espera" in home(client)


def test_what_a_letter_asked_waits_at_home_too_until_it_is_answered(client, member):
    """Who answers for a chapter and does not edit guides has no other screen for it."""
    version = published(guide=GuideFactory(title="Proceso de Orientación"))
    give_dates()
    review = ChapterReview.objects.filter(guide=version.guide).first()
    ChapterReview.objects.filter(pk=review.pk).update(due_on=timezone.localdate(), owner=member)
    mine = issue(ReviewingChapter, person=member, object_id=review.pk)
    hers = issue(ReviewingChapter, person=UserFactory(), object_id=review.pk)
    page = home(client)
    assert "Una cosa le espera" in page and review.title in page
    assert mine.token in page and hers.token not in page
    address = reverse("respond", args=[mine.token])
    assert "sigue vigente" in client.post(address, {"respuesta": "vigente"}).content.decode()
    assert "Nada le espera" in home(client)
