"""Work on guides that is done outside of any request. Each task may run twice without harm."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django_tasks import task

from guias import exports
from guias.actions.files import fail_file, request_file, store_file
from guias.exports import zipped
from guias.exports.changes import kept_sheet
from guias.models import Rendition, Version

logger = logging.getLogger(__name__)


@task()
def make_files(version_id: int) -> None:
    """Make the wanted files of a version that are missing or stale; raise the last failure, to be retried."""
    version = Version.objects.select_related("guide").filter(pk=version_id).first()
    if version is None:
        return
    source = exports.recipe(version)
    failure: Exception | None = None
    for rendition in Rendition.objects.filter(version=version):
        if rendition.is_ready and rendition.source == source:
            continue
        rendition.version = version
        try:
            content = exports.make(version, rendition.format)
            store_file(rendition=rendition, content=content, source=source)
        except Exception as error:
            logger.exception("The file %s could not be made", rendition)
            fail_file(rendition=rendition, reason=f"{type(error).__name__}: {error}")
            failure = error
    if failure is not None:
        raise failure


def ask_for(version: Version, forms: Iterable[str]) -> None:
    """Have those files of ``version`` made that nobody asked for yet, all in one task."""
    asked = [request_file(version=version, form=form) for form in forms]
    if any(asked):
        make_files.enqueue(version.pk)


@task()
def make_changes_sheet(version_id: int) -> None:
    """Draw what changed since the version before, for the wall; nothing for the first one."""
    version = Version.objects.select_related("guide").get(pk=version_id)
    before = Version.objects.published().filter(guide=version.guide, number__lt=version.number)
    old = before.select_related("guide").order_by("number").last()
    if old is not None:
        kept_sheet(old, version)


@task()
def renew_files() -> int:
    """Queue the versions with a file that is missing or made from something else; return how many they are.

    Once a day: after an improvement of the portal, a new address, a mended title.
    """
    known = Rendition.objects.values_list("version_id", "source").distinct()
    sources: dict[int, set[str]] = {}
    for version_id, source in known:
        sources.setdefault(version_id, set()).add(source)
    stale = [
        version.pk
        for version in Version.objects.filter(pk__in=known.values("version")).select_related("guide")
        if sources.get(version.pk) != {exports.recipe(version)}
    ]
    zipped.prepare()
    for version_id in stale:
        make_files.enqueue(version_id)
    return len(stale)
