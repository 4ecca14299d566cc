"""How styles, scripts and pictures are stored: named by their content, and compressed once.

Only what browsers are sent is compressed: the file with its hash in the name, no source maps. The strongest
brotli costs a second for each megabyte, so large files of the administration get a quicker one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import brotli  # type: ignore[import-untyped]
from servestatic.compress import Compressor

from nucleo.sheets import OneSheetStorage

LARGE = 128 * 1024
"""Twice the style sheet of the site: with the quicker one that would be 1.2 kB more for every reader."""
STRONGEST, QUICK = 11, 5
HASHED = re.compile(r"\.[0-9a-f]{12}(\.[^./]+)?$")


class QuickCompressor(Compressor):  # type: ignore[misc]
    """As servestatic's, with an effort that depends on the size."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return ``data`` compressed."""
        return bytes(brotli.compress(data, quality=STRONGEST if len(data) <= LARGE else QUICK))


class Storage(OneSheetStorage):
    """One style sheet for the site, without compressing what nobody asks for."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Return the compressor."""
        return QuickCompressor(**kwargs)

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Compress those of ``paths`` that pages link to."""
        wanted = {path for path in paths if HASHED.search(path) and not path.endswith(".map")}
        yield from super().compress_files(wanted)
