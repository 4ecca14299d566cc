"""The files that accounts of the demonstration share, from ``data/archivos.yaml``: Word, or PDF drawn of it.

They are made while they are loaded, so that the repository holds no file that nobody can read.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path, PurePath

import yaml
from django.core.files.base import ContentFile
from docx import Document

from nucleo import paper, word, word_pdf
from nucleo.uploads import Upload, checked

DATA = Path(__file__).parent / "data" / "archivos.yaml"
DAY = dt.date(2015, 3, 9)
"""Of the other facts of the demonstration: the clock is no part of a file."""
SECONDS = 120
"""For one PDF: nobody waits before a page for it, and a demonstration must load on a busy machine too."""


def upload(name: str) -> Upload:
    """Return the file that the demonstration calls ``name``, as it is when somebody has uploaded it."""
    return checked(ContentFile(_made(name), name=name))


@cache
def _made(name: str) -> bytes:
    """Return the bytes of a file. Kept: a PDF takes a second, and tests load the demonstration often."""
    about = yaml.safe_load(DATA.read_text(encoding="utf-8"))[name]
    document = Document()
    word.dress(document, title=about["titulo"], day=DAY, version=1, comments="Demostración")
    document.add_heading(about["titulo"], 0)
    for number, page in enumerate(about["paginas"]):
        if "titulo" in page:
            document.add_heading(page["titulo"], 1).paragraph_format.page_break_before = number > 0
        for text in page["texto"]:
            for line in text if isinstance(text, list) else [text]:
                document.add_paragraph(line, style="List Bullet" if isinstance(text, list) else None)
    content = word.content(document)
    if PurePath(name).suffix == ".docx":
        return content
    drawn = word_pdf.draw(content, title=about["titulo"], fonts=paper.static_fonts(), seconds=SECONDS)
    return drawn.content
