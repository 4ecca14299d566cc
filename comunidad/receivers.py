"""What the actions announce, said on to the open pages that it concerns: ids, never words."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from comunidad import signals
from comunidad.models import Flag, ModerationEntry, Reply, Resource
from comunidad.realtime.announce import announce, recheck
from comunidad.realtime.topics import QueueTopic, ThreadTopic


def _in_thread(post: Any) -> None:
    announce(ThreadTopic(post.resource.pk), post.pk)


def _in_queue(post: Any) -> None:
    announce(QueueTopic(post.resource.theme_id), post.pk)


@receiver(signals.reply_posted)
def reply_was_posted(sender: Any, reply: Reply, **kwargs: Any) -> None:
    """The thread has a reply more; its question may have left the queue."""
    _in_thread(reply)
    _in_queue(reply)


@receiver(signals.post_published)
def resource_was_published(sender: Any, resource: Resource, **kwargs: Any) -> None:
    """A question may wait; who looks at her own held one sees it published."""
    _in_thread(resource)
    _in_queue(resource)


@receiver(signals.post_held)
@receiver(signals.post_hidden)
@receiver(signals.post_restored)
def post_changed_its_state(sender: Any, post: Any, **kwargs: Any) -> None:
    """The thread and the queue look different now."""
    _in_thread(post)
    _in_queue(post)


@receiver(signals.post_edited)
@receiver(signals.reaction_changed)
def post_changed(sender: Any, post: Any, **kwargs: Any) -> None:
    """The thread looks different."""
    _in_thread(post)


@receiver(signals.answer_accepted)
@receiver(signals.answer_withdrawn)
@receiver(signals.vote_cast)
def thread_changed(sender: Any, resource: Resource, **kwargs: Any) -> None:
    """The thread looks different."""
    _in_thread(resource)


@receiver(signals.post_flagged)
def post_was_flagged(sender: Any, flag: Flag, **kwargs: Any) -> None:
    """Something came into the queue."""
    _in_queue(flag.post)


@receiver(signals.review_asked)
def review_was_asked(sender: Any, entry: ModerationEntry, **kwargs: Any) -> None:
    """Something came into the queue."""
    _in_queue(entry.post)


@receiver(signals.access_changed)
def access_was_changed(sender: Any, user_id: int, **kwargs: Any) -> None:
    """Pages that she has open stop hearing of what is no longer hers."""
    recheck(user_id)
