"""What the styles of a document say of its paragraphs, and how its lists count."""

from __future__ import annotations

import re
from typing import Any

from nucleo.ooxml import Package, w
from nucleo.word_paper.looks import Looks, number

BULLETS = {
    "\uf0b7": "•", "\uf0a7": "▪", "o": "◦", "\uf0fc": "✓", "\uf0a8": "☐", "\uf06f": "☐", "\uf0d8": "➢",
}  # fmt: skip
"""Bullets as Word keeps them, in fonts of signs, and as everybody has them."""
_LEVEL = re.compile(r"%([1-9])")


def _root(package: Package, kind: str) -> Any:
    return next(map(package.tree, package.beside_text(kind)), None)


class Styles:
    """The styles of a document."""

    def __init__(self, package: Package) -> None:
        self.styles: dict[str, Any] = {}
        self.default_style = ""
        self.base = Looks()
        self.base_run = Looks()
        self.numbering = Numbering(_root(package, "numbering"))
        root = _root(package, "styles")
        if root is None:
            return
        for style in root.findall(w("style")):
            self.styles[style.get(w("styleId"), "")] = style
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in {"1", "true"}:
                self.default_style = style.get(w("styleId"), "")
        self.base.add(root.find(f"{w('docDefaults')}/{w('pPrDefault')}/{w('pPr')}"))
        self.base_run.add(root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"))

    def chain(self, key: str) -> list[Any]:
        """Return a style and those it is based on, the base first."""
        found: list[Any] = []
        while key in self.styles and self.styles[key] not in found:
            found.append(self.styles[key])
            based = self.styles[key].find(w("basedOn"))
            key = based.get(w("val"), "") if based is not None else ""
        return found[::-1]

    def looks(self, paragraph: Any) -> tuple[Looks, Looks]:
        """Return how a paragraph looks, and how its letters do before their own marks."""
        direct = paragraph.find(w("pPr"))
        named = direct.find(w("pStyle")) if direct is not None else None
        key = named.get(w("val"), "") if named is not None else ""
        chain = self.chain(key if key in self.styles else self.default_style)
        looks, run = Looks(dict(self.base.marks)), Looks(dict(self.base_run.marks))
        for style in chain:
            looks.add(style.find(w("pPr")))
            run.add(style.find(w("rPr")))
        level = self.numbering.level(looks, direct)
        if level is not None:
            looks.add(level.find(w("pPr")))
        looks.add(direct)
        looks.marks["style"] = chain[-1] if chain else None
        return looks, run


class Numbering:
    """How the lists of a document count; asked paragraph by paragraph, in order."""

    def __init__(self, root: Any) -> None:
        self.counted: dict[tuple[str, int], int] = {}
        self.levels: dict[tuple[str, int], Any] = {}
        self.starts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        abstract = {one.get(w("abstractNumId")): one for one in root.findall(w("abstractNum"))}
        for num in root.findall(w("num")):
            key = num.get(w("numId"), "")
            base = num.find(w("abstractNumId"))
            for level in abstract.get(base.get(w("val")) if base is not None else "", ()):
                if level.tag == w("lvl"):
                    self.levels[key, int(number(level.get(w("ilvl"))))] = level
            for over in num.findall(w("lvlOverride")):
                n = int(number(over.get(w("ilvl"))))
                start, level = over.find(w("startOverride")), over.find(w("lvl"))
                if level is not None:
                    self.levels[key, n] = level
                if start is not None:
                    self.starts[key, n] = int(number(start.get(w("val"))))

    def level(self, looks: Looks, direct: Any) -> Any:
        """Return what the list that a paragraph is in says of it, or None."""
        own = direct.find(w("numPr")) if direct is not None else None
        return self.levels.get(_place(looks.marks.get("numPr") if own is None else own))

    def marker(self, looks: Looks) -> str:
        """Count on, and return what stands before an item; nothing for what is none."""
        key, n = _place(looks.marks.get("numPr"))
        level = self.levels.get((key, n))
        if level is None:
            return ""
        for deeper in range(n + 1, 9):
            self.counted.pop((key, deeper), None)
        self.counted[key, n] = self.counted.get((key, n), self._start(key, n) - 1) + 1
        text_of = level.find(w("lvlText"))
        text = text_of.get(w("val"), "") if text_of is not None else ""
        kind_of_number = level.find(w("numFmt"))
        if kind_of_number is not None and kind_of_number.get(w("val")) == "bullet":
            return BULLETS.get(text, text if text.isprintable() and text else "•")

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shape = self.levels.get((key, at))
            fmt = shape.find(w("numFmt")) if shape is not None else None
            value = self.counted.get((key, at), self._start(key, at))
            return _counted(value, fmt.get(w("val"), "") if fmt is not None else "decimal")

        return _LEVEL.sub(written, text)

    def _start(self, key: str, n: int) -> int:
        if (key, n) in self.starts:
            return self.starts[key, n]
        level = self.levels.get((key, n))
        start = level.find(w("start")) if level is not None else None
        return int(number(start.get(w("val")))) if start is not None else 1


def _place(said: Any) -> tuple[str, int]:
    """Return which list ``said`` (w:numPr) names, and at what depth of it."""
    if said is None:
        return "", 0
    key, level = said.find(w("numId")), said.find(w("ilvl"))
    depth = int(number(level.get(w("val")))) if level is not None else 0
    return key.get(w("val"), "") if key is not None else "", depth


def _counted(value: int, shape: str) -> str:
    if shape in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if shape == "lowerLetter" else letter.upper()
    if shape in {"lowerRoman", "upperRoman"}:
        pairs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
                 (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
        text = ""
        for number, letters in pairs:
            while value >= number:
                text, value = text + letters, value - number
        return text if shape == "lowerRoman" else text.upper()
    return "" if shape == "none" else str(value)
