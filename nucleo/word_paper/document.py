"""A document of Word as one page of HTML: blocks one below the other, head and foot of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from nucleo.ooxml import MAIN, SETTINGS, Package, R, w
from nucleo.word_paper.looks import OFF, Looks, indent_css, number, paragraph_css, style_of
from nucleo.word_paper.runs import EMU, PAGE_BREAK, WP, Runs
from nucleo.word_paper.styles import Styles
from nucleo.word_paper.tables import table

_HEADING = re.compile(r"^heading ([1-6])$", re.IGNORECASE)

STYLE = """
* { box-sizing: border-box; }
html { font-family: "Ancizar Sans", "DejaVu Sans", sans-serif; font-size: 11pt; line-height: 1.2; }
body, p, h1, h2, h3, h4, h5, h6, ul { margin: 0; padding: 0; font-size: inherit; font-weight: inherit; }
p, li { orphans: 2; widows: 2; }
h1, h2, h3, h4, h5, h6 { break-after: avoid; }
table { border-collapse: collapse; table-layout: fixed; max-width: 100%; }
th { font-weight: inherit; text-align: left; }
td, th { padding: 0 .19cm; vertical-align: top; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
img { max-width: 100%; }
ul { list-style-position: outside; }
.box { margin: 4pt 0; padding: 3pt 5pt; border: .5pt solid #000; }
.stop { display: inline-flex; align-items: baseline; vertical-align: baseline; }
.lead { flex: 1; align-self: stretch; }
.notes { margin-top: 12pt; padding-top: 4pt; border-top: .5pt solid #000; font-size: 9pt; }
.head { position: running(head); } .foot { position: running(foot); }
.head-first { position: running(head-first); } .foot-first { position: running(foot-first); }
.page::after { content: counter(page); } .pages::after { content: counter(pages); }
"""


class Drawing:
    """One pass over one document."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = MAIN
        """The part that is being drawn: its relations say where its pictures are."""
        self.lost: set[str] = set()
        self.notes: list[str] = []
        self.boxes: list[str] = []
        """Text boxes of the paragraph that is being drawn: they come below it."""
        self.styles = Styles(package)
        self.runs = Runs(self)

    def document(self, title: str, fonts: Sequence[tuple[str, str]]) -> str:
        """Return the whole page."""
        root = self.package.tree(MAIN)
        body = root.find(w("body"))
        sections = list(root.iter(w("sectPr")))
        first = sections[0] if sections else etree.Element(w("sectPr"))
        self._compare(sections)
        running, rules = self._frame(first)
        text = self.blocks(body)
        notes = f'<div class="notes">{"".join(self.notes)}</div>' if self.notes else ""
        faces = "".join(
            f'@font-face{{font-family:"Ancizar Sans";src:url("{address}");font-weight:{weight}}}'
            for weight, address in fonts
        )
        return (
            f'<!doctype html><html lang="es-CO"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="author" content="Red Cemprende"><style>{faces}{STYLE}{rules}</style></head>'
            f"<body>{running}{text}{notes}</body></html>"
        )

    def _compare(self, sections: Sequence[Any]) -> None:
        sizes = set()
        for section in sections:
            size = section.find(w("pgSz"))
            sizes.add((size.get(w("w")), size.get(w("h"))) if size is not None else None)
            columns = section.find(w("cols"))
            if columns is not None and number(columns.get(w("num"))) > 1:
                self.lost.add("columns")
        if len(sizes) > 1:
            self.lost.add("sizes")
        if SETTINGS in self.package.parts:
            settings = self.package.tree(SETTINGS)
            if settings.find(w("evenAndOddHeaders")) is not None:
                self.lost.add("even")

    def _frame(self, section: Any) -> tuple[str, str]:
        """Return the heads and feet, and the rules of the page that put them there."""
        size, margin = section.find(w("pgSz")), section.find(w("pgMar"))

        def points(element: Any, name: str, otherwise: float) -> float:
            said = element.get(w(name)) if element is not None else None
            return abs(number(said)) / 20 if said else otherwise

        width, height = points(size, "w", 612), points(size, "h", 792)
        sides = {name: points(margin, name, 72) for name in ("top", "right", "bottom", "left")}
        head_at, foot_at = points(margin, "header", 36), points(margin, "footer", 36)
        inside = width - sides["left"] - sides["right"]
        running, rules = "", ""
        titled = section.find(w("titlePg"))
        for word, css, at, side in (
            ("header", "head", head_at, "top"),
            ("footer", "foot", foot_at, "bottom"),
        ):
            for kind, suffix in (("default", ""), ("first", "-first")):
                if kind == "first" and (titled is None or titled.get(w("val"), "1") in OFF):
                    continue
                part = self._frame_part(section, word, kind)
                padding = "padding-top" if side == "top" else "padding-bottom"
                align = "top" if side == "top" else "bottom"
                box = "content:none"
                if part:
                    inner, tall = self._elsewhere(part, inside)
                    running += f'<div class="{css}{suffix}">{inner}</div>'
                    sides[side] = max(sides[side], at + tall + 6)
                    box = (
                        f"content:element({css}{suffix});width:100%;vertical-align:{align};{padding}:{at:g}pt"
                    )
                page = "@page:first" if suffix else "@page"
                rules += f"{page}{{@{side}-left{{{box}}}}}"
        margins = " ".join(f"{sides[name]:g}pt" for name in ("top", "right", "bottom", "left"))
        return running, f"@page{{size:{width:g}pt {height:g}pt;margin:{margins}}}{rules}"

    def _frame_part(self, section: Any, word: str, kind: str) -> str:
        for reference in section.findall(w(f"{word}Reference")):
            if reference.get(w("type")) == kind:
                return self.package.target(MAIN, reference.get(f"{{{R}}}id", ""))
        return ""

    def _elsewhere(self, part: str, width: float) -> tuple[str, float]:
        """Draw another part; return it and about how tall it is, in points."""
        before, self.part = self.part, part
        root = self.package.tree(part)
        drawn = self.blocks(root)
        self.part = before
        return drawn, self._height(root, width)

    def _height(self, container: Any, width: float) -> float:
        total = 0.0
        for child in container:
            if child.tag == w("p"):
                looks, run = self.styles.looks(child)
                size = number(run.get("sz")) / 2 or 11
                letters = sum(len(one.text or "") for one in child.iter(w("t")))
                lines = max(1.0, -(-letters * size * 0.48 // max(width, 1)))
                pictures = [number(one.get("cy")) / EMU for one in child.iter(f"{WP}extent")]
                total += max([lines * size * 1.25, *pictures])
                total += looks.points("spacing", "before") + looks.points("spacing", "after")
            elif child.tag == w("tbl"):
                for row in child.findall(w("tr")):
                    cells = row.findall(w("tc"))
                    total += max(
                        (self._height(cell, width / max(len(cells), 1)) for cell in cells), default=0
                    )
        return total

    def blocks(self, container: Any) -> str:
        """Draw what stands one below the other; items that follow one another are one list."""
        made: list[str] = []
        in_list = False
        for block in _flat(container):
            drawn, is_item = self._block(block)
            if is_item != in_list:
                made.append("<ul>" if is_item else "</ul>")
                in_list = is_item
            if self.boxes:
                if in_list:
                    drawn, in_list = f"{drawn}</ul>", False
                drawn += "".join(self.boxes)
                self.boxes = []
            made.append(drawn)
        return "".join(made) + ("</ul>" if in_list else "")

    def _block(self, block: Any) -> tuple[str, bool]:
        if block.tag == w("tbl"):
            return table(block, self.styles.chain, self.blocks), False
        return self._paragraph(block)

    def _paragraph(self, paragraph: Any) -> tuple[str, bool]:
        looks, run = self.styles.looks(paragraph)
        marker = self.styles.numbering.marker(looks)
        inside = self.runs.inline(paragraph, looks, run)
        tag = self._tag(looks)
        css = paragraph_css(looks, run, close=_neighbours(paragraph) if looks.on("contextualSpacing") else ())
        breaks = self._section_break(paragraph)
        if not inside.strip():
            return f"<p{style_of(css)}>{marker or '<br>'}</p>{breaks}", False
        if tag != "p" or not marker:
            before = f"{escape(marker)} " if marker else ""
            css += "" if marker else indent_css(looks)
            first, *others = f"{before}{inside}".split(PAGE_BREAK)
            made = f"<{tag}{style_of(css)}>{first}</{tag}>" if first or not others else ""
            for other in others:
                made += f"<p{style_of(f'{css};break-before:page')}>{other or '<br>'}</p>"
            return made + breaks, False
        left = looks.points("ind", "left", "start")
        kind = marker.replace("\\", "").replace('"', "").replace("'", "")
        css += f";margin-left:{max(left, 14):g}pt;list-style-type:'{kind}  '"
        return f"<li{style_of(css)}>{inside.replace(PAGE_BREAK, '<br>')}</li>{breaks}", True

    def _section_break(self, paragraph: Any) -> str:
        properties = paragraph.find(w("pPr"))
        if properties is None or properties.find(w("sectPr")) is None:
            return ""
        sections = list(self.package.tree(MAIN).iter(w("sectPr")))
        for before, after in pairwise(sections):
            kind = after.find(w("type"))
            if before is properties.find(w("sectPr")) and (
                kind is None or kind.get(w("val")) != "continuous"
            ):
                return '<div style="break-after:page"></div>'
        return ""

    def _tag(self, looks: Looks) -> str:
        style = looks.marks.get("style")
        name_of = style.find(w("name")) if style is not None else None
        name = name_of.get(w("val"), "") if name_of is not None else ""
        found = _HEADING.match(name)
        if found:
            return f"h{found[1]}"
        return "h1" if name.lower() == "title" else "p"


def _flat(container: Any) -> Iterator[Any]:
    """Give paragraphs and tables, out of whatever content controls they stand in."""
    for child in container.iterchildren(etree.Element):
        if child.tag in {w("p"), w("tbl")}:
            yield child
        elif child.tag in {w("sdt"), w("sdtContent"), w("customXml"), w("smartTag")}:
            yield from _flat(child)


def _neighbours(paragraph: Any) -> list[str]:
    """Return on which sides a paragraph of the same style stands: Word leaves no space between those."""

    def style(one: Any) -> str:
        found = one.find(f"{w('pPr')}/{w('pStyle')}") if one is not None and one.tag == w("p") else None
        return str(found.get(w("val"))) if found is not None else ""

    own = style(paragraph)
    beside = (("before", paragraph.getprevious()), ("after", paragraph.getnext()))
    return [side for side, one in beside if one is not None and one.tag == w("p") and style(one) == own]
