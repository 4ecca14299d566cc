"""What people do: what changes, what is announced, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from comunidad import signals
from comunidad.actions import answers, engagement, groups, moderation, posts
from comunidad.actions.conflicts import Conflict
from comunidad.enums import BODY_MAX, FlagReason, GroupState, Kind, MembershipState, PostState
from comunidad.models import (
    Flag,
    Follow,
    Group,
    Membership,
    ModerationEntry,
    Reply,
    Resource,
    Revision,
    Theme,
    Vote,
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
    open_group,
    poll,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db

NAMES = [name for name, value in vars(signals).items() if isinstance(value, signals.Signal)]


@pytest.fixture
def heard(django_capture_on_commit_callbacks: Any) -> Any:
    """Call it with an action: what was announced after commit, as (signal, arguments)."""
    found: list[tuple[str, dict[str, Any]]] = []
    listeners = []
    for name in NAMES:

        def listen(sender: Any, _name: str = name, **kwargs: Any) -> None:
            kwargs.pop("signal")
            found.append((_name, kwargs))

        getattr(signals, name).connect(listen)
        listeners.append((getattr(signals, name), listen))

    def during(action: Any, **arguments: Any) -> list[tuple[str, dict[str, Any]]]:
        found.clear()
        with django_capture_on_commit_callbacks(execute=True):
            during.result = action(**arguments)
            assert found == [], "nothing is announced before commit"
        return list(found)

    yield during
    for signal, listen in listeners:
        signal.disconnect(listen)


def queued() -> set[tuple[str, str]]:
    return set(PendingChange.objects.values_list("source", "object_id"))


def ask(theme: Theme, by: Any, **fields: Any) -> Resource:
    return posts.post_resource(
        theme=theme, by=by, kind=Kind.QUESTION, title=fields.pop("title", "¿Cuándo se firma?"), **fields
    )


# --- Publishing ----------------------------------------------------------------------------------


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


# --- Answering -----------------------------------------------------------------------------------


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


# --- Correcting ----------------------------------------------------------------------------------


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


# --- Moderating ----------------------------------------------------------------------------------


def test_hiding_tells_why_closes_flags_and_can_be_undone(heard: Any) -> None:
    theme, asker = ThemeFactory(), trusted()
    question, by = ask(theme, asker), tutor(theme)
    reply = replied(question)
    answers.accept_answer(reply=reply, by=asker)
    assert moderation.flag(post=reply, by=asker, reason=FlagReason.PERSONAL_DATA, note="Una cédula.")
    assert not moderation.flag(post=reply, by=asker, reason=FlagReason.PERSONAL_DATA)
    said = heard(moderation.hide, post=reply, by=by, reason="Tenía una cédula.")
    assert ("post_hidden", {"post": reply, "by": by, "reason": "Tenía una cédula."}) in said
    reply.refresh_from_db()
    question.refresh_from_db()
    assert (reply.state, reply.hidden_reason) == (PostState.HIDDEN, "Tenía una cédula.")
    assert (question.reply_count, question.accepted, question.is_waiting) == (0, None, True)
    assert not Flag.objects.open().exists()
    assert heard(moderation.hide, post=reply, by=by, reason="Otra vez") == []
    entry = ModerationEntry.objects.get()
    assert (entry.by, entry.reason, entry.before, entry.after) == (
        by,
        "Tenía una cédula.",
        PostState.VISIBLE,
        PostState.HIDDEN,
    )
    said = heard(moderation.undo, entry=entry, by=by)
    assert "post_restored" in [name for name, _ in said]
    reply.refresh_from_db()
    question.refresh_from_db()
    entry.refresh_from_db()
    assert (reply.state, reply.hidden_reason) == (PostState.VISIBLE, "")
    assert (question.reply_count, question.accepted) == (1, reply)
    assert (entry.undone_by, Flag.objects.open().count()) == (by, 1)
    assert heard(moderation.undo, entry=entry, by=by) == []


def test_rejecting_what_waits_and_taking_it_back() -> None:
    theme = ThemeFactory()
    post, by = held(theme), tutor(theme)
    moderation.hide(post=post, by=by, reason="No es de este tema.")
    post.refresh_from_db()
    assert post.is_hidden
    assert moderation.restore(post=post, by=by)
    post.refresh_from_db()
    assert post.is_held, "it waits again, it was never published"
    assert not moderation.restore(post=post, by=by)


def test_undoing_an_approval_makes_it_wait_again(heard: Any) -> None:
    theme = ThemeFactory()
    post, by = held(theme), tutor(theme)
    moderation.approve(post=post, by=by)
    said = heard(moderation.undo, entry=ModerationEntry.objects.get(), by=by)
    assert [name for name, _ in said] == ["post_held"]
    post.refresh_from_db()
    assert (post.is_held, post.approved_at) == (True, None)
    assert ask(theme, post.author).is_held


def test_acts_are_undone_from_the_last_one_back() -> None:
    theme = ThemeFactory()
    post, by = held(theme), tutor(theme)
    moderation.approve(post=post, by=by)
    approval = ModerationEntry.objects.get()
    moderation.hide(post=post, by=by, reason="x")
    with pytest.raises(Forbidden):
        moderation.undo(entry=approval, by=by)
    with pytest.raises(Forbidden):
        moderation.undo(entry=ModerationEntry.objects.first(), by=tutor(ThemeFactory()))


def test_a_call_that_was_in_order_is_closed_and_can_be_opened_again() -> None:
    theme = ThemeFactory()
    post, by = ResourceFactory(theme=theme), tutor(theme)
    assert not moderation.dismiss(post=post, by=by)
    moderation.flag(post=post, by=trusted(), reason=FlagReason.OTHER)
    assert moderation.dismiss(post=post, by=by)
    assert not Flag.objects.open().exists()
    moderation.undo(entry=ModerationEntry.objects.get(), by=by)
    assert Flag.objects.open().count() == 1


def test_an_author_asks_for_another_look_once(heard: Any) -> None:
    theme = ThemeFactory()
    post, by = ResourceFactory(theme=theme), tutor(theme)
    moderation.hide(post=post, by=by, reason="x")
    said = heard(moderation.ask_review, post=post, by=post.author, text="Ya quité la cédula.")
    assert [name for name, _ in said] == ["review_asked"]
    assert not moderation.ask_review(post=post, by=post.author, text="Otra vez")
    assert ModerationEntry.objects.with_reviews_asked().count() == 1
    with pytest.raises(Forbidden):
        moderation.ask_review(post=post, by=trusted(), text="x")
    said = heard(moderation.keep_hidden, post=post, by=by, reason="Sigue ahí.")
    assert [name for name, _ in said] == ["review_refused"]
    assert not ModerationEntry.objects.with_reviews_asked().exists()
    assert not moderation.keep_hidden(post=post, by=by, reason="Sigue ahí.")
    assert moderation.restore(post=post, by=by), "and can still be restored"


@pytest.mark.parametrize("verb", [moderation.approve, moderation.dismiss, moderation.restore])
def test_nobody_else_moderates(verb: Any) -> None:
    post = held(ThemeFactory())
    for by in (post.author, trusted(), UserFactory(is_staff=True), tutor(ThemeFactory())):
        with pytest.raises(Forbidden):
            verb(post=post, by=by)
        with pytest.raises(Forbidden):
            moderation.hide(post=post, by=by, reason="x")


def test_hidden_always_has_a_reason_and_visible_a_date() -> None:
    for wrong in (
        {"state": PostState.HIDDEN},
        {"hidden_reason": "x"},
        {"approved_at": None},
    ):
        for factory in (ResourceFactory, ReplyFactory):
            with pytest.raises(IntegrityError), transaction.atomic():
                factory(**wrong)


# --- Taking part ---------------------------------------------------------------------------------


def test_useful_counts_people_once(heard: Any) -> None:
    post, by = ResourceFactory(), trusted()
    assert [name for name, _ in heard(engagement.react, post=post, by=by, useful=True)] == [
        "reaction_changed"
    ]
    assert heard(engagement.react, post=post, by=by, useful=True) == []
    engagement.react(post=post, by=trusted(), useful=True)
    post.refresh_from_db()
    assert post.useful_count == 2
    engagement.react(post=post, by=by, useful=False)
    post.refresh_from_db()
    assert post.useful_count == 1
    with pytest.raises(Forbidden):
        engagement.react(post=post, by=post.author, useful=True)


def test_following_is_said_once_and_taken_back() -> None:
    post, by = ResourceFactory(), trusted()
    for thing in (post, post.theme):
        assert engagement.follow(thing=thing, by=by, wanted=True)
        assert not engagement.follow(thing=thing, by=by, wanted=True)
        assert engagement.follow(thing=thing, by=by, wanted=False)
        assert not engagement.follow(thing=thing, by=by, wanted=False)
    with pytest.raises(Forbidden):
        engagement.follow(thing=held(post.theme), by=by, wanted=True)


def test_one_vote_a_person_which_she_may_change() -> None:
    asked, by = poll(ThemeFactory()), trusted()
    monday, tuesday = asked.options.all()
    assert engagement.vote(option=monday, by=by)
    assert not engagement.vote(option=monday, by=by)
    assert engagement.vote(option=tuesday, by=by)
    assert [(row.option, row.user) for row in Vote.objects.all()] == [(tuesday, by)]
    with pytest.raises(Forbidden):
        engagement.vote(option=monday, by=AnonymousUser())


# --- Groups --------------------------------------------------------------------------------------


def test_a_group_is_asked_for_opened_and_run(heard: Any) -> None:
    by, token = UserFactory(), uuid4()
    said = heard(groups.request_group, by=by, name="Pedir", purpose="Probar.", is_private=True, token=token)
    group = heard.result
    assert said == [("group_requested", {"group": group})]
    assert group.slug == "pedir-2", "the address is taken by the form"
    assert groups.request_group(by=by, name="x", purpose="x", is_private=True, token=token) == group
    decider = tutor(ThemeFactory())
    with pytest.raises(Forbidden):
        groups.open_group(group=group, by=by)
    said = heard(groups.open_group, group=group, by=decider)
    assert [name for name, _ in said] == ["group_decided"]
    assert group.memberships.get().coordinates
    assert heard(groups.open_group, group=group, by=decider) == []
    with pytest.raises(Forbidden):
        groups.refuse_group(group=group, by=decider, reason="Tarde")


def test_a_group_is_refused_with_a_reason() -> None:
    group = GroupFactory(state=GroupState.REQUESTED)
    groups.refuse_group(group=group, by=tutor(ThemeFactory()), reason="Ya hay uno igual.")
    group.refresh_from_db()
    assert (group.state, group.refusal) == (GroupState.REFUSED, "Ya hay uno igual.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.filter(pk=group.pk).update(refusal="")


def test_one_walks_into_a_public_group_and_asks_at_a_private_one(heard: Any) -> None:
    by = UserFactory()
    public = GroupFactory(is_private=False)
    assert heard(groups.join, group=public, by=by) == []
    assert heard.result.state == MembershipState.MEMBER
    private = open_group(by=(coordinator := UserFactory()))
    assert [name for name, _ in heard(groups.join, group=private, by=by)] == ["joining_asked"]
    asked = heard.result
    assert groups.join(group=private, by=by) == asked
    with pytest.raises(Forbidden):
        groups.let_in(membership=asked, by=by)
    assert [n for n, _ in heard(groups.let_in, membership=asked, by=coordinator)] == ["joining_decided"]
    assert not groups.let_in(membership=asked, by=coordinator)
    assert heard(groups.take_out, membership=asked, by=coordinator) == [
        ("access_changed", {"user_id": by.pk})
    ]
    assert not Membership.objects.filter(group=private, user=by).exists()


def test_leaving_takes_the_access_and_leaves_the_words(heard: Any) -> None:
    group = GroupFactory()
    by = MembershipFactory(group=group).user
    post = ask(ThemeFactory(), by, group=group)
    assert heard(groups.leave, group=group, by=by) == [("access_changed", {"user_id": by.pk})]
    assert not groups.leave(group=group, by=by)
    assert Resource.objects.filter(pk=post.pk).exists()
    assert not Resource.objects.visible_to(by).filter(pk=post.pk).exists()


def test_two_groups_of_one_name_have_two_addresses() -> None:
    by = UserFactory()
    slugs = [
        groups.request_group(by=by, name="Centros", purpose="x", is_private=False).slug for _ in range(3)
    ]
    assert slugs == ["centros", "centros-2", "centros-3"]


def test_the_message_of_an_account_that_is_gone_stays() -> None:
    reply = replied(ResourceFactory())
    Reply.objects.update(author=None)
    reply = Reply.objects.get(pk=reply.pk)
    assert reply.author_name == "Persona que ya no tiene cuenta"
