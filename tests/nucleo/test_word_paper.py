"""A Word file on paper: what it looks like, and that what cannot be shown as Word does is said."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image

from nucleo import word_paper, word_pdf
from nucleo.paper import static_fonts
from nucleo.word_form import filled, inspected
from tests.conftest import unavailable
from tests.factories.papers import changed_docx, docx_of, in_body, related, text_of

ROOT = Path(__file__).resolve().parents[2]
W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def drawn(content: bytes) -> tuple[str, list[str]]:
    html, lost = word_paper.html(content, title="Acta", fonts=())
    return html.partition("<body>")[2], lost


def test_paragraphs_keep_their_alignment_space_and_letters() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Uno ")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.left_indent = Cm(1)
    run = paragraph.add_run("dos <&>")
    run.bold, run.underline, run.font.size = True, True, Pt(20)
    document.add_heading("Título", 2)
    document.add_heading("Acta", 0)
    html, lost = drawn(saved(document))
    for css in ("text-align:center", "margin-top:12pt", "margin-left:28.35pt"):
        assert css in html
    assert (
        '<span style="font-weight:700;text-decoration:underline;font-size:20pt">dos &lt;&amp;&gt;</span>'
        in html
    )
    assert "<h2" in html
    assert "border-bottom:1pt solid #4F81BD" in html.partition("<h1")[2]
    assert lost == []


def test_lists_have_the_marks_that_word_gives_them() -> None:
    document = docx.Document()
    for text, style in (("uno", "List Number"), ("dos", "List Number"), ("punto", "List Bullet")):
        document.add_paragraph(text, style=style)
    document.add_paragraph("fuera")
    html, _lost = drawn(saved(document))
    assert html.count("<ul>") == html.count("</ul>") == 1
    for mark in ("'1.  '", "'2.  '", "'•  '"):
        assert f"list-style-type:{mark}" in html.replace("&#x27;", "'")


LEVELS = f"""<w:abstractNum {W} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
</w:abstractNum>"""


def test_lists_of_word_itself_say_their_level_and_count_by_it() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(LEVELS))
    key = numbering.add_num(90).numId
    for level in (0, 1, 1, 0, 1):
        said = document.add_paragraph("punto")._p.get_or_add_pPr().get_or_add_numPr()
        said.get_or_add_ilvl().val, said.get_or_add_numId().val = level, key
    html, _lost = drawn(saved(document))
    marks = re.findall(r"list-style-type:'([^']*)  '", html.replace("&#x27;", "'"))
    assert marks == ["1.", "1.a)", "1.b)", "2.", "2.a)"]


def test_tables_keep_their_grid_joined_cells_borders_and_head() -> None:
    document = docx.Document()
    table = document.add_table(3, 3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "ancha"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "alta"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    html, _lost = drawn(saved(document))
    assert html.count("<tr>") == 3
    assert '<th scope="col" colspan="2"' in html
    assert 'rowspan="2"' in html
    assert html.count("<td") == 5
    assert "border-top:0.5pt solid" in html


def test_a_line_to_sign_on_ends_at_its_tab_stop() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Firma:\t")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(8), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    html, _lost = drawn(saved(document))
    assert "width:226.75pt" in html
    assert "border-bottom:.6pt solid" in html


def test_pictures_stand_where_they_stood() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    document = docx.Document()
    shape = document.add_picture(picture, width=Cm(2))
    shape._inline.docPr.set("descr", "Un cuadro rojo")
    html, lost = drawn(saved(document))
    assert 'alt="Un cuadro rojo"' in html
    assert 'src="data:image/png;base64,' in html
    assert "width:56.69" in html
    assert lost == []


def test_heads_feet_and_page_numbers_run_along() -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Cabeza"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Primera"
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    section.footer.paragraphs[0]._p.append(field)
    document.add_paragraph("uno").add_run().add_break(docx.enum.text.WD_BREAK.PAGE)
    document.add_paragraph("dos")
    content = word_pdf.draw(saved(document), title="Acta", fonts=()).content
    document_of = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document_of]
    document_of.close()
    assert len(pages) == 2
    assert "Primera" in pages[0] and "Cabeza" not in pages[0]
    assert "Cabeza" in pages[1] and "2" in pages[1]


def test_a_picture_that_says_nothing_is_told_to_its_editor() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    document = docx.Document()
    document.add_picture(picture)
    html, lost = drawn(saved(document))
    assert 'alt="Imagen"' in html
    assert lost == ["alt"]


BOX = (
    "<w:p><w:r><w:t>antes</w:t></w:r><w:r><w:pict>"
    "<v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
    "<w:p><w:r><w:t>en la caja</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
SHAPE = "<w:p><w:r><w:pict><v:line xmlns:v='urn:schemas-microsoft-com:vml'/></w:pict></w:r></w:p>"
MATH = (
    "<w:p><m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
    "<m:r><m:t>x=2</m:t></m:r></m:oMath></w:p>"
)
SYMBOL = "<w:p><w:r><w:sym w:font='Webdings' w:char='F0AA'/></w:r></w:p>"


@pytest.mark.parametrize(
    ("xml", "word", "shown"),
    [
        (BOX, "boxes", "en la caja"),
        (SHAPE, "shapes", ""),
        (MATH, "math", "x=2"),
        (SYMBOL, "symbol", "▪"),
        ("<w:p><w:pPr><w:sectPr><w:cols w:num='2'/></w:sectPr></w:pPr></w:p>", "columns", ""),
    ],
)
def test_what_is_not_shown_as_word_does_is_said_and_no_text_is_lost(xml: str, word: str, shown: str) -> None:
    html, lost = drawn(in_body(docx_of("texto"), xml))
    assert word in lost
    assert shown in html and "texto" in html


def test_notes_stand_at_the_end_with_their_number() -> None:
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>la nota</w:t></w:r></w:p></w:footnote>"
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    content = in_body(docx_of("texto"), "<w:p><w:r><w:footnoteReference w:id='2'/></w:r></w:p>")
    content = changed_docx(
        related(content, "footnotes", "footnotes.xml"), "word/footnotes.xml", lambda _o: notes.encode()
    )
    html, _lost = drawn(content)
    assert "<sup>1</sup>" in html
    assert "la nota" in html.partition('class="notes"')[2]


def test_the_pdf_is_tagged_says_what_it_is_and_holds_the_words() -> None:
    form = inspected(docx_of("Yo, {{ nombre }}", table=("{{ celda }}", "b")))
    docx_made = filled(
        form.content, {"nombre": "Íngrid", "celda": "dentro"}, title="Acta", foot="Pie del acta"
    )
    made = word_pdf.draw(docx_made, title="Acta", fonts=())
    assert (made.pages, made.lost) == (1, ())
    for words in ("Yo, Íngrid", "dentro", "Pie del acta"):
        assert words in text_of(made.content)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "es-CO"
        assert pdf.docinfo["/Title"] == "Acta"
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"


def test_what_cannot_be_drawn_says_nothing_of_what_it_was_given() -> None:
    with pytest.raises(word_pdf.NotDrawnError) as caught:
        word_pdf.draw(b"secreto", title="Acta", fonts=())
    assert "secreto" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.slow
def test_the_reference_checker_finds_nothing_in_a_form_with_everything(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    document = docx.Document()
    document.add_heading("Acta", 0)
    document.add_heading("Uno", 3)
    document.add_paragraph("punto", style="List Bullet")
    document.add_paragraph("uno", style="List Number")
    table = document.add_table(2, 2, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "ancha"
    document.add_picture(picture)
    document.sections[0].header.paragraphs[0].text = "Cabeza"
    signing = document.add_paragraph("Firma:\t")
    signing.paragraph_format.tab_stops.add_tab_stop(Cm(8), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    file = tmp_path / "acta.pdf"
    file.write_bytes(word_pdf.draw(in_body(saved(document), BOX), title="Acta", fonts=static_fonts()).content)
    done = subprocess.run([ROOT / "bin" / "verapdf", file], capture_output=True, text=True, timeout=280)
    if done.returncode == 3:
        unavailable(f"veraPDF cannot be had here: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stdout + done.stderr
