"""Where Wagtail's own announcements reach our actions: publication from the admin or by schedule."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import published

from guias import tasks
from guias.actions.versions import put_in_force
from guias.models import Version


@receiver(published, sender=Version)
def version_was_published(sender: type[Version], instance: Version, **kwargs: Any) -> None:
    """Put the version in force and have its files made."""
    if put_in_force(version=instance):
        transaction.on_commit(partial(tasks.make_files.enqueue, instance.pk))
