"""QR codes for paper: a camera reads them from a photocopy, and nothing is fetched to draw them."""

from __future__ import annotations

import io
from functools import lru_cache

import segno
from PIL import Image

QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""
SCALE = 8
"""Pixels of a module: 400 dots an inch on paper, when the code is 17 mm wide."""
DRAWN = 2
"""Pixels of a module in a PDF, which draws them as squares of any size."""


@lru_cache(maxsize=512)
def picture(text: str) -> bytes:
    """Return a PNG in black and white of ``text``, its white edge inside; same text, same bytes.

    At least level M: it still reads with 15 % of it under a stain or a fold.
    """
    return _png(text, SCALE)


@lru_cache(maxsize=512)
def drawn(text: str) -> bytes:
    """Return the same picture as a PDF draws it, for a third of its weight.

    It is grey, because WeasyPrint makes three colours of what is black and white; and small, to be shown with
    ``image-rendering: pixelated``, which keeps its squares sharp at any size.
    """
    found = io.BytesIO()
    Image.open(io.BytesIO(_png(text, DRAWN))).convert("L").save(found, "PNG")
    return found.getvalue()


def _png(text: str, scale: int) -> bytes:
    found = io.BytesIO()
    segno.make_qr(text, error="m").save(found, kind="png", scale=scale, border=QUIET)
    return found.getvalue()


def inked(text: str) -> float:
    """Return which part of the side of :func:`picture` the code itself takes, without its white edge."""
    modules = segno.make_qr(text, error="m").symbol_size(border=0)[0]
    return float(modules / (modules + 2 * QUIET))
