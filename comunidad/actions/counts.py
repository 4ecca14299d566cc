"""The numbers that lists show, taken anew from the rows inside the transaction that changed them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from comunidad.enums import Kind
from comunidad.models import Reaction, Reply, Resource
from comunidad.models.posts import about


def locked(post: Any) -> Any:
    """Return ``post`` as it is now, held against other writers until the transaction ends.

    A reply is locked together with its resource, the resource first, so that two never wait for each other.
    """
    thread = (
        Resource.objects.select_for_update(of=("self",))
        .select_related("theme", "group")
        .get(pk=post.resource_id if isinstance(post, Reply) else post.pk)
    )
    if not isinstance(post, Reply):
        return thread
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=post.pk)
    reply.resource = thread
    return reply


def recount_replies(resource: Resource) -> None:
    """Count the visible replies, when the last one appeared, and when the first one by somebody else did.

    The thread counts as changed now: its search document and open pages go by that.
    """
    by_others = ~Q(author=resource.author_id) | Q(author__isnull=True)
    found = resource.replies.visible().aggregate(
        count=Count("pk"), last=Max("approved_at"), first=Min("approved_at", filter=by_others)
    )
    resource.reply_count = found["count"]
    resource.first_answer_at = found["first"] if resource.kind == Kind.QUESTION else None
    began = resource.approved_at or resource.created_at
    resource.last_activity = max(began, found["last"] or began)
    resource.updated_at = timezone.now()
    resource.save(update_fields=["reply_count", "first_answer_at", "last_activity", "updated_at"])


def touch(resource: Resource) -> None:
    """Say that something in the thread changed."""
    resource.updated_at = timezone.now()
    resource.save(update_fields=["updated_at"])


def recount_reactions(post: Any) -> None:
    """Count to how many it was useful."""
    post.useful_count = Reaction.objects.filter(**about(post)).count()
    post.save(update_fields=["useful_count"])
