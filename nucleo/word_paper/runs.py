"""What is inside a paragraph: letters, tab stops, fields, links, pictures, boxes, signs of notes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from nucleo.ooxml import R, w
from nucleo.word_paper.looks import OFF, Looks, number, run_css, style_of

if TYPE_CHECKING:
    from nucleo.word_paper.document import Drawing

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
EMU = 12_700
"""English Metric Units in a point."""
PAGE_BREAK = "\f"
"""Stands in what is drawn for the end of a page inside a paragraph: no letter of a text is it."""
NAMELESS = "Imagen"
"""What a picture says that its author said nothing of: a tagged PDF must say something."""
TAB = 36.0
"""Points between the tab stops that nobody set."""
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SYMBOLS = {"F0A8": "☐", "F06F": "☐", "F0FE": "☑", "F0FD": "☒", "F0FC": "✓", "F0B7": "•", "F0A7": "▪"}


class Runs:
    """Draws what is inside the paragraphs of one document."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    def inline(self, paragraph: Any, looks: Looks, run: Looks) -> str:
        """Return the inside of ``paragraph``, whose letters look like ``run`` before their own marks."""
        pieces = list(self._runs(paragraph, run, _Fields()))
        if not any(piece is None for piece in pieces):
            return "".join(piece for piece in pieces if piece)
        return self._stops(pieces, looks)

    def _stops(self, pieces: Sequence[str | None], looks: Looks) -> str:
        """Give each stretch before a tab the width up to its stop; a leader becomes a line."""
        stops = looks.marks.get("tabs")
        places = [
            (number(one.get(w("pos"))) / 20, one.get(w("val"), "left"), one.get(w("leader"), ""))
            for one in (stops if stops is not None else ())
            if one.get(w("val")) not in {"clear", "bar"}
        ]
        places.sort()
        stretches: list[list[str]] = [[]]
        for piece in pieces:
            if piece is None:
                stretches.append([])
            else:
                stretches[-1].append(piece)
        made, at = "", looks.points("ind", "left", "start")
        for n, stretch in enumerate(stretches):
            text = "".join(stretch)
            if n == len(stretches) - 1:
                return made + text
            place, _kind, leader = places[n] if n < len(places) else (at + TAB, "left", "")
            following = places[n][1] if n < len(places) else "left"
            width = max(place - at, 0)
            if following in {"right", "end", "center"}:
                # What follows ends, or has its middle, at the stop: it needs room of its own before it.
                width -= _about(stretches[n + 1]) * (0.5 if following == "center" else 1)
            line = {"underscore": "border-bottom:.6pt solid", "dot": "border-bottom:.8pt dotted"}.get(
                leader, ""
            )
            line = line or ("border-bottom:.6pt dashed" if leader in {"hyphen", "middleDot"} else "")
            size = f"width:{width:g}pt" if width > _about(stretch) else "padding-right:4pt"
            made += (
                f'<span class="stop" style="{size}"><span>{text}</span>'
                f'<span class="lead"{style_of(line)}></span></span>'
            )
            at = place
        return made

    def _runs(self, container: Any, base: Looks, fields: _Fields) -> Iterator[str | None]:
        """Give the pieces of a paragraph: HTML, or None for a tab."""
        for child in container.iterchildren(etree.Element):
            tag = child.tag
            if tag == w("r"):
                yield from self._run(child, base, fields)
            elif tag == w("hyperlink"):
                inner = "".join(piece or " " for piece in self._runs(child, base, fields))
                yield self._linked(child, inner)
            elif tag == w("fldSimple"):
                counter = _counter(child.get(w("instr"), ""))
                if counter:
                    yield counter
                else:
                    yield from self._runs(child, base, fields)
            elif tag in {w("pPr"), w("p"), w("tbl")} or tag.startswith(W14):
                continue
            elif tag.startswith(MATH):
                self.drawing.lost.add("math")
                yield escape("".join(child.itertext()))
            else:
                yield from self._runs(child, base, fields)

    def _linked(self, link: Any, inner: str) -> str:
        for relation in self.drawing.package.relations(self.drawing.part):
            if relation.get("Id") == link.get(f"{{{R}}}id") and relation.get("TargetMode") == "External":
                return f'<a href="{escape(relation.get("Target", ""))}">{inner}</a>'
        return inner

    def _run(self, run: Any, base: Looks, fields: _Fields) -> Iterator[str | None]:
        looks = Looks(dict(base.marks))
        direct = run.find(w("rPr"))
        named = direct.find(w("rStyle")) if direct is not None else None
        for style in self.drawing.styles.chain(named.get(w("val"), "") if named is not None else ""):
            looks.add(style.find(w("rPr")))
        looks.add(direct)
        if looks.on("vanish"):
            return
        css = run_css(looks, base)
        for child in _alternatives(run):
            piece = self._piece(child, fields)
            if piece is None:
                yield None
            elif piece == PAGE_BREAK:
                yield piece
            elif piece:
                yield f"<span{style_of(css)}>{piece}</span>" if css else piece

    def _piece(self, child: Any, fields: _Fields) -> str | None:
        name = etree.QName(child).localname
        if fields.hides(child):
            return fields.drawn(child)
        if child.tag == w("tab") or name == "ptab":
            return None
        if name == "br" and child.get(w("type")) == "page":
            return PAGE_BREAK
        if name in {"br", "cr"}:
            return "<br>"
        if name == "t":
            return escape(child.text or "")
        if name == "noBreakHyphen":
            return "\u2011"
        if name == "sym":
            return self._symbol(child)
        if name in {"footnoteReference", "endnoteReference"}:
            return self._note(child, name.removesuffix("Reference"))
        if name in {"drawing", "pict"}:
            return self._drawn(child)
        return ""

    def _symbol(self, child: Any) -> str:
        found = SYMBOLS.get(child.get(w("char"), "").upper(), "")
        if not found:
            self.drawing.lost.add("symbol")
        return found or "▪"

    def _note(self, reference: Any, kind: str) -> str:
        key = reference.get(w("id"))
        for name in self.drawing.package.beside_text(f"{kind}s"):
            for note in self.drawing.package.tree(name).findall(w(kind)):
                if note.get(w("id")) == key:
                    n = len(self.drawing.notes) + 1
                    self.drawing.notes.append("")
                    before, self.drawing.part = self.drawing.part, name
                    self.drawing.notes[n - 1] = f"<div><sup>{n}</sup>{self.drawing.blocks(note)}</div>"
                    self.drawing.part = before
                    return f"<sup>{n}</sup>"
        return ""

    def _drawn(self, drawing: Any) -> str:
        """Draw pictures where they stand, and put the text of boxes below the paragraph."""
        for box in drawing.iter(w("txbxContent")):
            self.drawing.lost.add("boxes")
            kept, self.drawing.boxes = self.drawing.boxes, []
            inner = self.drawing.blocks(box)
            self.drawing.boxes = [*kept, f'<div class="box">{inner}</div>']
        made = "".join(self._picture(one, drawing) for one in drawing.iter(f"{A}blip", f"{V}imagedata"))
        if drawing.find(f"{WP}anchor") is not None and made:
            self.drawing.lost.add("floating")
        if not made and drawing.find(f".//{w('txbxContent')}") is None:
            self.drawing.lost.add("shapes")
        return made

    def _picture(self, blip: Any, drawing: Any) -> str:
        key = blip.get(f"{{{R}}}embed") or blip.get(f"{{{R}}}id") or ""
        content = self.drawing.package.parts.get(self.drawing.package.target(self.drawing.part, key), b"")
        kind = next((kind for head, kind in PICTURES.items() if content.startswith(head)), "")
        if not kind:
            self.drawing.lost.add("pictures")
            return ""
        extent, said = drawing.find(f".//{WP}extent"), drawing.find(f".//{WP}docPr")
        size = ""
        if extent is not None:
            size = f"width:{number(extent.get('cx')) / EMU:g}pt"
        alt = said.get("descr") or said.get("title") if said is not None else ""
        if not alt:
            self.drawing.lost.add("alt")
        data = base64.b64encode(content).decode("ascii")
        return f'<img src="data:{kind};base64,{data}" alt="{escape(alt or NAMELESS)}"{style_of(size)}>'


