"""Real files with words in them, as people upload them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from html import escape, unescape

import docx
import mammoth
import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile

ODT = "application/vnd.oasis.opendocument.text"


def pdf_of(*pages: str) -> bytes:
    """A PDF with one page for each text."""
    from weasyprint import HTML

    html = "".join(f'<p style="break-after: page">{escape(page)}</p>' for page in pages[:-1])
    paper: bytes = HTML(string=f"{html}<p>{escape(pages[-1])}</p>").write_pdf()
    return paper


def docx_of(*paragraphs: str, table: tuple[str, ...] = ()) -> bytes:
    """A Word file with these paragraphs and, after them, a row of a table."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        row = document.add_table(rows=1, cols=len(table)).rows[0]
        for cell, text in zip(row.cells, table, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def odt_of(*paragraphs: str, raw: str = "") -> bytes:
    """An OpenDocument text; ``raw`` is put in as it is, before the paragraphs."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    names += ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = raw + "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    content = (
        f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", ODT, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of("Secreto"))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def locked_odt() -> bytes:
    """An OpenDocument text that asks for a password: its text is bytes that no reader of XML understands."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odt_of("x"))) as old, zipfile.ZipFile(out, "w") as new:
        new.writestr("mimetype", old.read("mimetype"), zipfile.ZIP_STORED)
        new.writestr("content.xml", bytes(range(256)) * 4)
        entry = (
            '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
            "</manifest:file-entry>"
        )
        namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        manifest = f'<manifest:manifest xmlns:manifest="{namespace}">{entry}</manifest:manifest>'
        new.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def locked_docx() -> bytes:
    """What Word saves with a password ([MS-OFFCRYPTO]): a compound file with the encrypted one inside."""
    sector = bytes(512)
    entries = "".join(f"{name}\0" for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + sector + entries.encode("utf-16-le") + sector


def long_pdf(pages: int) -> bytes:
    """A PDF of many empty pages."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as document:
        for _number in range(pages):
            document.add_blank_page(page_size=(200, 200))
        document.save(out)
    return out.getvalue()


def flood_docx() -> bytes:
    """A small Word file that unpacks to more than a disk should take."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _piece in range(320):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def lying(content: bytes, name: str, megabytes: int = 320) -> bytes:
    """The same office file, whose directory says a hundred bytes of a part that unpacks to many megabytes.

    The checksum is that of the hundred bytes: who stops there sees nothing wrong.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        with new.open(name, "w", force_zip64=True) as flood:
            for _piece in range(megabytes):
                flood.write(b" " * (1024 * 1024))
        said = new.getinfo(name)
        said.file_size, said.CRC = 100, zlib.crc32(b" " * 100)
    return out.getvalue()


def spoilt(content: bytes, name: str) -> bytes:
    """The same ZIP with bytes in the middle of one part damaged, as by a bad memory stick."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
    begins = part.header_offset + 30 + len(name)
    middle, half = begins + part.compress_size // 2, min(180, part.compress_size // 4)
    return content[: middle - half] + bytes(2 * half) + content[middle + half :]


def changed_docx(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same Word file with one part changed, or made when it is not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for part in names:
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
        if name not in names:
            new.writestr(name, change(b""))
    return out.getvalue()


def in_body(content: bytes, xml: str) -> bytes:
    """The same Word file with ``xml`` at the beginning of its text."""

    def put(data: bytes) -> bytes:
        return data.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)

    return changed_docx(content, "word/document.xml", put)


def related(
    content: bytes, kind: str, target: str, *, external: bool = False, part: str = "document"
) -> bytes:
    """The same Word file with one more relation of its text, or of another part in ``word/``."""
    mode = ' TargetMode="External"' if external else ""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{target}"{mode}/>'
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )

    def put(data: bytes) -> bytes:
        return (data or empty.encode()).replace(b"</Relationships>", one.encode() + b"</Relationships>")

    return changed_docx(content, f"word/_rels/{part}.xml.rels", put)


def text_of(content: bytes) -> str:
    """The words of a PDF or Word file, by libraries that had no part in making it."""
    if content.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(content)
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
        return text
    page = mammoth.convert_to_html(io.BytesIO(content), ignore_empty_paragraphs=False).value
    lines = re.sub(r"<br />|</p>|</h\d>", "\n", page)
    return unescape(re.sub(r"<[^>]+>", "", lines)).removesuffix("\n")
