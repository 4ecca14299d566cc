"""The second reading of a version: nobody approves what she wrote herself.

Wagtail brings the rest of a review: the draft is submitted, waits in the reviewers' list, comes back with a
comment or is approved, which publishes it. ``portal.bootstrap`` makes the workflow and ties it to versions.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from guias.models.ownership import edits_route
from guias.models.versions import Version


class SecondReading(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Approved by somebody of its groups who edits that route and did not write the draft that waits."""

    class Meta:
        verbose_name = _("segunda lectura")
        verbose_name_plural = _("segundas lecturas")

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """Approve or send back; nothing to who wrote it, nor to who edits other routes: it would publish."""
        if wrote(user, obj) or (isinstance(obj, Version) and not edits_route(user, obj.guide.route)):
            return []
        return list(super().get_actions(obj, user))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[Any]:
        """Those that wait for ``user``; not her own."""
        waiting: QuerySet[Any] = super().get_task_states_user_can_moderate(user, **kwargs)
        return waiting.exclude(revision__user=user)


def wrote(user: Any, version: Any) -> bool:
    """Whether ``user`` saved the draft that would be published."""
    revision = version.latest_revision
    return revision is not None and revision.user_id == user.pk
