"""Files made from the blocks of a version: the same chapters as on the screen, to take home."""

from __future__ import annotations

from guias.enums import SEARCH_INDEX, Format
from guias.exports import docx, html, pdf, searchable
from guias.models import Version


def make(version: Version, form: str) -> bytes:
    """Return the file of ``version`` in format ``form``; slow, for the worker. Same content, same bytes."""
    makers = {
        str(Format.PDF): pdf.make,
        str(Format.DOCX): docx.make,
        str(Format.HTML): html.make,
        SEARCH_INDEX: searchable.make,
    }
    return makers[form](version)
