"""What travels of styles and scripts: one sheet, ``site.css`` with what it imports inside, and no comments.

While developing, the browser follows the imports itself and reads the scripts as they are. ``collectstatic``
puts the sheet together, so that a first visit asks once, and takes out the comments, a sixth of what our
scripts weigh when they are compressed (see ADR 0004 and ``docs/components.md``). What others wrote stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
SCRIPTS = "js/"
_IMPORT = re.compile(r'^@import url\("(?P<path>[\w./-]+)"\) layer\((?P<layer>[\w.]+)\);$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_REMARK = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
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


def bare(script: str) -> str:
    """Return ``script`` without the comments that have lines of their own; lines with code stay."""
    return _REMARK.sub("", script)


class OneSheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Servestatic's hashed and compressed files, with one style sheet for the site."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put the sheet together and strip the scripts before they are hashed and compressed."""

        def read(path: str) -> str:
            storage, source = paths[path]
            with storage.open(source) as file:
                return str(file.read().decode())

        def write(path: str, text: str) -> None:
            self.delete(path)
            self._save(path, ContentFile(text.encode()))
            paths[path] = (self, path)

        if not dry_run:
            if SHEET in paths:
                folder = SHEET.rpartition("/")[0]
                write(SHEET, put_together(read(SHEET), lambda path: read(f"{folder}/{path}")))
            for path in [path for path in paths if path.startswith(SCRIPTS)]:
                write(path, bare(read(path)))
        yield from super().post_process(paths, dry_run=dry_run, **options)
