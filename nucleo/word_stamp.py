"""Puts a small stamp into every foot of somebody's Word file, after what it holds, and changes nothing else.

A line of words is added to each foot, and beside it a picture that floats in the corner of the paper, between
the margins and the edge, so that the text stays on its pages; where the margins are too narrow for that, the
picture stands in the line. A file that is signed stays as it is. ``python -m nucleo.word_stamp`` does it in a
process of its own (:mod:`nucleo.apart`).
"""

from __future__ import annotations

import errno
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nucleo import apart
from nucleo.ooxml import EPOCH
from nucleo.pdf_stamp import BROKEN, SIGNED, LeftAsItIsError

SECONDS = 120
NAME = "CemStamp"
"""What our picture is called in the file: by it a file that had a stamp gets the new one in its place."""
EMU = 36_000
"""In a millimetre."""
POINTS = 7.5
GREY = "455A5B"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def stamp(file: IO[bytes], *, picture: Path, side: float, words: str, alt: str, into: Path) -> None:
    """Write ``file`` with the stamp in each foot to ``into``.

    ``picture`` is a PNG, shown ``side`` millimetres wide; what stands between asterisks in ``words`` is bold.
    Raises LeftAsItIsError, and what may go better another time: OSError, ApartError.
    """
    asked = (str(picture), str(side), words, alt, str(into))
    said = apart.run("nucleo.word_stamp", *asked, file=file, seconds=3 * SECONDS)
    if "reason" in said:
        raise LeftAsItIsError(said["reason"])
    if "failed" in said:
        raise OSError(errno.ENOSPC, said["failed"])


def look(file: IO[bytes]) -> None:
    """Raise LeftAsItIsError if ``file`` must not be changed."""
    if _is_signed(file):
        raise LeftAsItIsError(SIGNED)


def _is_signed(file: IO[bytes]) -> bool:
    with zipfile.ZipFile(file) as archive:
        return any(name.startswith("_xmlsignatures/") for name in archive.namelist())


# In the other process


def _feet(document: Any) -> Iterator[Any]:
    """Give each foot that a page may show, once; the first section gets those that nobody wrote."""
    document.element.body.get_or_add_sectPr()
    sections = list(document.sections)
    first = any(section.different_first_page_header_footer for section in sections)
    even = document.settings.odd_and_even_pages_header_footer
    seen: set[str] = set()
    for number, section in enumerate(sections):
        kinds = [(section.footer, True), (section.first_page_footer, first), (section.even_page_footer, even)]
        for foot, shown in kinds:
            if number == 0 and shown:
                foot.is_linked_to_previous = False
            if not foot.is_linked_to_previous and foot.part.partname not in seen:
                seen.add(foot.part.partname)
                yield foot


def _stamped(document: Any, picture: bytes, side: float, words: str, alt: str) -> None:
    feet = list(_feet(document))
    margins = [(one.right_margin or 0, one.bottom_margin or 0) for one in document.sections]
    roomy = all(min(pair) >= (side + 2) * EMU for pair in margins)
    for foot in feet:
        for old in foot._element.xpath(f'.//w:p[.//wp:docPr[@name="{NAME}"]]'):
            old.getparent().remove(old)
        _add(foot, picture, side, words, alt, floating=roomy)


def _add(foot: Any, picture: bytes, side: float, words: str, alt: str, *, floating: bool) -> None:
    from docx.shared import Mm, Pt, RGBColor

    # A foot that was just made has one empty paragraph: that one, or there would be an empty line.
    last = foot.paragraphs[-1] if foot.paragraphs else None
    bare = last is not None and len(foot._element) == 1 and not last._p.xpath("./w:r|./w:hyperlink|./w:sdt")
    paragraph: Any = last if bare else foot.add_paragraph()
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    shown = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(side))
    shown._inline.docPr.set("name", NAME)
    shown._inline.docPr.set("descr", alt)
    if floating:
        _let_float(shown._inline)
    else:
        paragraph.add_run(" ")
    for number, piece in enumerate(words.split("*")):
        run = paragraph.add_run(piece)
        run.font.size, run.font.color.rgb = Pt(POINTS), RGBColor.from_string(GREY)
        run.bold = bool(number % 2) or None


def _let_float(inline: Any) -> None:
    """Put the picture into the corner at the right below, in the middle of both margins."""
    from docx.oxml import parse_xml

    anchor = parse_xml(
        f'<wp:anchor xmlns:wp="{DRAWING}" distT="0" distB="0" distL="0" distR="0" simplePos="0"'
        ' relativeHeight="251659264" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="rightMargin"><wp:align>center</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="bottomMargin"><wp:align>center</wp:align></wp:positionV>'
        "</wp:anchor>"
    )
    for child in list(inline):
        anchor.append(child)
        if child.tag == f"{{{DRAWING}}}extent":
            anchor.append(parse_xml(f'<wp:effectExtent xmlns:wp="{DRAWING}" l="0" t="0" r="0" b="0"/>'))
            anchor.append(parse_xml(f'<wp:wrapNone xmlns:wp="{DRAWING}"/>'))
    inline.getparent().replace(inline, anchor)


def _packed(document: Any, into: Path) -> None:
    """Write the file with fixed dates: the same content gives the same bytes."""
    plain = io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)


def _said(given: IO[bytes], picture: str, side: str, words: str, alt: str, into: str) -> dict[str, str]:
    import docx

    try:
        if _is_signed(given):
            return {"reason": SIGNED}
        document = docx.Document(given)
        _stamped(document, Path(picture).read_bytes(), float(side), words, alt)
    except Exception:  # what python-docx says of a file that it does not understand has no common name
        return {"reason": BROKEN}
    try:
        _packed(document, Path(into))
    except OSError as error:
        return {"failed": str(error)}
    return {}


def main(*asked: str) -> None:
    """Read standard input within the limits, write the stamped file, and say what came of it."""
    apart.limit(SECONDS)
    given = sys.stdin.buffer
    sys.stdout.write(json.dumps(_said(given if given.seekable() else io.BytesIO(given.read()), *asked)))


if __name__ == "__main__":
    main(*sys.argv[1:])
