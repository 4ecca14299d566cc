"""Who may do what in the forum.

Themes are public, and so is what is published in them, except in groups for members only. What a new member
writes first is held until a tutor approves it. Tutors moderate their themes, operators all of them. Twins:
``visible_to`` of each QuerySet. ``verbs`` lists what applies to one message for one person: buttons, POST
and tests read the same list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists
from django.utils import timezone

from comunidad.enums import GroupState, Kind, MembershipState, ModerationVerb, NotAsked, PostState, Verb
from comunidad.models import Flag, Group, Membership, ModerationEntry, Reply, Resource, Theme
from comunidad.models.moderation import UNDOABLE
from comunidad.models.posts import about
from comunidad.models.themes import is_operator

EDIT_HOURS = 24
"""How long an author corrects what others may already have read and answered."""


def is_signed_in(user: Any) -> bool:
    """Whether ``user`` has an account that is open."""
    return bool(getattr(user, "is_active", False))


def is_tutor(user: Any, theme: Theme | None = None) -> bool:
    """Whether ``user`` tutors ``theme``, or any theme."""
    if not is_signed_in(user):
        return False
    tutored = Theme.tutors.through.objects.filter(user=user)
    return (tutored if theme is None else tutored.filter(theme=theme)).exists()


def is_trusted(user: Any) -> bool:
    """Whether what ``user`` writes appears at once: staff, tutors, and who had one message published."""
    if not is_signed_in(user):
        return False
    if user.is_staff or is_operator(user):
        return True
    published = {"author": user.pk, "approved_at__isnull": False}
    reasons = (
        Exists(Theme.tutors.through.objects.filter(user=user.pk))
        | Exists(Resource.objects.filter(**published))
        | Exists(Reply.objects.filter(**published))
    )
    return get_user_model()._default_manager.filter(reasons, pk=user.pk).exists()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a person is towards one theme and one group; taken once, asked for many messages."""

    user: Any
    signed_in: bool
    moderates: bool
    in_group: bool
    """Whether she is a member of the group; true where there is none."""

    @property
    def writes(self) -> bool:
        """Whether she may add something there."""
        return self.signed_in and self.in_group

    def wrote(self, post: Any) -> bool:
        """Whether ``post`` is hers."""
        return self.signed_in and post.author_id == self.user.pk


def standing(user: Any, theme: Theme, group: Group | None = None) -> Standing:
    """Return who ``user`` is there: one query for the theme, one for the group if there is one."""
    signed_in = is_signed_in(user)
    moderates = is_operator(user) or is_tutor(user, theme)
    in_group = group is None or is_member(user, group)
    return Standing(user=user, signed_in=signed_in, moderates=moderates, in_group=in_group)


def standing_towards(user: Any, post: Any) -> Standing:
    """Return who ``user`` is where ``post`` stands."""
    return standing(user, post.resource.theme, post.resource.group)


# --- Reading -------------------------------------------------------------------------------------


def can_see(user: Any, post: Any, at: Standing | None = None) -> bool:
    """Read the content of a resource or of a reply."""
    at = at or standing_towards(user, post)
    thread: Resource = post.resource
    if at.moderates:
        return True
    group = thread.group
    if group is not None and group.is_private and not at.in_group:
        return False
    if not (thread.is_visible or at.wrote(thread)):
        return False
    return bool(post.is_visible or at.wrote(post))


def can_see_history(user: Any, post: Any, at: Standing | None = None) -> bool:
    """Read what it said before: of articles whoever reads them; else its author and who moderates.

    What was corrected may be just what should not have been written.
    """
    at = at or standing_towards(user, post)
    article = isinstance(post, Resource) and post.kind == Kind.ARTICLE
    return can_see(user, post, at) and (article or at.moderates or at.wrote(post))


# --- Writing -------------------------------------------------------------------------------------


def can_post(user: Any, theme: Theme, group: Group | None = None) -> bool:
    """Publish in a theme: who has an account; in a group: its members, while it is open."""
    if group is None:
        return is_signed_in(user)
    return group.is_open and is_member(user, group)


def needs_approval(user: Any) -> bool:
    """Whether what she writes waits for a tutor."""
    return not is_trusted(user)


def verbs(user: Any, post: Any, at: Standing | None = None) -> list[Verb]:
    """Return what ``user`` may do with ``post`` now, in the order of the buttons.

    With ``at`` taken once for a thread this asks the database only about what is hidden, about articles and,
    for who moderates, about open flags (``post.open_flags`` when the view brought them along).
    """
    at = at or standing_towards(user, post)
    if not at.signed_in or not can_see(user, post, at):
        return []
    return [verb for verb, applies in _RULES.items() if applies(at, post)]


