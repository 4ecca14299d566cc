"""Word documents: what every one of ours wears, and clean HTML as paragraphs, lists and headings.

Same content, same bytes: the clock is no part of a file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from nucleo.headings import closed

_LITERAL = re.compile(r"`([^`]+)`")
_HEADING_STYLE = re.compile(r"Heading ([1-9])$")
_LISTS = {"ul": "List Bullet", "ol": "List Number"}
DEEPEST = 3
"""Levels that Word has list styles for."""
_HEADINGS = {"h2": 3, "h3": 3, "h4": 4}
BRAND = RGBColor(0x0B, 0x4F, 0x54)
INK_2 = RGBColor(0x45, 0x5A, 0x5B)
EPOCH = (1980, 1, 1, 0, 0, 0)
WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def dress(document: Any, *, title: str, day: date, version: int, comments: str, footer: str = "") -> None:
    """Give a new document paper, letters, language, properties and, with ``footer``, a foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2.2))
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = normal.element.get_or_add_rPr().makeelement(f"{WORD_NAMESPACE}lang")
    language.set(f"{WORD_NAMESPACE}val", "es-CO")
    normal.element.rPr.append(language)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.color.rgb, style.font.name = BRAND, "Calibri"
    document.styles["Caption"].font.color.rgb = INK_2
    _set_apart(document.styles["Quote"])
    for edge in document.styles["Title"].element.xpath("./w:pPr/w:pBdr/w:bottom"):
        edge.set(qn("w:color"), str(BRAND))
    properties = document.core_properties
    properties.title, properties.author = title[:255], "Red Cemprende"
    properties.language, properties.comments = "es-CO", comments
    properties.version = str(version)
    properties.created = properties.modified = datetime.combine(day, time())
    if footer:
        section.footer.paragraphs[0].text = footer


def _set_apart(style: Any) -> None:
    """Give what is quoted or called out a bar at its left, as on the screen."""
    style.font.italic, style.font.color.rgb = False, RGBColor(0x13, 0x24, 0x25)
    style.paragraph_format.left_indent = Cm(0.4)
    bar = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="{BRAND}"/></w:pBdr>'
    )
    style.element.pPr.insert_element_before(
        bar, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing"
    )


def add_foot(section: Any, lines: Sequence[str], *, picture: bytes, alt: str, side: Cm) -> None:
    """Give ``section`` a foot of its own: ``lines``, the number of the page, and a picture at the right.

    What stands between asterisks in a line is bold. ``side`` is that of the picture, which is square.
    """
    foot = section.footer
    foot.is_linked_to_previous = False
    width = section.page_width - section.left_margin - section.right_margin
    table = foot.add_table(1, 2, width)
    table.autofit = False
    words, drawing = table.rows[0].cells
    for column, room in zip(table.columns, (width - side - Cm(0.4), side + Cm(0.4)), strict=True):
        column.width = room
    words.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = words.paragraphs[0]
    for line in lines:
        for n, piece in enumerate(line.split("*")):
            if piece:
                _small(paragraph.add_run(piece)).bold = bool(n % 2) or None
        paragraph = words.add_paragraph()
    _small(paragraph.add_run(_("Página") + " "))
    _add_field(paragraph, "PAGE")
    _small(paragraph.add_run(" " + _("de") + " "))
    _add_field(paragraph, "NUMPAGES")
    for each in words.paragraphs:
        each.paragraph_format.space_after = Pt(0)
    drawing.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    drawn = drawing.paragraphs[0].add_run().add_picture(io.BytesIO(picture), width=side)
    drawn._inline.docPr.set("descr", alt)
    # Word wants a paragraph after a table; this one takes no room. The first one, of the template, goes.
    first = foot.paragraphs[0]
    foot._element.remove(first._p)
    foot._element.append(first._p)
    first.paragraph_format.space_after, first.paragraph_format.line_spacing = Pt(0), Pt(1)


def _small(run: Any) -> Any:
    run.font.size, run.font.color.rgb = Pt(8.5), INK_2
    return run


def _add_field(paragraph: Any, instruction: str) -> None:
    """Add what Word counts by itself; "1" is shown until it does."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(_small(paragraph.add_run("1"))._r)
    paragraph._p.append(field)


def close_gaps(document: Any) -> None:
    """Let headings skip no level: what Word's navigation and its accessibility checker expect."""
    above = [1]  # the title of the document
    for paragraph in document.paragraphs:
        found = _HEADING_STYLE.match(paragraph.style.name)
        if found is None:
            continue
        paragraph.style = document.styles[f"Heading {closed(above, int(found[1]))}"]


