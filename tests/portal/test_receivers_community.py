"""Who is told of what in the forum, in which words, and who is not."""

from __future__ import annotations

from typing import Any

import pytest

from comunidad.actions import answers, engagement, groups, moderation, posts
from comunidad.enums import FlagReason, Kind
from comunidad.models import Resource, Theme
from portal.avisos.models import Notice, NoticeKind
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Any:
    """Call it with an action: who was told what by it, as {(person, text)}."""

    def during(action: Any, **arguments: Any) -> set[tuple[Any, str]]:
        before = set(Notice.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            during.result = action(**arguments)
        return {(n.recipient, n.text) for n in Notice.objects.exclude(pk__in=before)}

    return during


def ask(theme: Theme, by: Any, **fields: Any) -> Resource:
    return posts.post_resource(theme=theme, by=by, kind=Kind.QUESTION, title="¿Un título?", **fields)


def test_a_question_reaches_its_tutor_and_who_follows_the_theme(told: Any) -> None:
    theme, by, follower = ThemeFactory(), trusted(), UserFactory()
    teacher, _other = tutor(theme), tutor(ThemeFactory())
    engagement.follow(thing=theme, by=follower, wanted=True)
    engagement.follow(thing=theme, by=teacher, wanted=True)
    assert told(ask, theme=theme, by=by) == {
        (teacher, "Hay una pregunta en su tema"),
        (follower, "Hay algo nuevo en un tema que usted sigue"),
    }
    notice = Notice.objects.get(recipient=teacher)
    assert notice.url == f"/comunidad/{theme.slug}/{told.result.pk}/", "the address carries no words"


def test_a_theme_without_tutors_asks_the_operators(told: Any) -> None:
    boss = UserFactory(is_superuser=True)
    assert told(held, theme=ThemeFactory()) == {(boss, "Un primer mensaje espera su aprobación")}


def test_what_waits_is_told_to_tutors_alone_and_without_its_words(told: Any) -> None:
    theme, follower = ThemeFactory(), UserFactory()
    teacher = tutor(theme)
    engagement.follow(thing=theme, by=follower, wanted=True)
    assert told(held, theme=theme, title="Secreto") == {(teacher, "Un primer mensaje espera su aprobación")}
    assert "Secreto" not in Notice.objects.get().detail
    post = told.result
    said = told(moderation.approve, post=post, by=teacher)
    assert said == {
        (post.author, "Ya se publicó su mensaje"),
        (follower, "Hay algo nuevo en un tema que usted sigue"),
    }, "the tutor knows: she approved it"


def test_a_reply_reaches_each_once_in_the_words_that_fit(told: Any) -> None:
    asker, first, follower = trusted(), trusted(), UserFactory()
    question = ask(ThemeFactory(), asker)
    engagement.follow(thing=question, by=follower, wanted=True)
    assert told(posts.reply, resource=question, by=first, source="Una.") == {
        (asker, "Respondieron su pregunta"),
        (follower, "Hay una respuesta en algo que usted sigue"),
    }
    reply = told.result
    assert told(posts.reply, resource=question, by=asker, source="Dos.", answers=reply) == {
        (first, "Respondieron a su mensaje"),
        (follower, "Hay una respuesta en algo que usted sigue"),
    }
    assert told(posts.reply, resource=question, by=UserFactory(), source="Espera.") == set(), "no tutor here"


def test_an_accepted_answer_is_told_to_its_author_and_to_who_asked(told: Any) -> None:
    theme, asker, helper = ThemeFactory(), trusted(), trusted()
    question = ask(theme, asker)
    reply = posts.reply(resource=question, by=helper, source="Así.")
    own = posts.reply(resource=question, by=asker, source="Mejor así.")
    assert told(answers.accept_answer, reply=reply, by=asker) == {
        (helper, "Su respuesta quedó como la aceptada")
    }
    assert told(answers.accept_answer, reply=own, by=asker) == set()
    assert told(answers.accept_answer, reply=reply, by=tutor(theme)) == {
        (asker, "Su pregunta ya tiene respuesta")
    }, "and the helper was thanked before"


def test_hiding_tells_the_author_why_and_silences_what_others_were_told(told: Any) -> None:
    theme, by, follower = ThemeFactory(), trusted(), UserFactory()
    teacher = tutor(theme)
    engagement.follow(thing=theme, by=follower, wanted=True)
    told(ask, theme=theme, by=by)
    post = told.result
    assert Notice.objects.get(recipient=follower).detail.startswith("¿Un título?")
    said = told(moderation.hide, post=post, by=teacher, reason="Tenía una cédula")
    assert said == {(by, "Retiraron un mensaje suyo")}
    notice = Notice.objects.get(recipient=by)
    assert notice.detail == "Motivo: Tenía una cédula. Puede pedir que se revise."
    assert notice.kind == NoticeKind.MODERATION
    assert Notice.objects.get(recipient=follower).detail == ""
    assert told(moderation.restore, post=post, by=teacher) == {(by, "Su mensaje está otra vez como antes")}


def test_calls_and_reviews_reach_the_tutor(told: Any) -> None:
    theme, by = ThemeFactory(), trusted()
    teacher, caller = tutor(theme), trusted()
    post = ResourceFactory(theme=theme, author=by)
    said = told(moderation.flag, post=post, by=caller, reason=FlagReason.ADVERT)
    assert said == {(teacher, "Avisaron de un mensaje en su tema")}
    assert str(caller) not in Notice.objects.get().detail
    told(moderation.hide, post=post, by=teacher, reason="x")
    assert told(moderation.ask_review, post=post, by=by, text="Ya no.") == {
        (teacher, "Piden que se revise un retiro")
    }
    assert told(moderation.keep_hidden, post=post, by=teacher, reason="Sigue.") == {
        (by, "Su mensaje sigue retirado")
    }


def test_what_is_for_members_only_is_told_to_members_only(told: Any) -> None:
    theme, group = ThemeFactory(), GroupFactory()
    member, stranger, left = (
        MembershipFactory(group=group).user,
        UserFactory(),
        MembershipFactory(group=group),
    )
    for person in (member, stranger, left.user):
        engagement.follow(thing=theme, by=person, wanted=True)
    groups.leave(group=group, by=left.user)
    writer = MembershipFactory(group=group).user
    ResourceFactory(author=writer, kind=Kind.NOTE)
    assert told(ask, theme=theme, by=writer, group=group) == {
        (member, "Hay algo nuevo en un tema que usted sigue")
    }
    post = told.result
    engagement.follow(thing=post, by=member, wanted=True)
    groups.leave(group=group, by=member)
    helper = MembershipFactory(group=group).user
    ResourceFactory(author=helper, kind=Kind.NOTE)
    assert told(posts.reply, resource=post, by=helper, source="Adentro.") == {
        (writer, "Respondieron su pregunta")
    }


def test_the_way_of_a_group(told: Any) -> None:
    boss, by = UserFactory(is_superuser=True), UserFactory()
    request = {"by": by, "name": "Nuevo", "purpose": "x", "is_private": True}
    assert told(groups.request_group, **request) == {(boss, "Piden abrir un grupo")}
    group = told.result
    assert told(groups.open_group, group=group, by=boss) == {(by, "Abrieron el grupo que pidió")}
    group.refresh_from_db()
    newcomer = UserFactory()
    assert told(groups.join, group=group, by=newcomer) == {(by, "Piden entrar a su grupo")}
    asked = told.result
    assert told(groups.let_in, membership=asked, by=by) == {(newcomer, "Ya está en el grupo")}
    told(groups.request_group, **request | {"name": "Otro"})
    refused = told.result
    assert told(groups.refuse_group, group=refused, by=boss, reason="Ya hay uno") == {
        (by, "No se abrió el grupo que pidió")
    }
    assert Notice.objects.first().detail == "Otro. Ya hay uno."
