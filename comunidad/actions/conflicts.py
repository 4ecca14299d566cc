"""Two people edit the same text: the second learns of it and loses nothing."""

from __future__ import annotations

from typing import Any


class Conflict(Exception):
    """Someone saved after this text was opened. ``current`` is the row as it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__(f"saved meanwhile: {current!r}")
        self.current = current
