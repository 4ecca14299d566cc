"""Start, publish and put in force a version of a guide."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log

from guias import policies, signals
from guias.actions.reviews import keep_dates
from guias.enums import MADE, GuideState, VersionState
from guias.models import Guide, HeldFile, Rendition, Version
from guias.models.held import used_in
from guias.models.remarks import STARTED
from nucleo.policies import require
from search import outbox


def next_number(guide: Guide) -> int:
    """Return the number of the next version; two who ask at once get the same, and the second fails."""
    return (guide.versions.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def start_version(*, guide: Guide, by: Any) -> Version:
    """Return a new draft that begins as a copy of the version in force, or the draft that is open.

    Ids of chapters and of checklist items are kept, so that ticks and comparisons outlive the copy. Nobody
    wrote the copy: who asks for it (``by``, whom the log names) may be the one who reads what another
    writes in it.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    open_draft = guide.versions.drafts().first()
    if open_draft is not None:
        return open_draft
    current = guide.versions.in_force().first()
    version = Version(
        guide=guide,
        number=next_number(guide),
        live=False,
        summary=current.summary if current else "",
        body=current.body if current else [],
    )
    version.save()
    version.save_revision()
    log(instance=version, action=STARTED, user=by)
    return version


@transaction.atomic
def publish_version(*, version: Version, by: Any = None) -> Version:
    """Publish the last draft of ``version`` now; without ``by`` it is the system that does.

    Raises Forbidden when ``by`` may not, Frozen when it already is. What follows (the version before
    it retires, files are asked for) happens in :func:`put_in_force`, which scheduled publications
    reach too.
    """
    if by is not None:
        require(policies.can_publish_version(by, version), _("Solo quien edita las guías puede publicarlas."))
    revision = version.get_latest_revision() or version.save_revision(user=by)
    revision.publish(user=by, skip_permission_checks=True)
    version.refresh_from_db()
    return version


def set_in_review(*, version: Version, in_review: bool) -> bool:
    """Say whether a draft is being reviewed by someone else; false for what is published."""
    state = VersionState.IN_REVIEW if in_review else VersionState.DRAFT
    changed = Version.objects.drafts().filter(pk=version.pk).exclude(state=state).update(state=state)
    return bool(changed)


def hold_files(version: Version) -> None:
    """Keep the pictures and documents that ``version`` shows as they are from now on.

    Of those that are still there: one that is gone leaves its words. Row by row, since Wagtail learns from
    each which file is in use.
    """
    used = used_in(version.body.get_prep_value())
    kinds = {"image": (get_image_model(), used.images), "document": (get_document_model(), used.documents)}
    for name, (model, pks) in kinds.items():
        for file in model._default_manager.filter(pk__in=pks):
            HeldFile.objects.get_or_create(version=version, **{name: file})


@transaction.atomic
def put_in_force(*, version: Version) -> bool:
    """Make a version that Wagtail has just published the one that counts; false if it already is.

    Retires the one before it, dates the new one (unless it brings the date of its paper), keeps how its guide
    is called,
    brings the guide out of *en construcción*, gives its chapters their dates of review, asks for
    the files and for the search to learn of it, and announces ``version_published`` after commit.
    """
    guide = Guide.objects.select_for_update().get(pk=version.guide_id)
    if not version.live or version.is_published:
        return False
    previous = guide.versions.in_force().first()
    if previous is not None:
        guide.versions.in_force().update(state=VersionState.RETIRED)
    version.state = VersionState.IN_FORCE
    version.published_on = version.published_on or timezone.localdate()
    version.title, version.lead = guide.title, guide.lead
    now = ("state", "published_on", "title", "lead")
    Version.objects.filter(pk=version.pk).update(**{name: getattr(version, name) for name in now})
    if guide.state == GuideState.BUILDING:
        guide.state = GuideState.IN_FORCE
        guide.save(update_fields=["state", "updated_at"])
    Rendition.objects.bulk_create(
        (Rendition(version=version, format=form) for form, _label in MADE), ignore_conflicts=True
    )
    version.guide = guide
    hold_files(version)
    keep_dates(version=version, previous=previous)
    outbox.queue("guia", guide.pk)
    transaction.on_commit(
        partial(signals.version_published.send, sender=Version, version=version, previous=previous)
    )
    return True