def can(user: Any, verb: Verb, post: Any, at: Standing | None = None) -> bool:
    """Whether ``verb`` is among the verbs of ``user`` for ``post``."""
    return verb in verbs(user, post, at)


def _live(post: Any) -> bool:
    return bool(post.is_visible and post.resource.is_visible)


def _reply(at: Standing, post: Any) -> bool:
    return _live(post) and at.writes


def _react(at: Standing, post: Any) -> bool:
    return _live(post) and not at.wrote(post)


def _settles(at: Standing, post: Any) -> bool:
    """Say which reply is the answer: who asked, and who moderates."""
    thread = post.resource
    return isinstance(post, Reply) and thread.is_question and (at.moderates or at.wrote(thread))


def _accept(at: Standing, post: Any) -> bool:
    return _settles(at, post) and _live(post) and post.resource.accepted_id != post.pk


def _unaccept(at: Standing, post: Any) -> bool:
    return _settles(at, post) and post.resource.accepted_id == post.pk


def _edit(at: Standing, post: Any) -> bool:
    """Authors, for a day or while nobody answered; articles: every member whose messages are published."""
    if post.is_hidden:
        return False
    if isinstance(post, Resource) and post.kind == Kind.ARTICLE and post.is_visible:
        return at.writes and is_trusted(at.user)
    if not at.wrote(post):
        return False
    young = timezone.now() - post.created_at < dt.timedelta(hours=EDIT_HOURS)
    unanswered = isinstance(post, Resource) and post.reply_count == 0
    return bool(young or unanswered or post.is_held)


def _flag(at: Standing, post: Any) -> bool:
    return _live(post) and not at.wrote(post) and not at.moderates


def _approve(at: Standing, post: Any) -> bool:
    return at.moderates and bool(post.is_held)


def _hide(at: Standing, post: Any) -> bool:
    return at.moderates and not post.is_hidden


def _restore(at: Standing, post: Any) -> bool:
    return at.moderates and bool(post.is_hidden)


def _dismiss(at: Standing, post: Any) -> bool:
    if not at.moderates or post.is_hidden:
        return False
    flags = getattr(post, "open_flags", None)
    return bool(Flag.objects.open().filter(**about(post)).exists() if flags is None else flags)


def _can_be_frequent(at: Standing, post: Any) -> bool:
    return isinstance(post, Resource) and at.moderates and post.is_visible and post.is_question


def _frequent(at: Standing, post: Any) -> bool:
    return _can_be_frequent(at, post) and not post.is_frequent and post.accepted_id is not None


def _unfrequent(at: Standing, post: Any) -> bool:
    return _can_be_frequent(at, post) and bool(post.is_frequent)


def _ask_review(at: Standing, post: Any) -> bool:
    if not post.is_hidden or not at.wrote(post) or at.moderates:
        return False
    entry = hiding_of(post)
    return entry is not None and entry.review_asked_at is None


def _keep(at: Standing, post: Any) -> bool:
    if not post.is_hidden or not at.moderates:
        return False
    entry = hiding_of(post)
    return entry is not None and entry.review_asked_at is not None and entry.reviewed_at is None


_RULES = {
    Verb.REACT: _react,
    Verb.REPLY: _reply,
    Verb.ACCEPT: _accept,
    Verb.UNACCEPT: _unaccept,
    Verb.EDIT: _edit,
    Verb.FLAG: _flag,
    Verb.APPROVE: _approve,
    Verb.DISMISS: _dismiss,
    Verb.HIDE: _hide,
    Verb.RESTORE: _restore,
    Verb.KEEP: _keep,
    Verb.FREQUENT: _frequent,
    Verb.UNFREQUENT: _unfrequent,
    Verb.ASK_REVIEW: _ask_review,
}


def can_follow(user: Any, thing: Any) -> bool:
    """Be told of what happens in a theme, or in a resource that she reads and that is published."""
    if isinstance(thing, Resource):
        return is_signed_in(user) and thing.is_visible and can_see(user, thing)
    return is_signed_in(user)


def can_vote(user: Any, resource: Resource, at: Standing | None = None) -> bool:
    """Choose in a poll that is published: who has an account, in a group its members."""
    at = at or standing_towards(user, resource)
    return resource.kind == Kind.POLL and resource.is_visible and at.writes


# --- Moderating ----------------------------------------------------------------------------------


