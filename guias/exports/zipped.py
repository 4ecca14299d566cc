"""The tree of the package, or a part of it, as a ZIP that is made while it is sent."""

from __future__ import annotations

from collections.abc import Set

from django.template.loader import render_to_string

from guias.enums import SEARCH_INDEX, Format
from guias.exports.package import DELETE_TOO, MANIFEST, Entry, Package, Selection, as_note, collect
from guias.models import Checksum
from nucleo.files import opener
from nucleo.stored_zip import Part, StoredZip, checksum

FEW = 500
TEXTS = (Format.HTML, SEARCH_INDEX)
MOST_PACKED = 8 * 1024 * 1024
"""Bytes of pages that are packed for a second download, 0.3 s of processor; more of them go as they are."""


def archive(package: Package, lacking: Set[str], delete_too: list[str], *, packed: bool = False) -> StoredZip:
    """Return the ZIP of the files that are ``lacking``, and of the manifest, which always goes along.

    ``delete_too`` are files of an earlier package that the manifest cannot know of. ``packed``: with the
    pages deflated, which unzip to the same; PDF is compressed already.
    """
    entries = [entry for entry in package.entries if entry.path in lacking]
    sums = _checksums(entries)
    pages = {path: content for path, content in package.pages.items() if path in lacking}
    pages[MANIFEST] = package.manifest
    if delete_too:
        text = render_to_string("guias/package_delete.txt", {"paths": delete_too, "itself": DELETE_TOO})
        pages[DELETE_TOO] = as_note(text)
    weight = sum(map(len, pages.values())) + sum(one.size for one in entries if one.form in TEXTS)
    packed = packed and weight <= MOST_PACKED
    part = Part.packed if packed else Part.of
    parts = [part(path, content) for path, content in pages.items()]
    parts += (_part(one, sums[one.sha256], packed=packed and one.form in TEXTS) for one in entries)
    return StoredZip(parts)


def _part(entry: Entry, crc: int, *, packed: bool) -> Part:
    if not packed:
        return Part(entry.path, entry.size, crc, opener(entry.file))
    with opener(entry.file)() as file:
        return Part.packed(entry.path, file.read())


def prepare() -> None:
    """Take the checksums that are missing, once a day, so that nobody waits for them."""
    _checksums(collect(Selection()).entries)


def _checksums(entries: list[Entry]) -> dict[str, int]:
    """Return the CRC-32 of each file; one that is asked for the first time is read once, and remembered."""
    wanted = {entry.sha256: entry for entry in entries}
    known = Checksum.objects.values_list("sha256", "crc32")
    # A database takes only so many values in one question; then all that is known is no more.
    found = dict(known.filter(sha256__in=wanted) if len(wanted) <= FEW else known)
    new = []
    for sha256, entry in wanted.items():
        if sha256 not in found:
            with opener(entry.file)() as file:
                found[sha256] = checksum(file)
            new.append(Checksum(sha256=sha256, crc32=found[sha256]))
    Checksum.objects.bulk_create(new, ignore_conflicts=True)
    return found
