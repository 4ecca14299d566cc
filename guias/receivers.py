"""Where Wagtail's own announcements reach our actions: publication and review."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import published, workflow_cancelled, workflow_rejected, workflow_submitted

from guias import tasks
from guias.actions.versions import put_in_force, set_in_review
from guias.models import Version


@receiver(published, sender=Version)
def version_was_published(sender: type[Version], instance: Version, **kwargs: Any) -> None:
    """Put the version in force and have its files made."""
    if put_in_force(version=instance):
        transaction.on_commit(partial(tasks.make_files.enqueue, instance.pk))


@receiver(workflow_submitted, sender=WorkflowState)
def version_was_submitted(sender: type[WorkflowState], instance: WorkflowState, **kwargs: Any) -> None:
    """Show that the draft waits for a second person."""
    if isinstance(instance.content_object, Version):
        set_in_review(version=instance.content_object, in_review=True)


@receiver([workflow_rejected, workflow_cancelled], sender=WorkflowState)
def version_came_back(sender: type[WorkflowState], instance: WorkflowState, **kwargs: Any) -> None:
    """Show that it is a draft again."""
    if isinstance(instance.content_object, Version):
        set_in_review(version=instance.content_object, in_review=False)
