"""Truth tables: who reads, writes and moderates what, and each rule agrees with its twin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from comunidad import policies
from comunidad.actions import answers, moderation
from comunidad.enums import FlagReason, Kind, PostState, Verb
from comunidad.models import (
    Flag,
    Group,
    ModerationEntry,
    Reply,
    Resource,
    ResourceFile,
    Theme,
)
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ReplyFactory,
    ResourceFactory,
    ThemeFactory,
    cast,
    filed,
    held,
    poll,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db

MODERATORS = {"tutor", "operator"}
SIGNED_IN = {"new", "member", "staff", "tutor", "other_tutor", "operator"}
EVERYONE = SIGNED_IN | {"anonymous", "inactive"}


def table(rule: Callable[..., bool], people: dict[str, Any], *thing: Any) -> set[str]:
    return {who for who, user in people.items() if rule(user, *thing)}


def may(verb: Verb, people: dict[str, Any], post: Any) -> set[str]:
    fresh = type(post).objects.get(pk=post.pk)
    return {who for who, user in people.items() if policies.can(user, verb, fresh)}


def agree(people: dict[str, Any], *posts: Any) -> None:
    """Each rule of reading gives what the query of the same name gives."""
    for post in posts:
        fresh = type(post).objects.get(pk=post.pk)
        for who, user in people.items():
            found = type(post).objects.visible_to(user).filter(pk=post.pk).exists()
            assert found is policies.can_see(user, fresh), (who, post)


def hidden(post: Any, by: Any) -> Any:
    moderation.hide(post=post, by=by, reason="Tenía datos personales.")
    post.refresh_from_db()
    return post


def test_who_reads_a_resource_and_its_replies_in_each_state() -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    shown = ResourceFactory(theme=theme, author=author)
    waits = ResourceFactory(theme=theme, author=author, state=PostState.HELD, approved_at=None)
    gone = hidden(ResourceFactory(theme=theme, author=author), people["tutor"])
    assert table(policies.can_see, people, shown) == EVERYONE | {"author"}
    assert table(policies.can_see, people, waits) == MODERATORS | {"author"}
    assert table(policies.can_see, people, gone) == MODERATORS | {"author"}
    replies = []
    for thread in (shown, waits, gone):
        replies += [
            ReplyFactory(resource=thread),
            ReplyFactory(resource=thread, author=people["new"], state=PostState.HELD, approved_at=None),
            ReplyFactory(resource=thread, author=people["new"], state=PostState.HIDDEN, hidden_reason="x"),
        ]
    readers = [table(policies.can_see, people, reply) for reply in replies]
    assert readers[0] == EVERYONE | {"author"}
    assert readers[1] == readers[2] == MODERATORS | {"new"}
    assert readers[3] == readers[6] == MODERATORS | {"author"}
    assert readers[4] == readers[5] == readers[7] == readers[8] == MODERATORS
    agree(people, shown, waits, gone, *replies)


def test_who_reads_what_is_for_members_only() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    author = MembershipFactory(group=group).user
    people = cast(theme, author=author, group=group)
    left = trusted()
    people["left"] = left
    inside = {"in_group", "coordinator", "author"} | MODERATORS
    shown = ResourceFactory(theme=theme, author=author, group=group)
    hers = ResourceFactory(theme=theme, author=left, group=group)
    reply = ReplyFactory(resource=shown, author=left)
    waits = ReplyFactory(resource=shown, author=author, state=PostState.HELD, approved_at=None)
    for post in (shown, hers, reply):
        assert table(policies.can_see, people, post) == inside
    assert table(policies.can_see, people, waits) == MODERATORS | {"author"}
    agree(people, shown, hers, reply, waits)
    group.is_private = False
    group.save()
    assert table(policies.can_see, people, Resource.objects.get(pk=shown.pk)) == set(people)
    agree(people, shown, hers, reply, waits)


def test_what_was_hidden_is_told_to_those_who_might_read_it() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    gone = hidden(ResourceFactory(theme=theme), people["tutor"])
    inside = hidden(ResourceFactory(theme=theme, group=group), people["tutor"])
    waits = held(theme)

    def told(post: Resource) -> set[str]:
        return {
            who
            for who, user in people.items()
            if Resource.objects.withdrawn_before(user).filter(pk=post.pk).exists()
        }

    assert told(gone) == set(people)
    assert told(inside) == {"in_group", "coordinator", "operator"}
    assert told(waits) == set()


def test_files_are_read_with_their_resource() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    member = MembershipFactory(group=group).user
    for resource in (
        filed(theme),
        filed(theme, by=member, group=group),
        hidden(filed(theme), people["tutor"]),
    ):
        for who, user in people.items():
            found = ResourceFile.objects.visible_to(user).filter(resource=resource).exists()
            assert found is policies.can_see(user, Resource.objects.get(pk=resource.pk)), who


def test_who_writes_and_whose_messages_wait() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    signed = SIGNED_IN | {"in_group", "asking", "coordinator"}
    assert table(policies.can_post, people, theme) == signed
    assert table(policies.can_post, people, theme, group) == {"in_group", "coordinator"}
    group.state = "pedido"
    assert table(policies.can_post, people, theme, group) == set()
    assert signed - table(policies.is_trusted, people) == {"new", "in_group", "asking", "coordinator"}
    held_author = held(theme).author
    assert not policies.is_trusted(held_author)
    moderation.approve(post=Resource.objects.get(author=held_author), by=people["tutor"])
    assert policies.is_trusted(held_author)


def test_who_does_what_with_a_published_question() -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    post = ResourceFactory(theme=theme, author=author)
    others = SIGNED_IN
    assert may(Verb.REPLY, people, post) == SIGNED_IN | {"author"}
    assert may(Verb.REACT, people, post) == others
    assert may(Verb.FLAG, people, post) == others - MODERATORS
    assert may(Verb.EDIT, people, post) == {"author"}
    assert may(Verb.HIDE, people, post) == MODERATORS
    for verb in (
        Verb.APPROVE, Verb.RESTORE, Verb.DISMISS, Verb.KEEP, Verb.ASK_REVIEW,
        Verb.ACCEPT, Verb.UNACCEPT, Verb.FREQUENT, Verb.UNFREQUENT,
    ):  # fmt: skip
        assert may(verb, people, post) == set(), verb
    assert policies.verbs(people["anonymous"], post) == []


def test_who_does_what_with_what_waits() -> None:
    theme = ThemeFactory()
    people = cast(theme)
    post = held(theme, by=people["new"])
    assert may(Verb.APPROVE, people, post) == may(Verb.HIDE, people, post) == MODERATORS
    assert may(Verb.EDIT, people, post) == {"new"}
    for verb in (Verb.REPLY, Verb.REACT, Verb.FLAG, Verb.RESTORE):
        assert may(verb, people, post) == set(), verb
    thread = ResourceFactory(theme=theme)
    waits = ReplyFactory(resource=thread, author=people["new"], state=PostState.HELD, approved_at=None)
    assert may(Verb.ACCEPT, people, waits) == set()
    assert may(Verb.APPROVE, people, waits) == MODERATORS


def test_who_does_what_with_what_was_hidden() -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    post = hidden(ResourceFactory(theme=theme, author=author), people["tutor"])
    assert may(Verb.RESTORE, people, post) == MODERATORS
    assert may(Verb.ASK_REVIEW, people, post) == {"author"}
    for verb in (Verb.EDIT, Verb.REPLY, Verb.REACT, Verb.FLAG, Verb.HIDE, Verb.DISMISS, Verb.KEEP):
        assert may(verb, people, post) == set(), verb
    moderation.ask_review(post=post, by=author, text="Ya lo corregí.")
    assert may(Verb.ASK_REVIEW, people, post) == set()
    assert may(Verb.KEEP, people, post) == MODERATORS
    moderation.keep_hidden(post=post, by=people["operator"], reason="Sigue igual.")
    assert may(Verb.KEEP, people, post) == may(Verb.ASK_REVIEW, people, post) == set()
    assert may(Verb.RESTORE, people, post) == MODERATORS


def test_who_says_which_reply_is_the_answer() -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    question = ResourceFactory(theme=theme, author=author)
    reply = replied(question)
    settlers = MODERATORS | {"author"}
    assert may(Verb.ACCEPT, people, reply) == settlers
    assert may(Verb.UNACCEPT, people, reply) == set()
    answers.accept_answer(reply=reply, by=author)
    assert may(Verb.ACCEPT, people, reply) == set()
    assert may(Verb.UNACCEPT, people, reply) == settlers
    assert may(Verb.FREQUENT, people, question) == MODERATORS
    answers.set_frequent(resource=question, by=people["tutor"], frequent=True)
    assert may(Verb.UNFREQUENT, people, question) == MODERATORS
    debate = ResourceFactory(theme=theme, author=author, kind=Kind.DEBATE)
    assert may(Verb.ACCEPT, people, replied(debate)) == set()


def test_how_long_an_author_corrects() -> None:
    theme = ThemeFactory()
    author = trusted()
    people = cast(theme, author=author)
    old = timezone.now() - dt.timedelta(hours=25)
    alone = ResourceFactory(theme=theme, author=author, created_at=old)
    answered = ResourceFactory(theme=theme, author=author, created_at=old)
    fresh = ResourceFactory(theme=theme, author=author)
    reply = replied(answered, by=people["member"])
    replied(fresh)
    assert may(Verb.EDIT, people, alone) == {"author"}
    assert may(Verb.EDIT, people, answered) == set()
    assert may(Verb.EDIT, people, fresh) == {"author"}
    assert may(Verb.EDIT, people, reply) == {"member"}
    Reply.objects.update(created_at=old)
    assert may(Verb.EDIT, people, reply) == set()


def test_articles_are_written_by_all_whose_messages_are_published() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    article = ResourceFactory(theme=theme, kind=Kind.ARTICLE)
    assert may(Verb.EDIT, people, article) == SIGNED_IN - {"new"}
    assert table(policies.can_see_history, people, article) == set(people)
    inside = ResourceFactory(theme=theme, kind=Kind.ARTICLE, group=group)
    ResourceFactory(author=people["in_group"], theme=theme, kind=Kind.NOTE)
    assert may(Verb.EDIT, people, inside) == {"in_group"}
    question = ResourceFactory(theme=theme)
    assert table(policies.can_see_history, people, question) == MODERATORS


def test_in_a_group_only_members_write() -> None:
    theme, group = ThemeFactory(), GroupFactory(is_private=False)
    people = cast(theme, group=group)
    post = ResourceFactory(theme=theme, group=group)
    assert may(Verb.REPLY, people, post) == {"in_group", "coordinator"}
    assert may(Verb.REACT, people, post) == SIGNED_IN | {"in_group", "coordinator", "asking"}


def test_flags_are_seen_and_closed_by_who_moderates() -> None:
    theme = ThemeFactory()
    people = cast(theme)
    reply = replied(ResourceFactory(theme=theme))
    assert moderation.flag(post=reply, by=people["new"], reason=FlagReason.ADVERT)
    assert may(Verb.DISMISS, people, reply) == MODERATORS
    assert {w for w, u in people.items() if Flag.objects.visible_to(u).exists()} == MODERATORS


def test_the_log_and_what_can_be_undone() -> None:
    theme = ThemeFactory()
    people = cast(theme)
    post = ResourceFactory(theme=theme)
    hidden(post, people["tutor"])
    entry = ModerationEntry.objects.get()
    assert table(policies.can_see_entry, people, entry) == MODERATORS
    assert {w for w, u in people.items() if ModerationEntry.objects.visible_to(u).exists()} == MODERATORS
    assert table(policies.can_undo, people, entry) == MODERATORS
    moderation.restore(post=post, by=people["operator"])
    entry.refresh_from_db()
    assert table(policies.can_undo, people, entry) == set()
    assert table(policies.can_see_queue, people) == MODERATORS | {"other_tutor"}
    assert {w for w, u in people.items() if Theme.objects.tutored_by(u).filter(pk=theme.pk).exists()} == (
        MODERATORS
    )


def test_only_the_last_act_can_be_undone() -> None:
    theme = ThemeFactory()
    by = tutor(theme)
    post = held(theme)
    moderation.approve(post=post, by=by)
    first = ModerationEntry.objects.get()
    assert policies.can_undo(by, first)
    hidden(post, by)
    first = ModerationEntry.objects.get(pk=first.pk)
    assert not policies.can_undo(by, first)
    moderation.restore(post=post, by=by)
    assert policies.can_undo(by, ModerationEntry.objects.get(pk=first.pk))


def test_following_and_voting() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    signed = SIGNED_IN | {"in_group", "asking", "coordinator"}
    assert table(policies.can_follow, people, theme) == signed
    assert table(policies.can_follow, people, ResourceFactory(theme=theme)) == signed
    assert table(policies.can_follow, people, held(theme)) == set()
    asked = poll(theme)
    assert table(policies.can_vote, people, asked) == signed
    asked.group = group
    assert table(policies.can_vote, people, asked) == {"in_group", "coordinator"}
    assert table(policies.can_vote, people, ResourceFactory(theme=theme)) == set()


def test_groups_asked_for_opened_joined_and_run() -> None:
    theme, group = ThemeFactory(), GroupFactory()
    people = cast(theme, group=group)
    deciders = {"tutor", "other_tutor", "operator"}
    waits = GroupFactory(state="pedido", requested_by=people["new"])

    def twins(found: Group) -> None:
        for who, user in people.items():
            seen = Group.objects.visible_to(user).filter(pk=found.pk).exists()
            assert seen is policies.can_see_group(user, found), who
            read = Group.objects.readable_by(user).filter(pk=found.pk).exists()
            assert read is policies.can_read_group(user, found), who

    assert table(policies.can_see_group, people, group) == set(people)
    assert table(policies.can_see_group, people, waits) == deciders | {"new"}
    assert table(policies.can_read_group, people, group) == {"in_group", "coordinator", "operator"}
    assert table(policies.can_decide_group, people, waits) == deciders
    assert table(policies.can_decide_group, people, group) == set()
    assert table(policies.can_join, people, group) == SIGNED_IN
    assert table(policies.can_join, people, waits) == set()
    assert table(policies.can_leave, people, group) == {"in_group", "coordinator", "asking"}
    assert table(policies.can_run_group, people, group) == {"coordinator", "operator"}
    asking = group.memberships.get(user=people["asking"])
    assert table(policies.can_let_in, people, asking) == {"coordinator", "operator"}
    assert table(policies.can_take_out, people, asking) == {"coordinator", "operator"}
    own = group.memberships.get(user=people["coordinator"])
    assert table(policies.can_take_out, people, own) == {"operator"}
    twins(group)
    twins(waits)
    twins(GroupFactory(is_private=False))


def test_who_is_away_moderates_nothing() -> None:
    theme = ThemeFactory()
    gone = UserFactory(is_active=False)
    theme.tutors.add(gone)
    boss = UserFactory(is_active=False, is_superuser=True)
    for user in (gone, boss):
        assert not policies.can_moderate(user, theme)
        assert not policies.is_trusted(user)
        assert not Theme.objects.tutored_by(user).exists()
        assert policies.verbs(user, ResourceFactory(theme=theme)) == []


def test_the_verbs_of_a_thread_cost_no_query_each(django_assert_num_queries: Any) -> None:
    theme = ThemeFactory()
    author = trusted()
    question = ResourceFactory(theme=theme, author=author)
    replies = [replied(question) for _ in range(3)]
    at = policies.standing(author, theme)
    with django_assert_num_queries(0):
        for post in (question, *replies):
            assert policies.verbs(author, post, at)
