"""Say something about a draft to who works on it, and say that it is settled."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import policies, signals
from guias.models import Remark, Version
from nucleo.policies import require


@transaction.atomic
def remark(*, version: Version, chapter: str, words: str, by: Any) -> Remark:
    """Write a remark on a draft; ``chapter`` is its slug, or empty for the whole.

    Raises Forbidden for who does not edit guides, or once the version is published.
    """
    require(policies.can_remark(by, version), _("Los comentarios son de quienes trabajan en un borrador."))
    made = Remark.objects.create(version=version, chapter=chapter, words=words, written_by=by)
    transaction.on_commit(partial(signals.draft_remarked.send, sender=Remark, remark=made))
    return made


def settle(*, remark: Remark, by: Any) -> bool:
    """Say that a remark is settled; false when it already was. Raises Forbidden as :func:`remark` does."""
    allowed = policies.can_remark(by, remark.version)
    require(allowed, _("Los comentarios son de quienes trabajan en un borrador."))
    open_one = Remark.objects.open().filter(pk=remark.pk)
    return bool(open_one.update(settled_at=timezone.now(), settled_by=by))
