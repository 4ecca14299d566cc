"""Files on disk that are whole or not there: written under another name, and given theirs at the end.

A disk that fills up, or a machine that stops, in the middle of writing leaves no half file under a name that
a row of the database, a backup or a web server may come upon.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's storage of files, with a last step that either happens or does not."""

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{uuid.uuid4().hex[:8]}.part"
        try:
            written = self.path(super()._save(part, content))  # type: ignore[misc]
            return self._named(written, name)
        finally:
            Path(self.path(part)).unlink(missing_ok=True)

    def _named(self, written: str, name: str) -> str:
        """Give the file ``written`` the name, or the next that is free; another's file is never replaced."""
        while True:
            try:
                os.link(written, self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            except OSError:  # a disk without hard links
                name = self.get_available_name(name)
                Path(written).rename(self.path(name))
                return name
            else:
                return name
