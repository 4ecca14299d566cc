"""The Word file: real headings, lists and tables, so that a centre can adapt it with Word's own tools."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_SECTION
from docx.shared import Cm, Pt

from guias.actions.paper import give_codes
from guias.blocks import prose
from guias.exports.html import address
from guias.models import Chapter, Erratum, PaperCode, Version
from guias.models.chapters import checklist_items, ficha_parts, main_points_title
from guias.pictures import drawn
from nucleo import qr, word
from nucleo.word import WORD_NAMESPACE, add_checkbox, add_foot, add_html, add_runs, numbered

FICHA = (Cm(4.2), Cm(12.8))
"""The columns of a process sheet."""


def make(version: Version) -> bytes:
    """Return the file."""
    document = Document()
    codes = give_codes(version=version)
    _dress(document, version)
    _foot(document.sections[0], version, codes[""])
    _cover(document, version)
    for chapter in version.chapters:
        _foot(document.add_section(WD_SECTION.NEW_PAGE), version, codes[chapter.slug], chapter)
        _chapter(document, chapter)
    word.close_gaps(document)
    return word.content(document)


def _dress(document: Any, version: Version) -> None:
    word.dress(
        document,
        title=version.guide.title,
        day=version.published_on or version.created_at.date(),
        version=version.number,
        comments=address(version),
    )


def _foot(section: Any, version: Version, code: PaperCode, chapter: Chapter | None = None) -> None:
    name = {"title": version.guide.title.replace("*", ""), "n": version.number}
    lines = [_("*%(title)s*, versión %(n)s") % name]
    if chapter:
        lines.append(f"{chapter.number}. {chapter.title.replace('*', '')}")
    add_foot(
        section,
        [*lines, _("¿Sigue vigente? Escanee el código o abra *%s*") % code.written],
        picture=qr.picture(code.address),
        alt=_("Código QR de %s") % code.written,
        side=Cm(2.2),
    )


def _cover(document: Any, version: Version) -> None:
    guide = version.guide
    document.add_heading(guide.title, 0)
    document.add_paragraph(guide.lead)
    facts = [str(guide.get_series_display()), str(guide.get_route_display())]
    facts.append(_("Versión %(n)s, del %(date)s") % {"n": version.number, "date": _date(version)})
    document.add_paragraph(" · ".join(facts))
    if guide.is_demo:
        document.add_paragraph(
            _("Contenido de demostración. El texto es de ejemplo y no reemplaza el documento oficial."),
            style="Intense Quote",
        )
    _points(document, main_points_title(version.summary_lines), version.summary_lines, "List Number", level=2)
    _points(document, _("Contenido"), [c.title for c in version.chapters], "List Number", level=2)
    _points(
        document, _("Fe de erratas"), [_erratum(one) for one in version.errata.all()], "List Bullet", level=2
    )
    _points(document, _("Qué cambió en esta versión"), version.change_lines, "List Bullet", level=2)


def _erratum(erratum: Erratum) -> str:
    return _("Donde dice «%(said)s» debe decir «%(meant)s».") % {
        "said": erratum.said.replace("*", ""),
        "meant": erratum.meant.replace("*", ""),
    }


def _date(version: Version) -> str:
    from nucleo.dates import long_date

    return long_date(version.published_on) if version.published_on else _("borrador")


def _points(document: Any, title: str, points: Any, style: str, *, level: int) -> None:
    if not points:
        return
    document.add_heading(title, level)
    start = numbered(document) if style == "List Number" else None
    for point in points:
        paragraph = document.add_paragraph(style=style)
        add_runs(paragraph, point)
        if start:
            start(paragraph)


def _chapter(document: Any, chapter: Chapter) -> None:
    document.add_heading(f"{chapter.number}. {chapter.title}", 1)
    _points(document, main_points_title(chapter.summary), chapter.summary, "List Number", level=2)
    for block in chapter.blocks:
        WRITERS[block.block_type](document, block.value)


def _heading(document: Any, value: Any) -> None:
    document.add_heading(value, 2)


def _text(document: Any, value: Any) -> None:
    add_html(document, prose(value))


def _steps(document: Any, value: Any) -> None:
    if value["title"]:
        document.add_heading(value["title"], 3)
    start = numbered(document)
    for step in value["items"]:
        paragraph = document.add_paragraph(style="List Number")
        start(paragraph)
        add_runs(paragraph, step["title"], bold=True)
        if step["text"]:
            paragraph.add_run().add_break()
            add_runs(paragraph, step["text"])


def _checklist(document: Any, value: Any) -> None:
    document.add_heading(value["title"], 3)
    for item in checklist_items(value):
        paragraph = document.add_paragraph(style="List")
        add_checkbox(paragraph, item.text)
        add_runs(paragraph, item.text)
    if value["note"]:
        add_runs(document.add_paragraph(), value["note"])


def _callout(document: Any, value: Any) -> None:
    if value["title"]:
        title = document.add_paragraph(style="Quote")
        title.add_run(value["title"]).bold = True
        title.paragraph_format.space_after, title.paragraph_format.keep_with_next = Pt(0), True
    add_html(document, prose(value["text"]), style="Quote")


def _table(document: Any, value: Any) -> None:
    document.add_paragraph(value["caption"], style="Caption")
    table = document.add_table(rows=0, cols=len(value.head), style="Table Grid")
    for number, line in enumerate(value.lines):
        row = table.add_row()
        for cell, text in zip(row.cells, line, strict=True):
            add_runs(cell.paragraphs[0], text, bold=number == 0)
        if number == 0:
            row._tr.get_or_add_trPr().append(row._tr.makeelement(f"{WORD_NAMESPACE}tblHeader"))
    document.add_paragraph()


def _figure(document: Any, value: Any) -> None:
    if not value["image"]:
        return
    rendition = drawn(value["image"], "width-1100|format-png")
    if rendition is None:
        document.add_paragraph(_("Aquí va una imagen que no se pudo mostrar: %s") % value["alt"])
    else:
        with rendition.file.open("rb") as file:
            picture = document.add_picture(io.BytesIO(file.read()), width=Cm(16))
        picture._inline.docPr.set("descr", value["alt"])
    if value["caption"]:
        document.add_paragraph(value["caption"], style="Caption")


def _ficha(document: Any, value: Any) -> None:
    document.add_heading(_("Ficha de proceso: %s") % value["title"], 3)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, FICHA, strict=True):
        column.width = width
    for label, part in ficha_parts(value):
        cells = table.add_row().cells
        for cell, width in zip(cells, FICHA, strict=True):  # Word heeds the cell, others the column
            cell.width = width
        add_runs(cells[0].paragraphs[0], label, bold=True)
        style = "List Number" if part.ordered else "List Bullet" if len(part.lines) > 1 else ""
        start = numbered(document) if part.ordered else None
        for n, line in enumerate(part.lines):
            paragraph = cells[1].paragraphs[0] if n == 0 else cells[1].add_paragraph()
            add_runs(paragraph, line)
            if style:
                paragraph.style = document.styles[style]
            if start:
                start(paragraph)
    document.add_paragraph()


def _file(document: Any, value: Any) -> None:
    if value["document"]:
        name = value["title"] or value["document"].title
        document.add_paragraph(f"{name}: {settings.ORIGIN}{value['document'].url}")


WRITERS = {
    "heading": _heading,
    "text": _text,
    "steps": _steps,
    "checklist": _checklist,
    "callout": _callout,
    "table": _table,
    "figure": _figure,
    "ficha": _ficha,
    "file": _file,
}
"""One for each kind of block in ``guias.blocks.ContentBlock`` (a test compares)."""
