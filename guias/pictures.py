"""The pictures of guides: drawn once, by the worker, and only looked up when somebody reads.

To draw one takes a second of processor or more, and a reader's request is no place for it: readers get what
was made (:func:`made`), and its words until then. Drafts, and files that go home, are drawn where they are
(:func:`drawn`).
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageStat
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import Filter, SourceImageIOError
from willow.plugins.pillow import PillowImage  # type: ignore[import-untyped]

logger = logging.getLogger(__name__)

WHOLE = "width-1100"
"""In the form in which it was uploaded: for phones that do not know WebP, and for files."""
WIDTHS = (480, 720, 1100)
"""Pixels that a figure may be wide: a cheap phone, one whose screen is twice as fine, a desk."""
FORMS = ("webpquality-60|format-webp", "colours-24|format-webp-lossless")
"""A photograph is lighter in the first, most drawings in the second."""
UNSEEN = 4.0
"""By how much a drawing may differ from itself with fewer colours, of 255 (root mean square): drawings that
were measured differ by 0.3 to 2.9, less than what the first form makes of them, photographs by 8 and more."""
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


class ColoursOperation(FilterOperation):  # type: ignore[misc]
    """``colours-24``: no more colours than that, where nobody sees the difference.

    What is drawn in few colours has thousands along its edges once it is made smaller, and most of its bytes
    are theirs. A photograph stays as it is.
    """

    def construct(self, most: str) -> None:
        """Take the number of colours; ``ValueError`` for none."""
        self.most = int(most)

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> Any:
        """Return the picture with few colours, or None for one that needs more."""
        picture = willow.get_pillow_image()
        whole = picture.convert("RGB")
        if _differ(whole, _of_few(whole, 64, Image.Quantize.FASTOCTREE)) > 1.5 * UNSEEN:
            return None  # a photograph: to choose its colours well would take seconds, and for nothing
        few = _of_few(whole, self.most, Image.Quantize.MAXCOVERAGE, kmeans=1)
        if _differ(whole, few) > UNSEEN:
            return None
        if willow.has_alpha():
            few.putalpha(picture.convert("RGBA").getchannel("A"))
        return PillowImage(few)


def _of_few(picture: Image.Image, most: int, way: Image.Quantize, kmeans: int = 0) -> Image.Image:
    return picture.quantize(most, way, kmeans, dither=Image.Dither.NONE).convert("RGB")


def _differ(one: Image.Image, other: Image.Image) -> float:
    bands = ImageStat.Stat(ImageChops.difference(one, other)).rms
    return math.hypot(*bands) / math.sqrt(len(bands))


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
