"""The words of an uploaded PDF, Word or OpenDocument text, page by page.

Each file is read in a process of its own (:mod:`nucleo.apart`). Knows no app, no database and no Django;
``python -m nucleo.document_text KIND`` reads standard input and writes JSON.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from nucleo import apart
from nucleo.unzipping import FloodError, Room, pieces, whole

KINDS = frozenset({"pdf", "docx", "odt"})
"""Kinds (of ``nucleo.uploads``) that hold words which can be read."""
MAX_CHARACTERS = 400_000
"""Some 150 pages; what comes after is not read."""
MAX_PAGES = 2_000
SECONDS = 60
MAX_PART = 64 * 1024 * 1024
"""Bytes of the text of a DOCX or ODT once unpacked."""
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of a DOCX, which python-docx unpacks with its pictures."""
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class UnreadableError(Exception):
    """The file has no words that can be read; ``str()`` says why, for who runs the portal."""


def read(file: IO[bytes], kind: str) -> list[str]:
    """Return the text of each page in order; a kind without pages is one. Raises UnreadableError."""
    if kind not in KINDS:
        raise UnreadableError(f"no text in a file of kind {kind!r}")
    try:
        pages: list[str] = apart.run("nucleo.document_text", kind, file=file, seconds=SECONDS)
    except apart.ApartError as error:
        raise UnreadableError(str(error)) from error
    return pages


def _pages(data: bytes, kind: str) -> Iterator[str]:
    if kind == "pdf":
        yield from _pdf(data)
    elif kind == "docx":
        yield "\n".join(_docx(data))
    else:
        yield "\n".join(_odt(data))


def _pdf(data: bytes) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        # U+FFFE is how PDFium writes the hyphen of a word broken at the end of a line.
        yield page.get_textpage().get_text_bounded().replace("\ufffe\r\n", "").replace("\ufffe", "")
        page.close()


def _docx(data: bytes) -> Iterator[str]:
    import docx
    from docx.table import Table

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _part(archive, "word/document.xml")
        room = Room.of(archive, MAX_UNPACKED)
        for part in archive.infolist():
            for _piece in pieces(archive, part, room):
                pass  # python-docx believes the directory
    document = docx.Document(io.BytesIO(data))
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " ".join(dict.fromkeys(cell.text for cell in row.cells))
        else:
            yield block.text


def _odt(data: bytes) -> Iterator[str]:
    from lxml import etree  # type: ignore[import-untyped]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(_part(archive, "content.xml"), parser)
    for element in root.iter(f"{_ODF}p", f"{_ODF}h"):
        yield "".join(_odf_text(element))


def _odf_text(element: Any) -> Iterator[str]:
    """Spaces, tabs and line ends are elements in OpenDocument."""
    if element.tag in {f"{_ODF}s", f"{_ODF}tab", f"{_ODF}line-break"}:
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _odf_text(child)
        yield child.tail or ""


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return whole(archive, archive.getinfo(name), Room(MAX_PART))
    except FloodError as error:
        raise ValueError(f"{name} is larger than {MAX_PART} bytes") from error


def _kept(pages: Iterator[str]) -> list[str]:
    found: list[str] = []
    room = MAX_CHARACTERS
    for page in pages:
        # Half a surrogate pair, as some PDFs have, cannot be written.
        page = page.encode("utf-8", "ignore").decode()[:room]
        found.append(page)
        room -= len(page)
        if room <= 0:
            break
    return found


def main(kind: str) -> None:
    """Read standard input within the limits and write its pages as JSON."""
    apart.limit(SECONDS)
    pages = _kept(_pages(sys.stdin.buffer.read(), kind))
    sys.stdout.write(json.dumps(pages))


if __name__ == "__main__":
    main(sys.argv[1])
