"""The pictures of guides: drawn once, by the worker, and only looked up when somebody reads.

To draw one takes a second of processor or more, and a reader's request is no place for it: readers get what
was made (:func:`made`), and its words until then. Drafts, and files that go home, are drawn where they are
(:func:`drawn`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.storage import default_storage
from wagtail.images.models import Filter, SourceImageIOError

logger = logging.getLogger(__name__)

WHOLE = "width-1100"
"""In the form in which it was uploaded: for phones that do not know WebP, and for files."""
WIDTHS = (480, 720, 1100)
"""Pixels that a figure may be wide: a cheap phone, one whose screen is twice as fine, a desk."""
FORMS = ("format-webp", "format-webp-lossless")
"""A photograph is lighter in the first, most drawings in the second."""
SPECS = (WHOLE, *(f"width-{width}|{form}" for width in WIDTHS for form in FORMS))
KEPT = 24 * 3600
"""Seconds that it is remembered what was made: what a published version shows cannot change."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a screen needs of a picture; ``widths`` as ``srcset`` takes them."""

    url: str
    width: int
    height: int
    name: str
    """Of its file in the default storage."""
    widths: str


def make(image: Any) -> bool:
    """Draw all that screens need of ``image``, if it was not yet; false for one that is lost or broken."""
    try:
        image.get_renditions(*SPECS)
    except (OSError, SyntaxError, SourceImageIOError):
        logger.exception("The picture %s cannot be drawn", image)
        return False
    return True


def made(image: Any) -> Picture | None:
    """Return ``image`` as it was made for screens, or None while it is not or when its file is lost.

    Draws nothing. A query, and none once all of it was found.
    """
    key = f"guias:picture:{image.pk}:{image.file_hash}"
    found: Picture | None = cache.get(key)
    if found is None:
        renditions = image.find_existing_renditions(*(Filter(spec=spec) for spec in SPECS))
        of_spec = {filter.spec: one for filter, one in renditions.items()}
        if WHOLE not in of_spec:
            return None
        whole = of_spec.pop(WHOLE)
        try:
            widths = _lightest(of_spec.values())
        except OSError:
            return None
        found = Picture(whole.url, whole.width, whole.height, str(whole.file.name), widths)
        if len(of_spec) == len(SPECS) - 1:
            cache.set(key, found, KEPT)
    return found if default_storage.exists(found.name) else None


def _lightest(renditions: Any) -> str:
    """Of each width the lightest, and none that is heavier than a wider one.

    A drawing of few colours has more of them, and more bytes, once it is made smaller.
    """
    kept: list[Any] = []
    for one in sorted(renditions, key=lambda one: (one.file.size, -one.width)):
        if all(one.width > lighter.width for lighter in kept):
            kept.append(one)
    return ", ".join(f"{one.url} {one.width}w" for one in kept)


def drawn(image: Any, spec: str = WHOLE) -> Any:
    """Return the picture of ``image`` at one size, drawn now if need be; None when it is lost or broken.

    One damaged file on the disk must not take away the chapter, nor the PDF, that it stands in.
    """
    try:
        found = image.get_rendition(spec)
        found.file.open("rb").close()
    except (OSError, SyntaxError, SourceImageIOError):
        logger.exception("The picture %s cannot be drawn", image)
        return None
    return found
