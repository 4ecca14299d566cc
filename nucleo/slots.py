"""Places in a page that another app may fill without either knowing the other.

An app opens a slot in its template (``{% chapter_aside guide chapter %}``); ``portal`` registers what
goes in. The slot's name and its arguments are the whole contract.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe

Filler = Callable[..., str]
_slots: dict[str, list[Filler]] = defaultdict(list)


def register(name: str, filler: Filler) -> Filler:
    """Put ``filler`` into slot ``name``; it returns HTML that is already safe, or an empty text.

    Called from ``AppConfig.ready``; registering the same callable twice keeps one.
    """
    if filler not in _slots[name]:
        _slots[name].append(filler)
    return filler


def unregister(name: str, filler: Filler) -> None:
    """Take ``filler`` out again."""
    _slots[name].remove(filler)


def render(name: str, **arguments: object) -> SafeString:
    """Return what the fillers of slot ``name`` give for ``arguments``, in the order of registration."""
    return mark_safe("".join(filler(**arguments) for filler in _slots.get(name, ())))
