"""The second reading of a version: nobody approves what she wrote herself, be it a comma of it.

Wagtail brings the rest of a review: the draft is submitted, waits in the reviewers' list, comes back with a
comment or is approved, which publishes it. ``portal.bootstrap`` makes the workflow and ties it to versions.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Revision

from guias.models.ownership import edits_route, own_routes
from guias.models.versions import Version, wrote


class SecondReading(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Approved by somebody of its groups who edits that route and wrote nothing of the draft that waits."""

    class Meta:
        verbose_name = _("segunda lectura")
        verbose_name_plural = _("segundas lecturas")

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """Approve or send back; nothing to who wrote of it or edits other routes: it would publish."""
        if wrote(user, obj) or (isinstance(obj, Version) and not edits_route(user, obj.guide.route)):
            return []
        return list(super().get_actions(obj, user))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[Any]:
        """Those that wait for ``user``: neither her own nor those of routes that others edit."""
        waiting: QuerySet[Any] = super().get_task_states_user_can_moderate(user, **kwargs)
        same = {name: OuterRef(f"workflow_state__{name}") for name in ("base_content_type", "object_id")}
        waiting = waiting.exclude(Exists(Revision.objects.filter(**same, user=user)))
        routes = own_routes(user)
        if not routes:
            return waiting
        hers = Version.objects.drafts().filter(guide__route__in=routes).values_list("pk", flat=True)
        return waiting.filter(workflow_state__object_id__in=[str(pk) for pk in hers])
