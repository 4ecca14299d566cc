"""Work on guides that is done outside of any request. Each task may run twice without harm."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from guias import exports, pictures
from guias.actions.files import fail_file, leave_as_it_is, request_file, store_file
from guias.exports import stamped, zipped
from guias.exports.changes import kept_sheet, sheet_name
from guias.models import HeldFile, OfficialFile, Rendition, Version
from nucleo.pdf_stamp import LeftAsItIsError

logger = logging.getLogger(__name__)

FOLDERS = ("guias", "guias/oficial", "guias/cambios")
"""Where what is made and what is uploaded is kept."""
_OURS = re.compile(r"-[0-9a-f]{12}\.\w+$|\.part$")
"""A content in the name, or a file that never got its own: nothing else is touched."""
KEPT = timedelta(days=7)
"""How long a replaced file stays."""
ASKED_AGAIN_AFTER = 120
"""Seconds after which what did not come is asked for again."""
SOMEBODY_WAITS = 50
"""Of -100 to 100; what is made for later has 0."""


@task()
def make_files(version_id: int) -> None:
    """Make the wanted files of a version that are missing or stale; raise the last failure, to be retried."""
    version = Version.objects.select_related("guide").filter(pk=version_id).first()
    if version is None:
        return
    officials = {official.format: official for official in version.official_files.all()}
    failure: Exception | None = None
    for rendition in Rendition.objects.filter(version=version):
        official = officials.get(rendition.format)
        source = exports.recipe(version, official)
        if rendition.is_ready and rendition.source == source:
            continue
        rendition.version = version
        try:
            _make(rendition, official, source)
        except Exception as error:
            logger.exception("The file %s could not be made", rendition)
            fail_file(rendition=rendition, error=error)
            failure = error
    if failure is not None:
        raise failure


def _make(rendition: Rendition, official: OfficialFile | None, source: str) -> None:
    """Make a file from the content, or from the one that the network issued in its place."""
    version = rendition.version
    if official is None:
        content = exports.make(version, rendition.format)
        if not _other_by_now(rendition, official):
            store_file(rendition=rendition, content=content, source=source)
        return
    try:
        with stamped.make(version, official) as made:
            if not _other_by_now(rendition, official):
                store_file(rendition=rendition, content=made, source=source)
    except LeftAsItIsError as error:
        if not _other_by_now(rendition, official):
            leave_as_it_is(rendition=rendition, official=official, reason=error.reason, source=source)


def _other_by_now(rendition: Rendition, official: OfficialFile | None) -> bool:
    """Whether an official file came, changed or went meanwhile; who did it asked for the file anew."""
    found = OfficialFile.objects.filter(version=rendition.version_id, format=rendition.format)
    return found.values_list("sha256", flat=True).first() != (official.sha256 if official else None)


@task()
def make_pictures(version_id: int) -> None:
    """Draw the pictures that a version shows, for screens; those that cannot be leave their words."""
    for held in HeldFile.objects.filter(version=version_id, image__isnull=False).select_related("image"):
        pictures.make(held.image)


def draw_soon(version_id: int) -> None:
    """Have the pictures of a version drawn before any file: it is on the screens already."""
    make_pictures.using(priority=SOMEBODY_WAITS).enqueue(version_id)


def ask_for(version: Version, forms: Iterable[str]) -> None:
    """Have those files of ``version`` made that nobody asked for yet, all in one task."""
    asked = [request_file(version=version, form=form) for form in forms]
    if any(asked):
        make_files.enqueue(version.pk)


def hurry(version: Version, form: str) -> None:
    """Have a file made that somebody is waiting for, before those that nobody waits for.

    It may be in the queue already, behind those of a hundred guides: the task that comes later finds it
    made. Who asks again while she waits queues nothing more.
    """
    asked = request_file(version=version, form=form)
    if cache.add(f"guias:waiting:{version.pk}:{form}", 1, ASKED_AGAIN_AFTER) or asked:
        make_files.using(priority=SOMEBODY_WAITS).enqueue(version.pk)


def mark_soon(version_id: int) -> None:
    """Have the official files of a version marked first: who issued one looks whether it is."""
    make_files.using(priority=SOMEBODY_WAITS).enqueue(version_id)


@task()
def make_changes_sheet(version_id: int) -> None:
    """Draw what changed since the version before, for the wall; nothing for the first one."""
    version = Version.objects.select_related("guide").get(pk=version_id)
    before = Version.objects.published().filter(guide=version.guide, number__lt=version.number)
    old = before.select_related("guide").order_by("number").last()
    if old is not None:
        kept_sheet(old, version)


@task()
def sweep_files() -> int:
    """Remove files that no row names any more and that nobody may still be taking; return how many they were.

    Once a day. What replaced them is there; a package that began with the old ones has long ended. The
    sheets of two versions that do not follow one another are drawn again for who asks.
    """
    named = set(Rendition.objects.values_list("file", flat=True))
    for official in OfficialFile.objects.values_list("file", "picture"):
        named |= set(official)
    named |= {sheet_name(old, new) for old, new in _neighbours()}
    before = timezone.now() - KEPT
    gone = [
        name
        for folder in FOLDERS
        for name in _files_in(folder)
        if _OURS.search(name) and name not in named and default_storage.get_modified_time(name) < before
    ]
    for name in gone:
        default_storage.delete(name)
    return len(gone)


def _neighbours() -> Iterator[tuple[Version, Version]]:
    published = Version.objects.published().select_related("guide").order_by("guide", "number")
    for old, new in pairwise(published.iterator(chunk_size=50)):
        if old.guide_id == new.guide_id:
            yield old, new


def _files_in(folder: str) -> list[str]:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]


@task()
def draw_sheet(old_id: int, new_id: int) -> None:
    """Draw what changed between two versions that somebody asked for."""
    found = Version.objects.select_related("guide").in_bulk([old_id, new_id])
    kept_sheet(found[old_id], found[new_id])


def ask_for_sheet(old: Version, new: Version) -> None:
    """Have the sheet of two versions drawn; who asks again while it is being drawn queues nothing."""
    if cache.add(f"guias:sheet:{old.pk}:{new.pk}", 1, ASKED_AGAIN_AFTER):
        draw_sheet.using(priority=SOMEBODY_WAITS).enqueue(old.pk, new.pk)


@task()
def sum_files() -> None:
    """Take the checksums that the package lacks."""
    zipped.prepare()


def sum_soon() -> None:
    """Have them taken: somebody waits for the package."""
    if cache.add("guias:summing", 1, ASKED_AGAIN_AFTER):
        sum_files.using(priority=SOMEBODY_WAITS).enqueue()


def makers() -> str:
    """Return the fingerprint of how files and pictures are made: what it makes is due when it changes.

    So what a new version of the portal makes otherwise is made soon after its start, and not within a day.
    """
    parts = [exports.EDITION, stamped.EDITION, pictures.SPECS, settings.ORIGIN]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:12]


@task()
def renew_files() -> int:
    """Queue the versions with a file that is missing or made from something else; return how many they are.

    Soon after a start with other :func:`makers`, and once a day: of what went wrong, or was made elsewhere.
    """
    known: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for version_id, form, source in Rendition.objects.values_list("version_id", "format", "source"):
        known[version_id].append((form, source))
    versions = Version.objects.filter(pk__in=Rendition.objects.values("version")).select_related("guide")
    stale = [
        version.pk for version in versions.prefetch_related("official_files") if _is_stale(version, known)
    ]
    zipped.prepare()
    for version_id in _without_pictures():  # before the files: they are on the screens already
        make_pictures.enqueue(version_id)
    for version_id in stale:
        make_files.enqueue(version_id)
    return len(stale)


def _is_stale(version: Version, known: Mapping[int, list[tuple[str, str]]]) -> bool:
    """Whether a file of ``version`` is made from something else than what there is now."""
    officials = {official.format: official for official in version.official_files.all()}
    of_content = exports.recipe(version)
    return any(
        source != (exports.recipe(version, officials[form]) if form in officials else of_content)
        for form, source in known[version.pk]
    )


def _without_pictures() -> QuerySet[HeldFile, int]:
    """Return the published versions with a picture that lacks a size: sizes are new, or it failed."""
    of_ours = Q(image__renditions__filter_spec__in=pictures.SPECS)
    held = HeldFile.objects.filter(image__isnull=False).annotate(sizes=Count("image__renditions", of_ours))
    lacking = held.filter(sizes__lt=len(pictures.SPECS))
    return lacking.order_by("version").values_list("version", flat=True).distinct()
