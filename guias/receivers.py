"""Where Wagtail's own announcements reach our actions: publication and review."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    published,
    task_submitted,
    unpublished,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from guias import signals, tasks
from guias.actions.files import take_place
from guias.actions.versions import put_in_force, set_in_review
from guias.models import Course, Guide, HeldFile, OfficialFile, PaperForm, Term, Version
from guias.models.glossary import Glossary
from search import outbox


@receiver(published, sender=Version)
def version_was_published(sender: type[Version], instance: Version, **kwargs: Any) -> None:
    """Put the version in force, and have its pictures, its files and the sheet of what changed made."""
    if put_in_force(version=instance):
        if HeldFile.objects.filter(version=instance, image__isnull=False).exists():
            transaction.on_commit(partial(tasks.draw_soon, instance.pk))
        transaction.on_commit(partial(tasks.make_files.enqueue, instance.pk))
        transaction.on_commit(partial(tasks.make_changes_sheet.enqueue, instance.pk))


@receiver(signals.errata_changed)
def errata_have_changed(sender: type[Version], version: Version, **kwargs: Any) -> None:
    """Have the files made again, with what is now noted."""
    tasks.make_files.enqueue(version.pk)


@receiver([post_save, post_delete], sender=OfficialFile)
def official_file_changed(sender: type[OfficialFile], instance: OfficialFile, **kwargs: Any) -> None:
    """Let the guide be found by the words of the file that now stands for it, and have its pages marked.

    It counts as changed: a version that lost its file must win over what the index has of it.
    """
    take_place(official=instance)
    transaction.on_commit(partial(tasks.mark_soon, instance.version_id))
    Guide.objects.filter(pk=instance.version.guide_id).update(updated_at=timezone.now())
    outbox.queue("guia", instance.version.guide_id)


@receiver([post_save, post_delete], sender=Term)
def word_changed(sender: type[Term], instance: Term, **kwargs: Any) -> None:
    """Explain it as it is now from the next page on."""
    Glossary.forget()


@receiver(post_delete, sender=PaperForm)
def paper_form_is_gone(sender: type[PaperForm], instance: PaperForm, **kwargs: Any) -> None:
    """Have it found no more, and take its files away."""
    outbox.queue("formato", instance.pk)
    for file in (instance.file, instance.blank):
        if file:
            transaction.on_commit(partial(file.storage.delete, str(file.name)))


@receiver([published, unpublished], sender=Course)
def course_came_or_went(sender: type[Course], instance: Course, **kwargs: Any) -> None:
    """Have the course found as it is now, or not at all."""
    outbox.queue("curso", instance.pk)


class AskWhoMayApprove(GroupApprovalTaskStateSubmissionEmailNotifier):  # type: ignore[misc]
    """Wagtail's mail that a draft waits, for who may approve it and not for all of the group.

    Editors of other routes and whoever wrote of the draft would open it and find no button.
    """

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> list[Any]:
        """Return those of the group whom the step lets do something, each once."""
        task, draft = task_state.task.specific, task_state.workflow_state.content_object
        group = super().get_recipient_users(task_state, **kwargs)
        return [user for user in group.distinct() if task.get_actions(draft, user)]


# Before Wagtail's own, whose apps come later, and under its name: the second of one name is not connected.
ask_who_may_approve = AskWhoMayApprove()
task_submitted.connect(
    ask_who_may_approve, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
)


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
