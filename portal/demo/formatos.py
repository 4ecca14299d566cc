"""The forms on paper of the demonstration, from ``data/formatos.yaml``; loading twice changes nothing.

Their Word files are made here, with the same bytes each time, and read as those of an editor are. Their empty
PDFs are drawn when somebody first wants one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.db import transaction
from docx import Document
from docx.enum.text import WD_TAB_LEADER
from docx.shared import Cm, Pt
from wagtail.models import ModelLogEntry

from guias.actions.paper_forms import queue_paper_form
from guias.enums import FieldKind
from guias.models import ChapterReview, Guide, PaperField, PaperForm
from nucleo import word
from nucleo.word_form import inspected

DATA = Path(__file__).parent / "data" / "formatos.yaml"
DAY = dt.date(2015, 3, 9)
"""Of the other facts of the demonstration."""


def load() -> int:
    """Load every form; return how many there are."""
    entries = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    for entry in entries:
        load_form(entry)
    return len(entries)


@transaction.atomic
def load_form(entry: dict[str, Any]) -> PaperForm:
    """Create one form with its fields; what an editor changed since stays as it is.

    One that was loaded before forms knew their chapters, and that nobody edited since, gets them now.
    """
    found = PaperForm.objects.filter(slug=entry["slug"]).first()
    if found is not None:
        if not (found.chapters.exists() or ModelLogEntry.objects.for_instance(found).exists()):
            _link(found, entry)
        return found
    read = inspected(template(entry))
    form = PaperForm(
        title=entry["title"],
        slug=entry["slug"],
        lead=entry["lead"],
        route=entry["route"],
        guide=Guide.objects.filter(slug=entry.get("guide", "")).first(),
        is_public=True,
        is_demo=True,
        sha256=hashlib.sha256(read.content).hexdigest(),
        names=read.names,
        template_on=DAY,
    )
    form.file.save("formato.docx", ContentFile(read.content), save=False)
    form.save()
    _link(form, entry)
    for n, about in enumerate(entry["fields"]):
        _field(form, n, about)
    queue_paper_form(form)
    return form


def _link(form: PaperForm, entry: dict[str, Any]) -> None:
    for address in entry.get("chapters", ()):
        guide, chapter = address.split("/")
        form.chapters.add(*ChapterReview.objects.filter(guide__slug=guide, chapter=chapter))


def _field(form: PaperForm, n: int, about: dict[str, Any]) -> None:
    PaperField.objects.create(
        form=form,
        sort_order=n,
        name=about["name"],
        label=about["label"],
        kind=about.get("kind", FieldKind.SHORT),
        help=about.get("help", ""),
        required=about.get("required", True),
        choices="\n".join(about.get("choices", ())),
        prefill=about.get("prefill", ""),
    )


def template(entry: dict[str, Any]) -> bytes:
    """Return the Word file that ``entry`` describes."""
    document = Document()
    word.dress(document, title=entry["title"], day=DAY, version=1, comments="")
    document.add_heading(entry["title"], 0)
    for block in entry["text"]:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        for kind, lines in block.items():
            MAKERS[kind](document, lines)
    return word.content(document)


def _list(document: Any, lines: list[str]) -> None:
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in rows:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = value
    document.add_paragraph()


def _sign(document: Any, names: list[str]) -> None:
    for name in names:
        line = document.add_paragraph("\t")
        line.paragraph_format.space_before = Pt(36)
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.tab_stops.add_tab_stop(Cm(8), leader=WD_TAB_LEADER.LINES)
        document.add_paragraph(name)


MAKERS: dict[str, Callable[[Any, Any], None]] = {"list": _list, "table": _table, "sign": _sign}
"""One for each kind of block in the file."""
