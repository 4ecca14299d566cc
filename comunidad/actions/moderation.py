"""Keeping order: calls for a tutor, approval, hiding and undoing. All of it is logged."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.actions.answers import set_accepted
from comunidad.actions.counts import locked, recount_replies
from comunidad.actions.posts import announce
from comunidad.enums import FlagReason, ModerationVerb, PostState, Verb
from comunidad.models import Flag, ModerationEntry, Reply
from comunidad.models.posts import about
from nucleo.policies import require
from search import outbox


@transaction.atomic
def flag(*, post: Any, by: Any, reason: FlagReason, note: str = "") -> bool:
    """Call a tutor to look at ``post``; false when ``by`` has a call open already.

    Announces ``post_flagged``.
    """
    found = locked(post)
    require(policies.can(by, Verb.FLAG, found), _("Este mensaje no necesita un aviso suyo."))
    if Flag.objects.open().filter(user=by, **about(found)).exists():
        return False
    try:
        with transaction.atomic():
            made = Flag.objects.create(user=by, reason=reason, note=note, **about(found))
    except IntegrityError:
        return False
    transaction.on_commit(partial(signals.post_flagged.send, sender=Flag, flag=made))
    return True


@transaction.atomic
def approve(*, post: Any, by: Any) -> bool:
    """Let readers see what waited; false when they do. From then on its author writes without waiting.

    Announces ``post_approved`` besides the publication.
    """
    found = locked(post)
    _require_moderator(found, by)
    if not found.is_held:
        return False
    _move(found, by=by, verb=ModerationVerb.APPROVE, after=PostState.VISIBLE)
    announce(found, by=by)
    transaction.on_commit(partial(signals.post_approved.send, sender=type(found), post=found, by=by))
    return True


@transaction.atomic
def hide(*, post: Any, by: Any, reason: str) -> bool:
    """Take ``post`` out of sight for ``reason``, which its author is told; false when it is already.

    Also what waits for approval. Closes the open flags. Announces ``post_hidden``.
    """
    found = locked(post)
    _require_moderator(found, by)
    if found.is_hidden:
        return False
    entry = _move(found, by=by, verb=ModerationVerb.HIDE, after=PostState.HIDDEN, reason=reason)
    Flag.objects.open().filter(**about(found)).update(closed_by_entry=entry)
    transaction.on_commit(
        partial(signals.post_hidden.send, sender=type(found), post=found, by=by, reason=reason)
    )
    return True


@transaction.atomic
def restore(*, post: Any, by: Any) -> bool:
    """Undo what keeps ``post`` hidden; false when nothing does."""
    found = locked(post)
    _require_moderator(found, by)
    entry = policies.hiding_of(found) if found.is_hidden else None
    return undo(entry=entry, by=by) if entry is not None else False


@transaction.atomic
def dismiss(*, post: Any, by: Any) -> bool:
    """Close the open flags: the message is in order; false when there are none."""
    found = locked(post)
    _require_moderator(found, by)
    flags = Flag.objects.open().filter(**about(found))
    if not flags.exists():
        return False
    entry = ModerationEntry.objects.create(
        by=by, verb=ModerationVerb.DISMISS, before=found.state, after=found.state, **about(found)
    )
    flags.update(closed_by_entry=entry)
    return True


@transaction.atomic
def undo(*, entry: ModerationEntry, by: Any) -> bool:
    """Take an act back: the message is as before, flags it closed are open again; false when it was undone.

    Raises Forbidden when something else was done to the message since.
    """
    post = locked(entry.post)
    kept = ModerationEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    _require_moderator(post, by)
    if kept.undone_at is not None:
        return False
    require(
        policies.can_undo(by, kept),
        _("Después de esto se hizo otra cosa con el mensaje. Deshaga primero lo último."),
    )
    kept.undone_at, kept.undone_by = timezone.now(), by
    kept.save(update_fields=["undone_at", "undone_by"])
    Flag.objects.filter(closed_by_entry=kept).update(closed_by_entry=None)
    if kept.before == kept.after:
        return True
    _set_state(post, PostState(kept.before), first_time=False)
    if kept.was_accepted and post.is_visible and post.resource.accepted_id is None:
        set_accepted(post.resource, post, by=by)
    if kept.verb == ModerationVerb.HIDE:
        transaction.on_commit(partial(signals.post_restored.send, sender=type(post), post=post, by=by))
    else:
        transaction.on_commit(partial(signals.post_held.send, sender=type(post), post=post))
    return True


@transaction.atomic
def ask_review(*, post: Any, by: Any, text: str) -> bool:
    """Ask, as its author, that the hiding of ``post`` be looked at again; false when she asked already.

    Announces ``review_asked``.
    """
    found = locked(post)
    entry = policies.hiding_of(found) if found.is_hidden else None
    if entry is not None and found.author_id == by.pk and entry.review_asked_at is not None:
        return False
    require(
        policies.can(by, Verb.ASK_REVIEW, found),
        _("Puede pedirlo quien escribió el mensaje, mientras esté retirado."),
    )
    assert entry is not None
    entry.review_text, entry.review_asked_at = text, timezone.now()
    entry.save(update_fields=["review_text", "review_asked_at"])
    transaction.on_commit(partial(signals.review_asked.send, sender=ModerationEntry, entry=entry))
    return True


@transaction.atomic
def keep_hidden(*, post: Any, by: Any, reason: str) -> bool:
    """Say, after another look, that ``post`` stays hidden and why; false when nobody asks any more.

    Announces ``review_refused``.
    """
    found = locked(post)
    _require_moderator(found, by)
    if not policies.can(by, Verb.KEEP, found):
        return False
    hiding = policies.hiding_of(found)
    assert hiding is not None
    hiding.reviewed_at = timezone.now()
    hiding.save(update_fields=["reviewed_at"])
    entry = ModerationEntry.objects.create(
        by=by,
        verb=ModerationVerb.KEEP,
        reason=reason,
        before=PostState.HIDDEN,
        after=PostState.HIDDEN,
        **about(found),
    )
    transaction.on_commit(
        partial(signals.review_refused.send, sender=ModerationEntry, entry=entry, reason=reason)
    )
    return True


def _require_moderator(post: Any, by: Any) -> None:
    require(
        policies.can_moderate(by, post.resource.theme),
        _("Esto lo hace quien modera el tema."),
    )


def _move(post: Any, *, by: Any, verb: ModerationVerb, after: PostState, reason: str = "") -> ModerationEntry:
    """Log the act and change the state."""
    accepted = isinstance(post, Reply) and post.resource.accepted_id == post.pk
    entry = ModerationEntry.objects.create(
        by=by,
        verb=verb,
        reason=reason,
        before=post.state,
        after=after,
        was_accepted=accepted,
        **about(post),
    )
    _set_state(post, after, reason=reason, first_time=verb == ModerationVerb.APPROVE)
    return entry


def _set_state(post: Any, state: PostState, *, reason: str = "", first_time: bool) -> None:
    """Write the state down, and what follows from it for the thread and for the index."""
    now = timezone.now()
    post.state, post.updated_at = state, now
    post.hidden_reason = reason if state == PostState.HIDDEN else ""
    if first_time:
        post.approved_at = now
    elif state == PostState.HELD:
        post.approved_at = None
    post.save(update_fields=["state", "updated_at", "hidden_reason", "approved_at"])
    thread = post.resource
    if isinstance(post, Reply) and thread.accepted_id == post.pk and not post.is_visible:
        set_accepted(thread, None)
    recount_replies(thread)
    outbox.queue("recurso", thread.pk)
