"""What an uploaded PDF is: how many pages, and what the first one looks like. Or why it cannot be taken.

PDFium mends much that is broken, which is right for a reader and wrong for a file that is kept for years: an
upload that was cut short is told by its missing end. ``python -m nucleo.pdf_look`` reads standard input and
writes JSON (:mod:`nucleo.apart`).
"""

from __future__ import annotations

import base64
import io
import json
import sys
from dataclasses import dataclass
from typing import IO, Any

from nucleo import apart

MAX_PAGES = 2_000
SECONDS = 20
WIDTH, HEIGHT = 300, 600
"""Pixels that the picture of the first page fits in, as wide as a phone shows it."""
TAIL = 2048
"""Bytes in which a whole PDF says that it ends; some programs write a little after it."""
PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Look:
    """A PDF that can be kept. ``picture`` is its first page as WebP."""

    pages: int
    picture: bytes
    width: int
    height: int


class UnfitError(Exception):
    """The PDF cannot be taken; ``reason`` is one of: not-pdf, cut, locked, broken, long."""

    def __init__(self, reason: str, pages: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.pages = reason, pages


def look(file: IO[bytes]) -> Look:
    """Return what ``file`` is; raises UnfitError. Leaves it at its beginning."""
    file.seek(0)
    try:
        if not file.read(1024).lstrip().startswith(PDF):
            raise UnfitError("not-pdf")
        file.seek(0)
        said = apart.run("nucleo.pdf_look", file=file, seconds=SECONDS)
    except apart.ApartError as error:
        raise UnfitError("broken") from error
    finally:
        file.seek(0)
    if "reason" in said:
        raise UnfitError(said["reason"], said.get("pages", 0))
    return Look(said["pages"], base64.b64decode(said["picture"]), said["width"], said["height"])


def _seen(data: bytes) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        return {"reason": "locked" if locked else "cut" if b"%%EOF" not in data[-TAIL:] else "broken"}
    pages = len(document)
    if b"%%EOF" not in data[-TAIL:]:
        return {"reason": "cut"}
    if pages > MAX_PAGES:
        return {"reason": "long", "pages": pages}
    if pages == 0:
        return {"reason": "broken"}
    first, out = document[0], io.BytesIO()
    fits = min(WIDTH / max(first.get_width(), 1), HEIGHT / max(first.get_height(), 1))
    # Two pixels for one, made smaller afterwards: letters stay legible.
    drawn = first.render(scale=2 * fits).to_pil().convert("RGB")
    drawn.thumbnail((WIDTH, HEIGHT))
    drawn.save(out, "WEBP", quality=70, method=6)
    picture = base64.b64encode(out.getvalue()).decode("ascii")
    return {"pages": pages, "picture": picture, "width": drawn.width, "height": drawn.height}


def main() -> None:
    """Read standard input within the limits and write what it is."""
    apart.limit(SECONDS)
    sys.stdout.write(json.dumps(_seen(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
