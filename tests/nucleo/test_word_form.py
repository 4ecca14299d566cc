"""Forms on paper: names found wherever they stand, put in as text, and all else refused by its name."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from nucleo import word_form
from nucleo.ooxml import RefusedError
from nucleo.word_form import filled, inspected, name_of
from tests.factories.papers import changed_docx, docx_of, flood_docx, in_body, lying, pdf_of, related

FOOT = "Acta · formato del 3 de noviembre de 2026 · Red Cemprende"


def fill(content: bytes, **values: str) -> bytes:
    return filled(inspected(content).content, values, title="Acta", foot=FOOT)


def words(content: bytes, part: str = "word/document.xml") -> str:
    """All text of a part, with line ends as such; read by another library than the one that wrote it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        root = etree.fromstring(archive.read(part))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return "".join(
        "\n" if one.tag == f"{space}br" else one.text or "" for one in root.iter(f"{space}t", f"{space}br")
    )


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(RefusedError) as caught:
        inspected(content)
    return caught.value.reason, caught.value.what


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("nombre", "nombre"),
        (" Nombre del Líder ", "nombre_del_lider"),
        ("AÑO-2", "ano_2"),
        ("x.y", ""),
        ("x|upper", ""),
        ("7*7", ""),
        ("2 x", ""),
        ("", ""),
        ("a" * 41, ""),
    ],
)
def test_a_name_is_read_as_people_write_it(written: str, name: str) -> None:
    assert name_of(written) == name


def test_a_placeholder_cut_into_runs_is_one_and_keeps_the_looks_of_its_first_run() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Yo, ")
    paragraph.add_run("{").bold = True
    paragraph.add_run("{ nom").bold = True
    paragraph.add_run("bre").italic = True
    paragraph.add_run(" }} y {{ciudad}}, ")
    paragraph.add_run("{{nombre}}.")
    made = docx.Document(io.BytesIO(fill(saved(document), nombre="Ana <b> & {{ ciudad }}", ciudad="Pasto")))
    paragraph = made.paragraphs[0]
    assert paragraph.text == "Yo, Ana <b> & {{ ciudad }} y Pasto, Ana <b> & {{ ciudad }}."
    first = next(run for run in paragraph.runs if run.text.startswith("Ana"))
    assert first.bold and not first.italic


def test_placeholders_are_found_in_tables_heads_feet_boxes_and_notes() -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{ celda }}"
    document.sections[0].header.paragraphs[0].text = "{{ cabeza }}"
    document.sections[0].footer.paragraphs[0].text = "{{ pie }}"
    box = (
        "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
        "<w:p><w:r><w:t>{{ caja }}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        "</w:p>"
    )
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:footnote w:id="2"><w:p><w:r><w:t>{{ nota }}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    content = related(in_body(saved(document), box), "footnotes", "footnotes.xml")
    content = changed_docx(content, "word/footnotes.xml", lambda _old: notes.encode())
    names = inspected(content).names
    assert set(names) == {"caja", "celda", "cabeza", "pie", "nota"}
    made = fill(content, **{name: f"«{name}»" for name in names})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        everything = "".join(
            words(made, name)
            for name in archive.namelist()
            if name.startswith("word/") and name.endswith(".xml")
        )
    for name in names:
        assert f"«{name}»" in everything
    assert "{{" not in everything


def test_what_is_filled_in_stays_text() -> None:
    typed = '=1+1\r\n{ INCLUDETEXT "C:\\\\x" }\x00\x1b\u202e</w:t><w:instrText>\ud800 fin'
    made = fill(docx_of("{{ a }}"), a=typed)
    assert words(made) == '=1+1\n{ INCLUDETEXT "C:\\\\x" }</w:t><w:instrText> fin'
    assert b"<w:instrText" not in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")
    assert words(fill(docx_of("a {{ a }}b"))) == "a b"


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_file_that_opens(text: str) -> None:
    made = fill(TEMPLATE, a=text)
    expected = word_form.plain(text)
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == f"a {expected} b"


TEMPLATE = docx_of("a {{ a }} b")


def test_the_answer_names_nobody_and_says_what_form_it_is() -> None:
    document = docx.Document()
    document.core_properties.author = "Persona Que Escribió"
    document.core_properties.last_modified_by = "Otra Persona"
    document.add_paragraph("{{ a }}")
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].footer.paragraphs[0].text = "Pie propio"
    made = fill(saved(document), a="x")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert "docProps/app.xml" not in archive.namelist()
    assert b"Persona" not in whole
    again = docx.Document(io.BytesIO(made))
    assert (again.core_properties.author, again.core_properties.title) == ("Red Cemprende", "Acta")
    feet = [again.sections[0].footer, again.sections[0].first_page_footer]
    assert [[p.text for p in foot.paragraphs if p.text] for foot in feet] == [["Pie propio", FOOT], [FOOT]]


def test_the_same_answers_give_the_same_bytes() -> None:
    assert fill(TEMPLATE, a="x") == fill(TEMPLATE, a="x")


