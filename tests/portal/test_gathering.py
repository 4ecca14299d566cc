"""New questions reach a tutor in letters that gather, and each is answered from its link (ADR 0025)."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from comunidad.actions import answers, moderation, posts
from comunidad.enums import Kind
from comunidad.models import Reply, Resource, Theme
from portal import gathering, tasks
from portal.cuentas.actions import erase, stop_mail
from portal.models import GatheredLetter, GatheredLine, SignedLink
from portal.purposes import Answering
from tests.factories.comunidad import GroupFactory, MembershipFactory, ThemeFactory, held, trusted, tutor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 13, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Any) -> Any:
    def made(theme: Theme, title: str = "¿Cómo se hace?", **fields: Any) -> Resource:
        with django_capture_on_commit_callbacks(execute=True):
            return posts.post_resource(
                theme=theme, by=fields.pop("by", None) or trusted(), kind=Kind.QUESTION, title=title, **fields
            )

    return made


@pytest.fixture
def done(django_capture_on_commit_callbacks: Any) -> Any:
    def act(action: Any, **arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return action(**arguments)

    return act


def tick() -> int:
    cache.clear()
    return tasks.send_due()


def written_to(person: Any) -> list[str]:
    """The letters about questions that she got."""
    bodies = [str(sent.body) for sent in mail.outbox if sent.to == [person.email]]
    return [body for body in bodies if "preguntaron esto" in body]


def links(number: int = -1) -> list[str]:
    body = str(mail.outbox[number].body).partition("Para no recibir")[0]
    return re.findall(r"/responder/[\w-]+/", body)


def test_the_first_leaves_at_once_and_the_others_in_one(ask: Any, clock: Any) -> None:
    theme = ThemeFactory(name="Empleo")
    teacher = tutor(theme)
    ask(theme, "¿Primera?")
    assert [sent.to for sent in mail.outbox] == [[teacher.email]]
    for n in range(2, 13):
        clock.shift(60)
        ask(theme, f"¿Número {n}?")
        assert tick() == 0
    assert len(mail.outbox) == 1 and teacher.notices.count() == 12
    clock.shift(3_600 * 4)
    assert tick() == 1
    (first, second) = mail.outbox
    assert first.subject == "Una pregunta espera su respuesta" and len(links(0)) == 1
    assert second.subject == "11 preguntas esperan su respuesta" and len(set(links(1))) == 11
    body = str(second.body)
    assert "1. ¿Número 2? (Empleo, espera desde hace 4 horas)" in body and "11. ¿Número 12?" in body
    assert body.index("¿Número 2?") < body.index("¿Número 3?") and "¿Primera?" not in body
    assert "List-Unsubscribe" in second.extra_headers
    clock.shift(3_600 * 24)
    assert tick() == 0 and len(mail.outbox) == 2


def test_a_question_about_a_chapter_says_so_and_leads_there(ask: Any, client: Client) -> None:
    theme = ThemeFactory(name="Empleo")
    tutor(theme)
    ask(theme, "¿Y si no firma?", about_url="/guias/una/cerrar/", about_label="Cerrar y firmar")
    assert "1. ¿Y si no firma?, sobre «Cerrar y firmar» (Empleo, espera desde hace" in str(
        mail.outbox[-1].body
    )
    page = client.get(links()[0]).content.decode()
    assert re.search(r'<a href="/guias/una/cerrar/">Sobre\s+«Cerrar y firmar»</a>', page)


def test_each_tutor_rests_for_herself_over_all_her_themes(ask: Any, clock: Any) -> None:
    one, other = ThemeFactory(), ThemeFactory()
    both, single = tutor(one), tutor(other)
    other.tutors.add(both)
    ask(one)
    ask(other)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([both.email, single.email])
    clock.shift(3_600 * 4 + 1)
    tick()
    assert [sent.to for sent in mail.outbox[2:]] == [[both.email]]


def test_what_was_answered_or_taken_away_meanwhile_is_left_out(ask: Any, done: Any, clock: Any) -> None:
    theme = ThemeFactory()
    teacher, other = tutor(theme), tutor(theme)
    ask(theme)
    answered, hidden, deleted = ask(theme, "¿A?"), ask(theme, "¿B?"), ask(theme, "¿C?")
    done(posts.reply, resource=answered, by=trusted(), source="Así.")
    done(moderation.hide, post=hidden, by=other, reason="x")
    deleted.delete()
    clock.shift(3_600 * 5)
    tick()
    assert len(written_to(teacher)) == len(written_to(other)) == 1
    assert GatheredLine.objects.filter(letter=None).count() == 0
    done(moderation.restore, post=hidden, by=other)
    assert len(written_to(other)) == 1 and "¿B?" in written_to(teacher)[1]


@pytest.mark.parametrize("how", ["no mail", "erased", "no mail since"])
def test_who_wants_no_mail_gets_no_letter(ask: Any, clock: Any, how: str) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    if how == "no mail":
        stop_mail(user=teacher)
    ask(theme)
    ask(theme)
    assert len(mail.outbox) == (0 if how == "no mail" else 1)
    if how == "erased":
        erase(user=teacher)
    stop_mail(user=teacher)
    clock.shift(3_600 * 5)
    tick()
    assert len(mail.outbox) == (0 if how == "no mail" else 1)
    assert not GatheredLine.objects.filter(letter=None).exists()


def test_more_than_one_letter_holds_go_in_the_next(ask: Any, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(gathering, "MOST", 2)
    theme = ThemeFactory()
    tutor(theme)
    for n in range(6):
        ask(theme, f"¿{n}?")
        clock.shift(1)
    for _letter in range(3):
        clock.shift(3_600 * 5)
        tick()
    assert [len(links(n)) for n in range(4)] == [1, 2, 2, 1]


def test_the_same_question_never_leaves_twice(ask: Any, done: Any, clock: Any) -> None:
    theme = ThemeFactory()
    teacher, other = tutor(theme), tutor(theme)
    question = ask(theme)
    done(moderation.hide, post=question, by=other, reason="x")
    done(moderation.restore, post=question, by=other)
    clock.shift(3_600 * 5)
    tick()
    assert len(written_to(teacher)) == len(written_to(other)) == 1


def test_a_letter_that_could_not_leave_leaves_later_as_it_is(ask: Any, clock: Any, queued: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    ask(theme, "¿Una?")
    told = {"person": teacher.pk, "purpose": Answering.name}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        with pytest.raises(ConnectionError):
            tasks.send_gathered.call(**told)
    ask(theme, "¿Dos?")
    assert tasks.send_gathered.call(**told) == 1 and tasks.send_gathered.call(**told) == 0
    assert "¿Una?" in str(mail.outbox[0].body) and "¿Dos?" not in str(mail.outbox[0].body)
    clock.shift(3_600 * 5)
    assert tasks.send_gathered.call(**told) == 1 and len(links()) == 1


def _refuse(*args: Any) -> None:
    raise ConnectionError


def test_a_worker_that_is_killed_loses_nothing(ask: Any, clock: Any, queued: Any) -> None:
    """Before it took the letter, and after: the second finds the letter that nobody sends any more."""
    theme = ThemeFactory()
    teacher = tutor(theme)
    ask(theme)
    queued("portal.tasks.send_gathered").delete()
    assert tick() == 1 and queued("portal.tasks.send_gathered").count() == 1
    taken = gathering.take(teacher.pk, Answering.name)
    assert taken is not None
    assert gathering.take(teacher.pk, Answering.name) is None, "somebody is sending it"
    assert tick() == 0
    clock.shift(901)
    assert tick() == 1
    assert tasks.send_gathered.call(person=teacher.pk, purpose=Answering.name) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == taken.message_id
    assert GatheredLetter.objects.count() == 1


def test_the_letter_names_what_is_for_members_only_by_its_group(ask: Any) -> None:
    theme, group = ThemeFactory(), GroupFactory(name="Panaderas")
    inside = MembershipFactory(group=group).user
    outside = tutor(theme)
    theme.tutors.add(inside)
    ask(theme, "¿Secreto?", group=group, by=MembershipFactory(group=group, user=trusted()).user)
    assert [sent.to for sent in mail.outbox] == [[inside.email]], "who cannot answer is not asked"
    assert outside.notices.count() == 1
    assert "Secreto" not in str(mail.outbox[0].body) and "grupo Panaderas" in str(mail.outbox[0].body)
    assert "¿Secreto?" in Client().get(links()[0]).content.decode()
    theme.tutors.remove(inside)
    gone = Client().get(links()[0])
    assert gone.status_code == 410 and "Secreto" not in gone.content.decode()
    assert "ya no lleva la tutoría" in gone.content.decode()
    theme.tutors.add(inside)
    group.memberships.filter(user=inside).delete()
    gone = Client().get(links()[0])
    assert "responden sus miembros" in gone.content.decode() and "Secreto" not in gone.content.decode()


def test_she_answers_without_her_account(ask: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    question = ask(theme, "¿Cómo?", source="Un **detalle**.")
    client = Client(enforce_csrf_checks=True)
    for _scan in range(3):
        page = client.get(links()[0]).content.decode()
    assert "¿Cómo?" in page and "<strong>detalle</strong>" in page and "<script" not in page
    assert not Reply.objects.exists()
    assert client.post(links()[0], {"texto": " "}).status_code == 422
    done = client.post(links()[0], {"texto": "Así <b>se</b> hace."})
    assert done.status_code == 200 and "ya está publicada" in done.content.decode()
    reply = Reply.objects.get()
    assert (reply.author, reply.resource, reply.is_visible) == (teacher, question, True)
    again = client.post(links()[0], {"texto": "Otra."})
    assert again.status_code == 410 and "ya está guardada" in again.content.decode()
    client.post(links()[0], {"pedir": "1"})
    assert Reply.objects.count() == 1 and len(mail.outbox) == 1 and not client.cookies


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("hidden", "ya no está publicada"),
        ("held", "ya no está publicada"),
        ("deleted", "ya no está publicada"),
        ("settled", "ya tiene una respuesta aceptada"),
        ("answered", "Usted ya respondió"),
        ("no tutor", "ya no lleva la tutoría"),
    ],
)
def test_what_asks_her_no_more_says_why_and_gives_back_what_she_wrote(
    ask: Any, done: Any, how: str, words: str
) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    question = ask(theme, "¿Título?")
    (link,) = links()
    if how == "settled":
        other = done(posts.reply, resource=question, by=trusted(), source="Así.")
        done(answers.accept_answer, reply=other, by=question.author)
        assert SignedLink.objects.get(purpose=Answering.name).withdrawn_at
    elif how == "answered":
        done(posts.reply, resource=question, by=teacher, source="Así.")
    elif how == "no tutor":
        theme.tutors.clear()
    elif how == "deleted":
        question.delete()
    elif how == "hidden":
        done(moderation.hide, post=question, by=teacher, reason="x")
    else:
        Resource.objects.filter(pk=question.pk).update(state="en-espera", approved_at=None)
    before = Reply.objects.count()
    response = Client().post(link, {"texto": "Lo que <yo> escribí"})
    page = response.content.decode()
    assert response.status_code == 410 and words in page and "¿Título?" not in page
    assert "Lo que &lt;yo&gt; escribí" in page and 'name="pedir"' not in page
    assert Reply.objects.count() == before


def test_an_expired_link_is_asked_anew(ask: Any, clock: Any) -> None:
    theme = ThemeFactory()
    tutor(theme)
    ask(theme)
    old = links()[0]
    clock.shift(86_400 * 31)
    expired = Client().post(old, {"texto": "Tarde."})
    assert expired.status_code == 410 and "se venció" in expired.content.decode()
    assert "Tarde." in expired.content.decode() and not Reply.objects.exists()
    Client().post(old, {"pedir": "1"})
    assert len(mail.outbox) == 2 and Client().post(links()[0], {"texto": "Ya."}).status_code == 200


def test_an_expired_link_of_a_question_that_is_gone_says_that_too(ask: Any, done: Any, clock: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    question = ask(theme)
    link = links()[0]
    clock.shift(86_400 * 31)
    done(moderation.hide, post=question, by=teacher, reason="x")
    page = Client().get(link).content.decode()
    assert "se venció" in page and "ya no está publicada" in page


def test_a_letter_with_nothing_left_to_say_lets_nobody_rest(ask: Any, done: Any, clock: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    ask(theme)
    clock.shift(3_600 * 5)
    second = Resource.objects.get(pk=ask(theme, "¿Segunda?").pk)
    GatheredLetter.objects.order_by("pk").last().delete()  # as if its mail server had refused it:
    mail.outbox.clear()
    GatheredLine.objects.create(person=teacher, purpose=Answering.name, object_id=second.pk)
    assert gathering.take(teacher.pk, Answering.name)
    done(posts.reply, resource=second, by=trusted(), source="Así.")
    clock.shift(60 * 16)
    tick()
    assert written_to(teacher) == [] and GatheredLetter.objects.count() == 1
    ask(theme, "¿Tercera?")
    assert "¿Tercera?" in written_to(teacher)[0]


def test_a_letter_that_is_refused_for_days_is_given_up_and_holds_up_no_other(ask: Any, clock: Any) -> None:
    theme = ThemeFactory()
    teacher = tutor(theme)
    ask(theme, "¿Primera?")
    GatheredLetter.objects.update(sent_at=None, taken_at=None)
    clock.shift(86_400 * 2)
    assert gathering.due() == [(teacher.pk, Answering.name)]
    clock.shift(86_400 * 2)
    assert gathering.due() == []
    mail.outbox.clear()
    ask(theme, "¿Segunda?")
    (letter,) = written_to(teacher)
    assert "¿Segunda?" in letter and "¿Primera?" not in letter


def test_letters_that_left_long_ago_are_forgotten(ask: Any) -> None:
    theme = ThemeFactory()
    tutor(theme)
    ask(theme)
    assert gathering.forget_old() == 0
    GatheredLetter.objects.update(made_at=timezone.now() - dt.timedelta(days=366))
    assert gathering.forget_old() == 2 and not GatheredLine.objects.exists()


def test_a_first_question_is_asked_of_the_other_tutors_once_approved(ask: Any, done: Any) -> None:
    theme = ThemeFactory()
    one, other = tutor(theme), tutor(theme)
    post = done(held, theme=theme)
    done(moderation.approve, post=post, by=one)
    assert written_to(one) == [] and len(written_to(other)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_sends(queued: Any) -> None:
    """On the database that several workers share; on SQLite one works at a time."""
    if connection.vendor != "postgresql":
        pytest.skip("several workers share PostgreSQL alone")
    theme = ThemeFactory()
    teacher = tutor(theme)
    posts.post_resource(theme=theme, by=trusted(), kind=Kind.QUESTION, title="¿Una?")

    def work(_turn: int) -> int:
        try:
            return int(tasks.send_gathered.call(person=teacher.pk, purpose=Answering.name))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 1]
    assert GatheredLetter.objects.count() == 1
