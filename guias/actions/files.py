"""Ask for files, keep them when they are made, and count who took one."""

from __future__ import annotations

import errno
import hashlib
import io
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from guias.enums import Failure, Format, RenditionState
from guias.models import Checksum, Download, OfficialFile, Rendition, Version
from guias.models.downloads import taker
from nucleo.stored_zip import checksum

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""What the system says where there is no room left."""


@transaction.atomic
def request_file(*, version: Version, form: str) -> bool:
    """Write down that a file is wanted; true when the work has to be queued, false when it already is.

    A file that failed, or that has been waited for too long, is asked for again.
    """
    rendition, created = Rendition.objects.select_for_update().get_or_create(version=version, format=form)
    if created:
        return True
    if not rendition.is_stale:
        return False
    rendition.state, rendition.requested_at = RenditionState.PENDING, timezone.now()
    rendition.save(update_fields=["state", "requested_at"])
    return True


def store_file(*, rendition: Rendition, content: bytes | IO[bytes], source: str = "") -> Rendition:
    """Keep the bytes of a file that was made from ``source``, under a name that says what is in it.

    The row changes last: until the whole file is there, readers get the one before. That one stays on the
    disk for a week, where a package that is being sent may still want it (``guias.tasks.sweep_files``).
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    kept = (
        rendition.is_ready
        and rendition.sha256 == sha256
        and rendition.file.storage.exists(str(rendition.file.name))
    )
    if not kept:
        rendition.sha256, rendition.size = sha256, file.seek(0, io.SEEK_END)
        rendition.file.save("", File(file), save=False)
        rendition.made_at = timezone.now()
    file.seek(0)
    keep_checksum(sha256=sha256, file=file)
    rendition.state, rendition.source = RenditionState.READY, source
    rendition.failure = rendition.error = ""
    rendition.save()
    return rendition


def leave_as_it_is(*, rendition: Rendition, official: OfficialFile, reason: str, source: str) -> None:
    """Have readers take ``official`` as it came, and write down why its pages carry no code."""
    if rendition.sha256 != official.sha256 or not rendition.is_ready:
        rendition.made_at = timezone.now()
    rendition.file, rendition.sha256, rendition.size = official.file.name, official.sha256, official.size
    rendition.state, rendition.source = RenditionState.READY, source
    rendition.failure, rendition.error = "", reason
    with official.file.open("rb") as file:
        keep_checksum(sha256=official.sha256, file=file)
    rendition.save()


def take_place(*, official: OfficialFile) -> None:
    """Give up what was made for readers in the format of ``official``, which came, changed or went.

    Until the worker has made another they get the official file as it came, or wait for the one that is
    made from the content.
    """
    found = Rendition.objects.filter(version=official.version_id, format=official.format)
    found.update(state=RenditionState.PENDING, failure="", error="", source="", requested_at=timezone.now())


def keep_checksum(*, sha256: str, file: IO[bytes]) -> None:
    """Keep the CRC-32 of an uploaded ``file``, from where it stands: a ZIP says it before the file."""
    if not Checksum.objects.filter(sha256=sha256).exists():
        Checksum.objects.get_or_create(sha256=sha256, defaults={"crc32": checksum(file)})


def fail_file(*, rendition: Rendition, error: Exception) -> None:
    """Write down that a file could not be made, and why, for its editor and for whoever runs the portal.

    One that was ready stays so: what readers have is old, not gone.
    """
    full = isinstance(error, OSError) and error.errno in FULL
    row = Rendition.objects.filter(pk=rendition.pk)
    said = f"{type(error).__name__}: {error}"[:2000]
    row.update(failure=Failure.NO_ROOM if full else Failure.OTHER, error=said)
    row.exclude(state=RenditionState.READY).update(state=RenditionState.FAILED)


def count_downloads(*, versions: list[Version], form: str, user: Any, in_package: bool = False) -> None:
    """Count one download of each of ``versions``; those of one package have the same moment."""
    at = timezone.now()
    Download.objects.bulk_create(
        Download(version=version, format=Format(form), in_package=in_package, at=at, **taker(user))
        for version in versions
    )
