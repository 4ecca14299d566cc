"""Keeping order: approving, hiding, undoing, calls for a tutor; all logged, told, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from comunidad.actions import answers, moderation, posts
from comunidad.enums import FlagReason, Kind, PostState
from comunidad.models import (
    Flag,
    ModerationEntry,
    Resource,
    Theme,
)
from nucleo.policies import Forbidden
from tests.factories.comunidad import (
    ReplyFactory,
    ResourceFactory,
    ThemeFactory,
    held,
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
