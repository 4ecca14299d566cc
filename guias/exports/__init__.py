"""Files made from the blocks of a version: the same chapters as on the screen, to take home."""

from __future__ import annotations

from guias.enums import Format
from guias.exports import docx, html, pdf
from guias.models import Version


def make(version: Version, form: str) -> bytes:
    """Return the file of ``version`` in format ``form``; slow, for the worker. Same content, same bytes."""
    makers = {Format.PDF: pdf.make, Format.DOCX: docx.make, Format.HTML: html.make}
    return makers[Format(form)](version)
