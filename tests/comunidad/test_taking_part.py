"""One touch each, and groups: asked for, opened, joined, run, left."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from comunidad.actions import engagement, groups, posts
from comunidad.enums import GroupState, Kind, MembershipState, PostState
from comunidad.models import (
    Group,
    Membership,
    Reply,
    Resource,
    Theme,
    Vote,
)
from comunidad.search_documents import resource_documents, resources
from nucleo.policies import Forbidden
from search.models import PendingChange
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    open_group,
    poll,
    replied,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


def ask(theme: Theme, by: Any, **fields: Any) -> Resource:
    return posts.post_resource(
        theme=theme, by=by, kind=Kind.QUESTION, title=fields.pop("title", "¿Cuándo se firma?"), **fields
    )


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


def test_search_hears_of_it_when_twice_as_many_were_served() -> None:
    question = ResourceFactory()
    reply = replied(question)
    heard = []
    for number in range(5):
        PendingChange.objects.all().delete()
        engagement.react(post=reply if number % 2 else question, by=trusted(), useful=True)
        heard.append([str(one) for one in PendingChange.objects.all()])
    row = [f"recurso:{question.pk}"]
    assert heard == [row, row, [], row, []]
    (found,) = resource_documents(resources().get(pk=question.pk))
    assert found.helped == 3
    reply.state, reply.hidden_reason = PostState.HIDDEN, "No va aquí"
    reply.save()
    (found,) = resource_documents(resources().get(pk=question.pk))
    assert found.helped == 2, "a reply that is out of sight has served nobody"


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
