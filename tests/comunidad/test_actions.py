"""Publishing, answering and correcting: what changes, what is announced, what is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from comunidad.actions import answers, moderation, posts
from comunidad.actions.conflicts import Conflict
from comunidad.enums import BODY_MAX, Kind, PostState
from comunidad.models import (
    Follow,
    ModerationEntry,
    Resource,
    Revision,
    Theme,
)
from nucleo.policies import Forbidden
from search.models import PendingChange
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ReplyFactory,
    ResourceFactory,
    ThemeFactory,
    filed,
    held,
    poll,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


def queued() -> set[tuple[str, str]]:
    return set(PendingChange.objects.values_list("source", "object_id"))


def ask(theme: Theme, by: Any, **fields: Any) -> Resource:
    return posts.post_resource(
        theme=theme, by=by, kind=Kind.QUESTION, title=fields.pop("title", "¿Cuándo se firma?"), **fields
    )


def test_asking_publishes_indexes_and_follows(heard: Any) -> None:
    theme, by = ThemeFactory(), trusted()
    said = heard(ask, theme=theme, by=by, source="Con **detalle**.", about_url="/guias/x/", about_label="X")
    post = heard.result
    assert said == [("post_published", {"resource": post, "by": by})]
    assert post.html == "<p>Con <strong>detalle</strong>.</p>\n"
    assert post.slug == "cuando-se-firma"
    assert (post.state, post.approved_at is not None) == (PostState.VISIBLE, True)
    assert ("recurso", str(post.pk)) in queued()
    assert Follow.objects.filter(user=by, resource=post).exists()


def test_a_new_member_waits_and_only_the_tutor_is_told(heard: Any) -> None:
    theme, by = ThemeFactory(), UserFactory()
    said = heard(ask, theme=theme, by=by)
    assert said == [("post_held", {"post": heard.result})]
    assert (heard.result.state, heard.result.approved_at) == (PostState.HELD, None)
    second = ask(theme, by)
    assert second.is_held, "until one was approved"


def test_an_approval_publishes_and_ends_the_waiting(heard: Any) -> None:
    theme = ThemeFactory()
    by, post = tutor(theme), held(theme)
    said = heard(moderation.approve, post=post, by=by)
    assert [name for name, _ in said] == ["post_published", "post_approved"]
    post.refresh_from_db()
    assert post.is_visible and post.approved_at
    assert not ask(theme, post.author).is_held
    assert heard(moderation.approve, post=post, by=by) == []
    assert heard.result is False
    assert ModerationEntry.objects.count() == 1
    with pytest.raises(Forbidden):
        moderation.approve(post=held(theme), by=tutor(ThemeFactory()))


def test_a_form_that_was_sent_twice_publishes_once(heard: Any) -> None:
    theme, by, token = ThemeFactory(), trusted(), uuid4()
    first = ask(theme, by, token=token)
    assert heard(ask, theme=theme, by=by, token=token, title="Otra vez") == []
    assert heard.result == first
    assert Resource.objects.filter(author=by, kind=Kind.QUESTION).count() == 1
    somebody = trusted()
    assert ask(theme, somebody, token=token) != first, "tokens are each person's own"
    reply_token = uuid4()
    answer = posts.reply(resource=first, by=by, source="Sí", token=reply_token)
    assert posts.reply(resource=first, by=by, source="Sí", token=reply_token) == answer
    first.refresh_from_db()
    assert first.reply_count == 1


def test_what_two_forms_at_once_cannot_do() -> None:
    by, token = trusted(), uuid4()
    ResourceFactory(author=by, form_token=token)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceFactory(author=by, form_token=token)


def test_a_title_without_letters_still_has_an_address() -> None:
    post = ask(ThemeFactory(), trusted(), title="🤔🤔")
    assert post.slug == "pregunta"


def test_markup_is_cleaned_and_length_is_bounded() -> None:
    theme, by = ThemeFactory(), trusted()
    post = ask(theme, by, source="<script>alert(1)</script> [x](javascript:alert(1))")
    assert "<script" not in post.html and "javascript" not in post.html.replace("[x](javascript", "")
    with pytest.raises(ValueError, match="characters"):
        ask(theme, by, source="a" * 30_000)
    assert BODY_MAX < 20_000


def test_polls_and_files_bring_what_makes_them() -> None:
    theme, by = ThemeFactory(), trusted()
    asked = poll(theme, "Lunes", " ", "Martes ", by=by)
    assert [option.text for option in asked.options.all()] == ["Lunes", "Martes"]
    shared = filed(theme, by=by)
    assert (shared.attachment.name, shared.attachment.kind) == ("plantilla.pdf", "pdf")
    assert shared.attachment.file.name.startswith("comunidad/archivos/")
    for wrong in ({"kind": Kind.POLL, "options": ["Una"]}, {"kind": Kind.FILE}):
        with pytest.raises(ValueError, match=r"poll|file"):
            posts.post_resource(theme=theme, by=by, title="x", **wrong)


def test_nobody_writes_without_an_account_or_outside_her_group() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    for by in (AnonymousUser(), UserFactory(is_active=False)):
        with pytest.raises(Forbidden):
            ask(theme, by)
    with pytest.raises(Forbidden):
        ask(theme, trusted(), group=group)
    assert ask(theme, MembershipFactory(group=group).user, group=group).group == group


def test_a_reply_is_counted_and_stops_the_clock(heard: Any) -> None:
    theme, asker, by = ThemeFactory(), trusted(), trusted()
    question = ask(theme, asker)
    own = posts.reply(resource=question, by=asker, source="Agrego: es urgente.")
    question.refresh_from_db()
    assert (question.reply_count, question.first_answer_at) == (1, None)
    assert question.is_waiting, "who asked did not answer herself"
    said = heard(posts.reply, resource=question, by=by, source="Así.", answers=own)
    assert said == [("reply_posted", {"reply": heard.result, "by": by})]
    question.refresh_from_db()
    assert (question.reply_count, question.first_answer_at) == (2, heard.result.approved_at)
    assert question.last_activity == heard.result.approved_at
    assert heard.result.answers == own
    assert not question.is_waiting
    assert Follow.objects.filter(user=by, resource=question).exists()


def test_a_reply_that_waits_counts_when_it_is_approved(heard: Any) -> None:
    theme, by = ThemeFactory(), UserFactory()
    question = ask(theme, trusted())
    said = heard(posts.reply, resource=question, by=by, source="Yo sé.")
    assert [name for name, _ in said] == ["post_held"]
    question.refresh_from_db()
    assert (question.reply_count, question.first_answer_at) == (0, None)
    said = heard(moderation.approve, post=heard.result, by=tutor(theme))
    assert [name for name, _ in said] == ["reply_posted", "post_approved"]
    question.refresh_from_db()
    assert question.reply_count == 1 and question.first_answer_at


def test_nobody_replies_to_what_is_not_published() -> None:
    theme = ThemeFactory()
    for thread in (held(theme), ResourceFactory(theme=theme, state="retirado", hidden_reason="x")):
        with pytest.raises(Forbidden):
            posts.reply(resource=thread, by=trusted(), source="Hola")


def test_a_reply_to_a_reply_of_elsewhere_is_a_plain_reply() -> None:
    question, elsewhere = ResourceFactory(), ReplyFactory()
    assert posts.reply(resource=question, by=trusted(), source="Hola", answers=elsewhere).answers is None


def test_accepting_changing_and_withdrawing_an_answer(heard: Any) -> None:
    theme, asker = ThemeFactory(), trusted()
    question = ask(theme, asker)
    one, two = replied(question), replied(question)
    said = heard(answers.accept_answer, reply=one, by=asker)
    assert said == [("answer_accepted", {"resource": question, "reply": one, "by": asker})]
    assert heard(answers.accept_answer, reply=one, by=asker) == []
    by = tutor(theme)
    answers.set_frequent(resource=question, by=by, frequent=True)
    heard(answers.accept_answer, reply=two, by=by)
    question.refresh_from_db()
    assert (question.accepted, question.accepted_by, question.is_frequent) == (two, by, True)
    assert [name for name, _ in heard(answers.unaccept_answer, reply=two, by=asker)] == ["answer_withdrawn"]
    question.refresh_from_db()
    assert (question.accepted, question.accepted_at, question.is_frequent) == (None, None, False)
    assert not answers.unaccept_answer(reply=two, by=asker)
    with pytest.raises(Forbidden):
        answers.accept_answer(reply=one, by=trusted())


def test_only_questions_are_answered() -> None:
    debate = ResourceFactory(kind=Kind.DEBATE)
    reply = replied(debate)
    with pytest.raises(Forbidden):
        answers.accept_answer(reply=reply, by=debate.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=debate.pk).update(accepted=reply, accepted_at=reply.approved_at)


def test_frequent_needs_an_answer() -> None:
    theme = ThemeFactory()
    question, by = ResourceFactory(theme=theme), tutor(theme)
    with pytest.raises(Forbidden):
        answers.set_frequent(resource=question, by=by, frequent=True)
    reply = replied(question)
    answers.accept_answer(reply=reply, by=by)
    assert answers.set_frequent(resource=question, by=by, frequent=True)
    assert not answers.set_frequent(resource=question, by=by, frequent=True)
    assert answers.set_frequent(resource=question, by=by, frequent=False)


def test_a_correction_keeps_what_it_replaces(heard: Any) -> None:
    by = trusted()
    post = ask(ThemeFactory(), by, source="Antes.")
    said = heard(posts.edit, post=post, by=by, revision=1, source="Después.", title="¿Y ahora?")
    assert said == [("post_edited", {"post": heard.result})]
    post.refresh_from_db()
    assert (post.source, post.slug, post.revision) == ("Después.", "y-ahora", 2)
    assert "Después" in post.html and post.edited_at
    kept = Revision.objects.of(post).get()
    assert (kept.number, kept.source, kept.title, kept.written_by) == (1, "Antes.", "¿Cuándo se firma?", by)
    assert heard(posts.edit, post=post, by=by, revision=2, source="Después.", title="¿Y ahora?") == []
    assert Revision.objects.count() == 1, "the same text again is no correction"


def test_two_people_writing_one_article_conflict_openly() -> None:
    theme, first, second = ThemeFactory(), trusted(), trusted()
    article = posts.post_resource(theme=theme, by=first, kind=Kind.ARTICLE, title="Rutas", source="Uno.")
    posts.edit(post=article, by=second, revision=1, source="De la segunda.")
    with pytest.raises(Conflict) as caught:
        posts.edit(post=article, by=first, revision=1, source="De la primera.")
    assert caught.value.current.source == "De la segunda."
    article.refresh_from_db()
    assert (article.source, article.edited_by, article.author) == ("De la segunda.", second, first)
    posts.edit(post=article, by=first, revision=2, source="De las dos.")
    assert [row.written_by for row in Revision.objects.of(article)] == [second, first]


def test_who_may_not_correct() -> None:
    post = ask(ThemeFactory(), trusted())
    for by in (trusted(), UserFactory(is_superuser=True)):
        with pytest.raises(Forbidden):
            posts.edit(post=post, by=by, revision=1, source="Otra cosa.")
    new = UserFactory()
    article = ResourceFactory(kind=Kind.ARTICLE)
    with pytest.raises(Forbidden):
        posts.edit(post=article, by=new, revision=1, source="Publicidad.")


def test_a_correction_of_what_waits_still_waits() -> None:
    theme, by = ThemeFactory(), UserFactory()
    post = held(theme, by=by)
    assert posts.edit(post=post, by=by, revision=1, source="Más.").is_held
