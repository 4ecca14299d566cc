"""The tree of the package, or a part of it, as a ZIP that is made while it is sent."""

from __future__ import annotations

from collections.abc import Set

from django.template.loader import render_to_string

from guias.actions.files import keep_checksum
from guias.enums import SEARCH_INDEX, Format
from guias.exports.package import DELETE_TOO, MANIFEST, Entry, Package, Selection, as_note, collect
from guias.models import Checksum
from nucleo.files import opener
from nucleo.stored_zip import Part, StoredZip

FEW = 500
TEXTS = (Format.HTML, SEARCH_INDEX)
MOST_PACKED = 8 * 1024 * 1024
"""Bytes of pages that are packed for a second download, 0.3 s of processor; more of them go as they are."""


class NotSummed(Exception):
    """The checksum of a file is not known yet; the worker takes it (``prepare``), and no request."""


def archive(package: Package, lacking: Set[str], delete_too: list[str], *, packed: bool = False) -> StoredZip:
    """Return the ZIP of the files that are ``lacking``, and of the manifest, which always goes along.

    ``delete_too`` are files of an earlier package that the manifest cannot know of. ``packed``: with the
    pages deflated, which unzip to the same; PDF is compressed already. Raises NotSummed.
    """
    entries = [entry for entry in package.entries if entry.path in lacking]
    sums = _known(entries)
    if any(entry.sha256 not in sums for entry in entries):
        raise NotSummed
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
    """Take the checksums that are missing: each is kept with its file, unless that came another way."""
    entries = collect(Selection()).entries
    known = _known(entries)
    for sha256, entry in {entry.sha256: entry for entry in entries}.items():
        if sha256 not in known:
            with opener(entry.file)() as file:
                keep_checksum(sha256=sha256, file=file)


def _known(entries: list[Entry]) -> dict[str, int]:
    """Return the CRC-32 of each file, as far as they are known."""
    wanted = {entry.sha256 for entry in entries}
    known = Checksum.objects.values_list("sha256", "crc32")
    # A database takes only so many values in one question; then all that is known is no more.
    return dict(known.filter(sha256__in=wanted) if len(wanted) <= FEW else known)
