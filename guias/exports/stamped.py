"""An official file as readers get it: as the network issued it, with the code of the version on every page.

The file that was uploaded stays as it is and is what search reads; this one is made by the worker (ADR 0026).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from guias.actions.paper import give_codes
from guias.enums import Format
from guias.models import OfficialFile, PaperCode, Version
from nucleo import paper, pdf_stamp, qr, word_stamp

EDITION = 1
"""How official files are stamped. Raise it when what comes out changes: all of them are then made anew."""
INKED = 15.2
"""Millimetres of the code itself, without its white edge: it reads from a photocopy."""
WORDS = 12.6
"""Millimetres for the words below the code, where it stands."""


def recipe(version: Version, official: OfficialFile) -> str:
    """Return the fingerprint of all that the stamped file is made of."""
    parts = [EDITION, settings.ORIGIN, official.sha256, version.guide.slug, version.number]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@contextmanager
def make(version: Version, official: OfficialFile) -> Iterator[IO[bytes]]:
    """Give the stamped file, open; slow, for the worker. Same content, same bytes.

    Raises ``LeftAsItIsError`` when the file must stay as it is.
    """
    code = give_codes(version=version)[""]
    with tempfile.TemporaryDirectory() as folder, official.file.open("rb") as file:
        into = Path(folder) / "stamped"
        if official.format == Format.DOCX:
            _word(file, version, code, into)
        else:
            stamps = Path(folder) / "stamps.pdf"
            stamps.write_bytes(drawn(version, code))
            pdf_stamp.stamp(file, stamps=stamps, into=into)
        with into.open("rb") as made:
            yield made


def look(file: IO[bytes], form: str) -> None:
    """Raise ``LeftAsItIsError`` if a file of format ``form`` must stay as it is. Leaves it at its start."""
    file.seek(0)
    try:
        (word_stamp if form == Format.DOCX else pdf_stamp).look(file)
    finally:
        file.seek(0)


def _side(code: PaperCode) -> float:
    return round(INKED / qr.inked(code.address), 2)


def drawn(version: Version, code: PaperCode) -> bytes:
    """Return the stamp as a PDF of two pages, lying and standing."""
    host, _slash, path = code.written.partition("/")
    html = render_to_string(
        "guias/exports/stamp.html",
        {
            "code": code,
            "host": host,
            "path": f"/{path}",
            "number": version.number,
            "side": str(_side(code)),
            "tall": str(round(_side(code) + WORDS, 2)),
            "ways": ("lying", "standing"),
            "picture": paper.as_data(qr.drawn(code.address), "image/png"),
            "fonts": paper.static_fonts(),
        },
    )
    return paper.plain_pdf(html)


def _word(file: IO[bytes], version: Version, code: PaperCode, into: Path) -> None:
    picture = into.with_suffix(".png")
    picture.write_bytes(qr.picture(code.address))
    said = {"n": version.number, "address": code.written}
    word_stamp.stamp(
        file,
        picture=picture,
        side=_side(code),
        words=_("Versión %(n)s. ¿Sigue vigente? Escanee el código o abra *%(address)s*") % said,
        alt=_("Código QR de %s") % code.written,
        into=into,
    )