class _Fields:
    """Where one is among the fields of a paragraph: what a counter showed last in Word is not shown."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.counting = ""
        self.skipping = False

    def hides(self, child: Any) -> bool:
        """Whether ``child`` is part of a field's own machinery, or what a counter said before."""
        return child.tag in {w("fldChar"), w("instrText")} or self.skipping

    def drawn(self, child: Any) -> str:
        """Follow the field, and return what stands in its place."""
        if child.tag == w("instrText"):
            self.said.append(child.text or "")
            return ""
        if child.tag != w("fldChar"):
            return ""
        kind = child.get(w("fldCharType"))
        if kind == "begin":
            self.said = []
            box = child.find(f"{w('ffData')}/{w('checkBox')}")
            if box is None:
                return ""
            ticked = box.find(w("checked")) if box.find(w("checked")) is not None else box.find(w("default"))
            return "☒" if ticked is not None and ticked.get(w("val"), "1") not in OFF else "☐"
        counter = _counter("".join(self.said))
        if kind == "separate":
            self.skipping = bool(counter)
            self.counting = counter
            return ""
        shown = self.counting or (counter if not self.skipping else "")
        self.said, self.skipping, self.counting = [], False, ""
        return shown


def _counter(instruction: str) -> str:
    words = instruction.split()
    css = {"PAGE": "page", "NUMPAGES": "pages", "SECTIONPAGES": "pages"}.get(
        words[0].upper() if words else ""
    )
    return f'<span class="{css}"></span>' if css else ""


def _alternatives(run: Any) -> Iterator[Any]:
    """Give what is in a run; of two drawings of the same thing, the newer one."""
    for child in run.iterchildren(etree.Element):
        if child.tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            chosen = child.find(f"{MC}Fallback") if chosen is None or not len(chosen) else chosen
            yield from chosen.iterchildren(etree.Element) if chosen is not None else ()
        else:
            yield child


def _about(pieces: Sequence[str]) -> float:
    """Return about how wide a stretch of text is, in points, with letters of eleven."""
    return len(re.sub(r"<[^>]*>", "", "".join(pieces))) * 5.2