def can_moderate(user: Any, theme: Theme) -> bool:
    """Approve, hide, restore: tutors of the theme and operators."""
    return is_operator(user) or is_tutor(user, theme)


def can_see_queue(user: Any) -> bool:
    """See what waits and what was done: tutors of any theme (of theirs alone) and operators."""
    return is_operator(user) or is_tutor(user)


def why_not_asked(user: Any, question: Resource) -> NotAsked | None:
    """Why ``question`` does not ask ``user`` for an answer as its tutor; None while it does.

    Who lost the theme is told that, and by it nothing of the question.
    """
    at = standing_towards(user, question)
    if not (at.signed_in and at.moderates):
        return NotAsked.NOT_TUTOR
    if not (question.is_question and question.is_visible):
        return NotAsked.OUT_OF_SIGHT
    if not _reply(at, question):
        return NotAsked.NOT_IN_GROUP
    if question.accepted_id is not None:
        return NotAsked.SETTLED
    hers = question.replies.filter(author=user.pk).exclude(state=PostState.HIDDEN)
    return NotAsked.ANSWERED if hers.exists() else None


def hiding_of(post: Any) -> ModerationEntry | None:
    """Return the act that keeps ``post`` hidden; free when the view brought ``post.hiding`` along."""
    if hasattr(post, "hiding"):
        brought: ModerationEntry | None = post.hiding
        return brought
    entries = ModerationEntry.objects.in_force().filter(verb=ModerationVerb.HIDE, **about(post))
    return entries.order_by("-at", "-pk").first()


def can_see_entry(user: Any, entry: ModerationEntry) -> bool:
    """Read an entry of the log: who moderates its theme."""
    return can_moderate(user, entry.thread.theme)


def can_undo(user: Any, entry: ModerationEntry) -> bool:
    """Undo an act: who moderates the theme, while nothing else was done to the message since."""
    return can_see_entry(user, entry) and is_last(entry)


def is_last(entry: ModerationEntry) -> bool:
    """Whether who sees the entry may undo it: it can be, and nothing else was done to the message since.

    Free when the view brought ``entry.has_later`` along.
    """
    if entry.undone_at is not None or entry.verb not in UNDOABLE or entry.post.state != entry.after:
        return False
    if hasattr(entry, "has_later"):
        return not entry.has_later
    later = ModerationEntry.objects.in_force().filter(pk__gt=entry.pk, **about(entry.post))
    return not later.filter(verb__in=UNDOABLE).exists()


# --- Groups --------------------------------------------------------------------------------------


def is_member(user: Any, group: Group) -> bool:
    """Whether ``user`` is in ``group``."""
    return is_signed_in(user) and Membership.objects.members().filter(user=user, group=group).exists()


def can_see_group(user: Any, group: Group) -> bool:
    """Open ones: everyone. Others: who asked, and who decides."""
    return group.is_open or (is_signed_in(user) and group.requested_by_id == user.pk) or can_decide(user)


def can_read_group(user: Any, group: Group) -> bool:
    """Read what is published in it as a reader: everyone, or its members alone."""
    return group.is_open and (not group.is_private or is_operator(user) or is_member(user, group))


def can_decide(user: Any) -> bool:
    """Open groups or say why not: tutors and operators."""
    return can_see_queue(user)


def can_decide_group(user: Any, group: Group) -> bool:
    """The same, once."""
    return group.state == GroupState.REQUESTED and can_decide(user)


def can_join(user: Any, group: Group) -> bool:
    """Go in, or ask to: who has an account, once."""
    return (
        group.is_open
        and is_signed_in(user)
        and not Membership.objects.filter(user=user, group=group).exists()
    )


def can_leave(user: Any, group: Group) -> bool:
    """Go out, or take back what was asked."""
    return is_signed_in(user) and Membership.objects.filter(user=user, group=group).exists()


def can_run_group(user: Any, group: Group) -> bool:
    """Let people in and take them out: who coordinates it, and operators."""
    if not group.is_open:
        return False
    members = Membership.objects.members().filter(user__is_active=True)
    return is_operator(user) or (
        is_signed_in(user) and members.filter(user=user, group=group, coordinates=True).exists()
    )


def can_let_in(user: Any, membership: Membership) -> bool:
    """Let somebody in who asked."""
    return membership.state == MembershipState.ASKED and can_run_group(user, membership.group)


def can_take_out(user: Any, membership: Membership) -> bool:
    """Take a member out, or refuse who asks: who runs the group; nobody takes herself out this way."""
    return membership.user_id != user.pk and can_run_group(user, membership.group)
