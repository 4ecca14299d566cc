import pytest
from django.core.management import call_command

from comunidad.actions.counts import recount_reactions, recount_replies
from comunidad.models import Reply, Resource
from directorio.models import Demand, Institution, Offer, Supplier
from guias.models import Course, Enrolment, Guide, Session, Version
from guias.models.courses import lessons_of
from nucleo.html import render_markdown
from portal.cuentas.models import User
from portal.demo import volume
from portal.demo.volume import SIZES, Size, prose
from portal.demo.volume.prose import MARK, Prose
from redip.models import Acta, Commitment, Mesa
from search.comparing import differences
from tests.factories.comunidad import ThemeFactory
from tests.factories.redip import RedFactory

TINY = Size(
    people=30,
    guides=3,
    courses=2,
    institutions=8,
    offers=10,
    suppliers=10,
    demands=6,
    mesas=3,
    commitments=40,
    resources=20,
    replies=150,
)


@pytest.fixture
def grounds(db):
    """Two networks and two themes: volume goes where there is something already."""
    RedFactory.create_batch(2)
    ThemeFactory.create_batch(2)


@pytest.fixture
def loaded(grounds, search_index):
    volume.load(TINY)


def counts():
    models = (User, Guide, Version, Institution, Offer, Supplier, Demand, Mesa, Commitment, Resource, Reply)
    models += (Course, Session, Enrolment)
    return {model.__name__: model.objects.count() for model in models}


def test_the_sizes_are_those_of_the_documentation():
    medium, large = SIZES["medium"], SIZES["large"]
    assert (medium.people, medium.guides, medium.mesas, medium.commitments) == (2000, 300, 60, 2000)
    assert medium.institutions + medium.offers + medium.suppliers + medium.demands == 3000
    assert (medium.resources, medium.replies) == (5000, 40_000)
    assert large == medium.times(10) and large.replies == 400_000


def test_there_are_as_many_as_asked_for_and_again_changes_nothing(loaded):
    before = counts()
    assert before["Version"] == 2 * TINY.guides
    for name, wanted in {
        "User": 30, "Guide": 3, "Offer": 10, "Supplier": 10, "Demand": 6, "Mesa": 3, "Commitment": 40,
        "Resource": 20, "Reply": 150, "Course": 2, "Session": 24,
    }.items():  # fmt: skip
        assert before[name] == wanted, name
    assert volume.load(TINY) == 0
    assert counts() == before


def test_a_larger_size_adds_to_a_smaller_one(loaded):
    texts = list(Resource.objects.order_by("pk").values_list("title", flat=True))
    volume.load(TINY.times(2))
    assert list(Resource.objects.order_by("pk").values_list("title", flat=True))[:20] == texts
    assert counts()["Reply"] == 300 and counts()["Guide"] == 6
    assert_counters()


def test_everything_says_that_it_is_synthetic(loaded):
    assert all(user.last_names == "(sintética)" and user.is_demo for user in User.objects.all())
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert all(guide.title.startswith(MARK) and guide.is_demo for guide in Guide.objects.all())
    assert not Course.objects.exclude(title__startswith=MARK).exists()
    for model, field in ((Offer, "title"), (Supplier, "name"), (Demand, "company"), (Mesa, "name")):
        assert not model.objects.exclude(**{f"{field}__startswith": MARK}).exists(), model
    assert not Resource.objects.exclude(title__startswith=MARK).exists()
    assert not Commitment.objects.exclude(what__startswith=MARK).exists()


def assert_counters():
    fields = ("reply_count", "first_answer_at", "last_activity", "useful_count")
    for resource in Resource.objects.all():
        stored = [getattr(resource, name) for name in fields]
        recount_replies(resource)
        recount_reactions(resource)
        assert [getattr(resource, name) for name in fields] == stored, resource
    for reply in Reply.objects.all():
        stored = reply.useful_count
        recount_reactions(reply)
        assert reply.useful_count == stored


def test_the_counters_are_those_that_the_actions_would_have_counted(loaded):
    assert Resource.objects.filter(reply_count__gt=10).exists()
    assert Resource.objects.filter(accepted__isnull=False).exists()
    assert_counters()
    for question in Resource.objects.filter(accepted__isnull=False):
        assert question.accepted.resource_id == question.pk
        assert question.accepted.author_id != question.author_id


def test_the_index_holds_it_all(loaded):
    assert list(differences()) == []


def test_the_quick_html_is_that_of_the_real_renderer(loaded):
    for post in [*Resource.objects.all(), *Reply.objects.all()[:30]]:
        assert render_markdown(post.source) == post.html
    acta = Acta.objects.first()
    assert render_markdown(acta.topics) == acta.topics_html
    assert acta.is_frozen and acta.attendees.count() == 8


def test_the_rows_are_whole(loaded):
    for model in (Guide, Course, Session, Offer, Supplier, Demand, Mesa, Commitment, Resource):
        for row in model.objects.all()[:5]:
            row.full_clean()
    chapters = Version.objects.filter(guide__slug="sintetica-1").order_by("number")
    first, second = (list(version.chapters) for version in chapters)
    assert len(second) == len(first) + 1 and first[0].text != second[0].text
    assert first[1].text == second[1].text and first[1].items


def test_courses_read_the_guides_and_no_room_is_too_full(loaded):
    for course in Course.objects.all():
        assert len(lessons_of(course)) == 8 and all(lesson.chapter for lesson in lessons_of(course))
        assert len(course.check_questions) == 5 and all(one.right for one in course.check_questions)
    for session in Session.objects.with_counts():
        assert 0 < session.taken <= session.capacity
        assert session.is_over or not session.enrolments.exclude(present=None).exists()
    assert Session.objects.upcoming().exists() and Session.objects.past().exists()


def test_words_are_drawn_as_they_are_written_and_by_a_seed():
    words, sums = prose.vocabulary()
    assert len(words) > 3000
    assert sums[9] / sums[-1] > 0.15  # the ten most frequent are much of any text
    assert Prose("a", 1).paragraphs(2) == Prose("a", 1).paragraphs(2) != Prose("a", 2).paragraphs(2)


def test_the_command_takes_the_size_and_tells_what_it_did(grounds, search_index, monkeypatch, capsys):
    monkeypatch.setitem(volume.SIZES, "medium", TINY)
    call_command("demo", "--size", "medium")
    out = capsys.readouterr().out
    assert "Volumen sintético" in out
    assert Resource.objects.filter(title__startswith=MARK).count() == TINY.resources
