"""Who may see and change what in the directory.

Reading is public, except for a supplier who did not consent (Ley 1581 de 2012). Changing belongs to
who holds the model's permission, as the admin asks for it too. Twins: ``visible_to`` of each QuerySet.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from directorio.models import Supplier


def can_see(user: Any, entry: Model) -> bool:
    """Whether ``user`` may read ``entry``."""
    if isinstance(entry, Supplier) and not entry.consent:
        return can_edit(user, entry)
    return True


def can_edit(user: Any, entry: Model) -> bool:
    """Whether ``user`` may change ``entry``."""
    return bool(user.has_perm(f"directorio.change_{entry._meta.model_name}"))
