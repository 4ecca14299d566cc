"""One style sheet on the wire, many in the repository: ``site.css`` with what it imports put inside.

While developing, the browser follows the imports itself. ``collectstatic`` puts them together, so that a
first visit asks once (see ADR 0004 and ``docs/components.md``). Knows no other file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
_IMPORT = re.compile(r'^@import url\("(?P<path>[\w./-]+)"\) layer\((?P<layer>[\w.]+)\);$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s*\n\s*")
_TIGHT = re.compile(r"\s*([{};])\s*")


def put_together(sheet: str, read: Any) -> str:
    """Return ``sheet`` with each imported file inside its layer, without comments and indentation.

    ``read(path)`` gives the text of a file named as in the import.
    """

    def inside(found: re.Match[str]) -> str:
        return f"@layer {found['layer']} {{\n{read(found['path'])}\n}}"

    return tightened(_IMPORT.sub(inside, sheet))


def tightened(sheet: str) -> str:
    """Return ``sheet`` without comments, blank lines and indentation; nothing inside a value changes."""
    parts = re.split(r'("[^"\n]*")', _COMMENT.sub("", sheet))
    for number in range(0, len(parts), 2):
        parts[number] = _TIGHT.sub(r"\1", _BLANK.sub(" ", parts[number]))
    return "".join(parts).strip() + "\n"


class OneSheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Servestatic's hashed and compressed files, with one style sheet for the site."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put the sheet together before it is hashed and compressed."""
        if SHEET in paths and not dry_run:
            folder = SHEET.rpartition("/")[0]

            def read(path: str) -> str:
                storage, source = paths[f"{folder}/{path}"]
                with storage.open(source) as file:
                    return str(file.read().decode())

            storage, source = paths[SHEET]
            with storage.open(source) as file:
                sheet = put_together(file.read().decode(), read)
            self.delete(SHEET)
            self._save(SHEET, ContentFile(sheet.encode()))
            paths[SHEET] = (self, SHEET)
        yield from super().post_process(paths, dry_run=dry_run, **options)