def content(document: Any) -> bytes:
    """Return the file, packed with fixed dates."""
    plain, packed = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def add_runs(paragraph: Any, text: str, *, bold: bool = False) -> None:
    """Add ``text`` to a paragraph; what stands in `backquotes` is set apart."""
    for n, piece in enumerate(_LITERAL.split(str(text))):
        if piece:
            run = paragraph.add_run(piece)
            run.bold = bold or None
            if n % 2:
                run.font.name = "Consolas"


def add_checkbox(paragraph: Any, label: str) -> None:
    """Begin ``paragraph`` with a box that is ticked with one press in Word; ``label`` says what it is of.

    A control of Word 2010. What does not know it (an older Word, a reader on a phone) shows the empty box.
    """
    box = parse_xml(
        f'<w:sdt {nsdecls("w", "w14")}><w:sdtPr><w:alias/><w:id/><w14:checkbox><w14:checked w14:val="0"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent>'
        '<w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" '
        'w:hint="eastAsia"/></w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
    )
    box.find(f".//{WORD_NAMESPACE}alias").set(qn("w:val"), label.replace("`", "")[:64])
    number = len(paragraph.part.element.findall(f".//{WORD_NAMESPACE}sdt")) + 1
    box.find(f".//{WORD_NAMESPACE}id").set(qn("w:val"), str(number))
    paragraph._p.append(box)
    paragraph.add_run().add_tab()


def numbered(document: Any, style: str = "List Number") -> Callable[[Any], None]:
    """Return a function that makes paragraphs of ``style`` count from one, a list of their own."""
    numbering = document.part.numbering_part.element
    element = document.styles[style].element
    base = numbering.num_having_numId(element.pPr.numPr.numId.val)
    fresh = numbering.add_num(base.abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)

    def apply(paragraph: Any) -> None:
        number = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        number.get_or_add_ilvl().val = 0
        number.get_or_add_numId().val = fresh.numId

    return apply


def add_html(document: Any, html: str, style: str = "") -> None:
    """Add clean ``html`` at the end of ``document``, each paragraph in ``style``."""
    _Writer(document, style).feed(html)


class _Writer(HTMLParser):
    def __init__(self, document: Any, style: str) -> None:
        super().__init__()
        self.document, self.style = document, style
        self.paragraph: Any = None
        self.lists: list[tuple[str, Callable[[Any], None] | None]] = []
        self.marks: list[str] = []
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LISTS:
            level = min(len(self.lists) + 1, DEEPEST)
            name = _LISTS[tag] if level == 1 else f"{_LISTS[tag]} {level}"
            self.lists.append((name, numbered(self.document, name) if tag == "ol" else None))
        elif tag == "li" and self.lists:
            name, start = self.lists[-1]
            self.paragraph = self.document.add_paragraph(style=name)
            if start:
                start(self.paragraph)
        elif tag in _HEADINGS:
            self.paragraph = self.document.add_heading("", _HEADINGS[tag])
        elif tag == "p" and not self.lists:
            self.paragraph = self.document.add_paragraph(style=self.style or None)
        elif tag == "br" and self.paragraph is not None:
            self.paragraph.add_run().add_break()
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""
        else:
            self.marks.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LISTS and self.lists:
            self.lists.pop()
            self.paragraph = None
        elif tag in ("p", "li") or tag in _HEADINGS:
            self.paragraph = self.paragraph if self.lists and tag == "p" else None
        elif tag == "a":
            self.link = ""
        elif tag in self.marks:
            self.marks.remove(tag)

    def handle_data(self, data: str) -> None:
        if self.paragraph is None:
            if not data.strip():
                return
            self.paragraph = self.document.add_paragraph(style=self.style or None)
        run = self.paragraph.add_run(data)
        run.bold = bool({"b", "strong"} & set(self.marks)) or None
        run.italic = bool({"i", "em"} & set(self.marks)) or None
        if "code" in self.marks:
            run.font.name = "Consolas"
        if self.link:
            _make_link(self.paragraph, run, self.link)


def _make_link(paragraph: Any, run: Any, url: str) -> None:
    whole = url if ":" in url.split("/", 1)[0] else settings.ORIGIN + url
    key = paragraph.part.relate_to(whole, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run.font.underline = True
    paragraph._p.append(link)
    link.append(run._r)