@pytest.mark.parametrize(
    ("text", "reason", "what"),
    [
        ("{% for x in y %}{{ a }}{% endfor %}", "logic", "{% for x in y %}"),
        ("{{ a }} {# nota #}", "logic", "{# nota #}"),
        ("{{ a.__class__ }}", "name", "{{ a.__class__ }}"),
        ("{{ a|upper }}", "name", "{{ a|upper }}"),
        ("{{ }}", "name", "{{ }}"),
        ("{{ a }} y {{ nombre", "open", "{{ nombre"),
        ("{{ a }} nombre }}", "open", " nombre }}".strip()),
        ("Sin campos", "none", ""),
        (" ".join(f"{{{{ c{n} }}}}" for n in range(61)), "many", "61"),
        ("{{ a }}" * 501, "places", "501"),
    ],
)
def test_what_is_no_plain_name_is_refused_by_name(text: str, reason: str, what: str) -> None:
    assert refusal(docx_of(text)) == (reason, what)


@pytest.mark.parametrize(
    ("kind", "target", "external", "reason"),
    [
        ("attachedTemplate", "file:///C:/plantilla.dotm", True, "template"),
        ("image", "https://otro.example/a.png", True, "linked"),
        ("hyperlink", "file:///etc/passwd", True, "linked"),
        ("oleObject", "embeddings/a.bin", False, "object"),
        ("package", "embeddings/a.xlsx", False, "object"),
        ("subDocument", "otro.docx", True, "linked"),
        ("vbaProject", "vbaProject.bin", False, "macros"),
        ("comments", "comments.xml", False, "comments"),
        ("chart", "charts/chart1.xml", False, "unknown"),
        ("image", "media/no-esta.png", False, "broken"),
    ],
)
def test_what_runs_or_reaches_outside_is_refused(kind: str, target: str, external: bool, reason: str) -> None:
    assert refusal(related(TEMPLATE, kind, target, external=external))[0] == reason


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<w:p><w:ins w:id='1' w:author='A'><w:r><w:t>x</w:t></w:r></w:ins></w:p>", "tracked"),
        ("<w:p><w:fldSimple w:instr='INCLUDETEXT C:/x'/></w:p>", "field"),
        ("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DDE</w:instrText></w:r>"
         "<w:r><w:instrText>AUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
         "field"),
        ("<w:p><w:fldSimple w:instr='HYPERLINK file:///x'/></w:p>", "linked"),
        ("<w:altChunk/>", "object"),
        ("<w:p><w:r><w:object/></w:r></w:p>", "object"),
        ("<w:p><w:r><w:instrText>PAGE {{ x }}</w:instrText></w:r></w:p>", "name"),
    ],
)  # fmt: skip
def test_what_hides_in_the_text_is_refused(xml: str, reason: str) -> None:
    assert refusal(in_body(TEMPLATE, xml))[0] == reason


def test_what_is_no_whole_word_file_is_refused() -> None:
    assert refusal(b"") == ("empty", "")
    assert refusal(pdf_of("Uno")) == ("not-word", "pdf")
    assert refusal(b"\xef\xbb\xbf <!DOCTYPE html><p>x") == ("not-word", "html")
    assert (
        refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))[0] == "locked"
    )
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word.Document.8")[0] == "old"
    for cut in (len(TEMPLATE) // 2, len(TEMPLATE) - 10):
        assert refusal(TEMPLATE[:cut])[0] == "cut"
    spoilt = bytearray(TEMPLATE)
    at = TEMPLATE.index(b"word/document.xml") + 60
    spoilt[at : at + 8] = b"\xff" * 8
    assert refusal(bytes(spoilt))[0] in {"cut", "broken"}
    assert refusal(flood_docx())[0] == "bomb"
    assert refusal(lying(TEMPLATE, "word/document.xml"))[0] == "bomb"
    assert refusal(lying(TEMPLATE, "word/document.xml", megabytes=1))[0] == "cut"
    types = "[Content_Types].xml"
    macro = changed_docx(
        TEMPLATE, types, lambda old: old.replace(b"document.main+xml", b"document.macroEnabled.main+xml")
    )
    assert refusal(macro)[0] == "macros"
    strict = changed_docx(
        TEMPLATE,
        "word/document.xml",
        lambda _old: b'<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>',
    )
    assert refusal(strict)[0] == "strict"
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    assert refusal(changed_docx(TEMPLATE, "word/document.xml", lambda _old: entity))[0] == "broken"


def test_a_template_of_word_becomes_a_document() -> None:
    dotx = changed_docx(
        TEMPLATE, "[Content_Types].xml", lambda old: old.replace(b"document.main+xml", b"template.main+xml")
    )
    assert docx.Document(io.BytesIO(fill(dotx, a="x"))).paragraphs[0].text == "a x b"


def test_a_stranger_s_file_is_read_in_another_process() -> None:
    file = io.BytesIO(TEMPLATE)
    assert word_form.read(file).written == {"a": "a"}
    assert file.tell() == 0
    with pytest.raises(RefusedError) as caught:
        word_form.read(io.BytesIO(b"PK\x03\x04nada"))
    assert caught.value.reason == "cut"


def test_a_picture_travels() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    document = docx.Document()
    document.add_picture(picture, width=Cm(2))
    document.add_paragraph("{{ a }}")
    assert len(docx.Document(io.BytesIO(fill(saved(document), a="x"))).inline_shapes) == 1
