"""Ask for files, keep them when they are made, and count who took one."""

from __future__ import annotations

import hashlib
import zlib
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from guias.enums import Format, RenditionState
from guias.models import Checksum, Download, Rendition, Version
from guias.models.downloads import taker
from nucleo.stored_zip import checksum


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


def store_file(*, rendition: Rendition, content: bytes, source: str = "") -> Rendition:
    """Keep the bytes of a file that was made from ``source``, under a name that says what is in it.

    The row changes last: until the whole file is there, readers get the one before. That one stays on the
    disk for a week, where a package that is being sent may still want it (``guias.tasks.sweep_files``).
    """
    sha256 = hashlib.sha256(content).hexdigest()
    kept = (
        rendition.is_ready
        and rendition.sha256 == sha256
        and rendition.file.storage.exists(str(rendition.file.name))
    )
    if not kept:
        rendition.sha256, rendition.size = sha256, len(content)
        rendition.file.save("", ContentFile(content), save=False)
        rendition.made_at = timezone.now()
    rendition.state, rendition.error, rendition.source = RenditionState.READY, "", source
    rendition.save()
    Checksum.objects.get_or_create(sha256=rendition.sha256, defaults={"crc32": zlib.crc32(content)})
    return rendition


def keep_checksum(*, sha256: str, file: IO[bytes]) -> None:
    """Keep the CRC-32 of an uploaded ``file``, from where it stands: a ZIP says it before the file."""
    Checksum.objects.get_or_create(sha256=sha256, defaults={"crc32": checksum(file)})


def fail_file(*, rendition: Rendition, reason: str) -> None:
    """Write down that a file could not be made, and why, for whoever runs the portal.

    One that was ready stays so: what readers have is old, not gone.
    """
    row = Rendition.objects.filter(pk=rendition.pk)
    row.update(error=reason[:2000])
    row.exclude(state=RenditionState.READY).update(state=RenditionState.FAILED)


def count_downloads(*, versions: list[Version], form: str, user: Any, in_package: bool = False) -> None:
    """Count one download of each of ``versions``; those of one package have the same moment."""
    at = timezone.now()
    Download.objects.bulk_create(
        Download(version=version, format=Format(form), in_package=in_package, at=at, **taker(user))
        for version in versions
    )
