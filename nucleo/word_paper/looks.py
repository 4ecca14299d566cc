"""How a paragraph, a run or a table of Word looks, and the same as CSS. Knows no document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from nucleo.ooxml import w

_ALIGN = {"center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify"}
_LINES = {"dotted": "dotted", "dashed": "dashed", "dashSmallGap": "dashed", "double": "double"}
_COLOUR = re.compile(r"^[0-9A-Fa-f]{6}$")
OFF = frozenset({"0", "false", "off", "none"})
"""What switches a mark off."""


@dataclass
class Looks:
    """What styles and direct marks say of a paragraph or run: elements by name, the last one wins."""

    marks: dict[str, Any] = field(default_factory=dict)

    def add(self, properties: Any) -> None:
        """Lay ``properties`` (w:pPr, w:rPr …) over what is there; indents and spaces by attribute."""
        if properties is None:
            return
        for one in properties.iterchildren(etree.Element):
            name = etree.QName(one).localname
            before = self.marks.get(name)
            if name in {"ind", "spacing"} and before is not None:
                joined = etree.Element(one.tag, {**before.attrib, **one.attrib})
                self.marks[name] = joined
            else:
                self.marks[name] = one

    def get(self, name: str, attribute: str = "val") -> str:
        """Return an attribute of a mark, or nothing."""
        mark = self.marks.get(name)
        return "" if mark is None else str(mark.get(w(attribute), ""))

    def on(self, name: str) -> bool:
        """Whether a mark is there and not switched off."""
        mark = self.marks.get(name)
        return mark is not None and mark.get(w("val"), "1") not in OFF

    def points(self, name: str, *attributes: str) -> float:
        """Return a length in points, of the first of ``attributes`` that is there."""
        return next((number(said) / 20 for a in attributes if (said := self.get(name, a))), 0.0)


def number(text: str | None) -> float:
    """Return ``text`` as a number; nonsense is none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def css_of(**values: object) -> str:
    """Return declarations of CSS; what is empty is left out."""
    return ";".join(
        f"{name.replace('_', '-')}:{value}" for name, value in values.items() if value not in ("", None)
    )


def style_of(css: str) -> str:
    """Return ``css`` as an attribute."""
    return f' style="{escape(css)}"' if css else ""


def colour(said: str) -> str:
    """Return a colour of Word as one of CSS, or nothing."""
    return f"#{said}" if _COLOUR.match(said) else ""


def border_css(border: Any) -> str:
    """Return a border as CSS; nothing where Word says that there is none."""
    if border is None:
        return ""
    kind = border.get(w("val"), "nil")
    if kind in {"nil", "none"}:
        return "none"
    size = max(number(border.get(w("sz"))) / 8, 0.25)
    return f"{size:g}pt {_LINES.get(kind, 'solid')} {colour(border.get(w('color'), '')) or '#000'}"


def paragraph_css(looks: Looks, run: Looks, close: Sequence[str]) -> str:
    """Return the looks of a paragraph; ``close`` has the sides on which it leaves no space."""
    line = ""
    said = number(looks.get("spacing", "line"))
    if said:
        exact = looks.get("spacing", "lineRule") in {"exact", "atLeast"}
        line = f"{said / 20:g}pt" if exact else f"{said / 240 * 1.2:.3g}"
    css = css_of(
        text_align=_ALIGN.get(looks.get("jc"), ""),
        margin_top=f"{0 if 'before' in close else looks.points('spacing', 'before'):g}pt",
        margin_bottom=f"{0 if 'after' in close else looks.points('spacing', 'after'):g}pt",
        line_height=line,
        background=colour(looks.get("shd", "fill")),
        break_before="page" if looks.on("pageBreakBefore") else "",
        break_after="avoid" if looks.on("keepNext") else "",
        break_inside="avoid" if looks.on("keepLines") else "",
        font_size=f"{number(run.get('sz')) / 2:g}pt" if run.get("sz") else "",
    )
    borders = looks.marks.get("pBdr")
    for border in borders if borders is not None else ():
        side = etree.QName(border).localname
        if side in {"top", "right", "bottom", "left"} and (drawn := border_css(border)):
            css += f";border-{side}:{drawn};padding-{side}:{number(border.get(w('space'))):g}pt"
    return css


def indent_css(looks: Looks) -> str:
    """Return how far a paragraph stands from the sides."""
    left, right = looks.points("ind", "left", "start"), looks.points("ind", "right", "end")
    first = looks.points("ind", "firstLine") - looks.points("ind", "hanging")
    return (
        (f";margin-left:{left:g}pt" if left else "")
        + (f";margin-right:{right:g}pt" if right else "")
        + (f";text-indent:{first:g}pt" if first else "")
    )


def run_css(looks: Looks, base: Looks) -> str:
    """Return the looks of letters, beyond those that the paragraph ``base`` gives them."""
    size, usual = looks.get("sz"), base.get("sz")
    lines = [
        *(["underline"] if looks.on("u") else []),
        *(["line-through"] if looks.on("strike") or looks.on("dstrike") else []),
    ]
    highlight = looks.get("highlight")
    return css_of(
        font_weight="700" if looks.on("b") else "",
        font_style="italic" if looks.on("i") else "",
        text_decoration=" ".join(lines),
        text_transform="uppercase" if looks.on("caps") else "",
        font_variant="small-caps" if looks.on("smallCaps") else "",
        font_size=f"{number(size) / 2:g}pt" if size and size != usual else "",
        color=colour(looks.get("color")),
        background="#fff3a0" if highlight and highlight != "none" else colour(looks.get("shd", "fill")),
        vertical_align={"superscript": "super", "subscript": "sub"}.get(looks.get("vertAlign"), ""),
    )
