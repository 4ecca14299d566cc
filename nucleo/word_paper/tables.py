"""Tables of Word as HTML: the grid, cells that are joined over columns and rows, borders, rows of heading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nucleo.ooxml import w
from nucleo.word_paper.looks import Looks, border_css, colour, css_of, number, style_of


def table(table: Any, chain: Callable[[str], list[Any]], blocks: Callable[[Any], str]) -> str:
    """Return ``table``; ``chain`` gives its style and those below it, ``blocks`` draws what is in a cell."""
    looks = Looks()
    direct = table.find(w("tblPr"))
    named = direct.find(w("tblStyle")) if direct is not None else None
    for style in chain(named.get(w("val"), "") if named is not None else ""):
        looks.add(style.find(w("tblPr")))
    looks.add(direct)
    grid = [number(one.get(w("w"))) / 20 for one in table.findall(f"{w('tblGrid')}/{w('gridCol')}")]
    rows = [_cells(row) for row in _rows(table)]
    _join(rows)
    heads, body = "", ""
    for n, (row, cells) in enumerate(zip(_rows(table), rows, strict=True)):
        properties = Looks()
        properties.add(row.find(w("trPr")))
        is_head = properties.on("tblHeader") and not body
        height = properties.points("trHeight", "val")
        drawn = "".join(
            _cell(
                cell,
                looks,
                blocks(cell.element),
                first=n == 0,
                last=n + cell.rows >= len(rows),
                height=height,
                head=is_head,
            )
            for cell in cells
            if not cell.joined
        )
        if is_head:
            heads += f"<tr>{drawn}</tr>"
        else:
            body += f"<tr>{drawn}</tr>"
    columns = "".join(f'<col style="width:{one:g}pt">' for one in grid)
    whole = looks.get("tblW", "type") == "pct"
    css = css_of(
        width="100%" if whole or not sum(grid) else f"{sum(grid):g}pt",
        margin=_table_margin(looks),
    )
    head = f"<thead>{heads}</thead>" if heads else ""
    return f"<table{style_of(css)}><colgroup>{columns}</colgroup>{head}<tbody>{body}</tbody></table>"


def _cell(
    cell: _Cell, looks: Looks, inside: str, *, first: bool, last: bool, height: float, head: bool
) -> str:
    own = Looks()
    own.add(cell.element.find(w("tcPr")))
    css = css_of(
        background=colour(own.get("shd", "fill")),
        vertical_align={"center": "middle", "bottom": "bottom"}.get(own.get("vAlign"), ""),
        height=f"{height:g}pt" if height else "",
    )
    for side in ("top", "right", "bottom", "left"):
        drawn = _cell_border(own, looks, cell, side, first=first, last=last)
        if drawn:
            css += f";border-{side}:{drawn}"
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    tag = "th" if head else "td"
    scope = ' scope="col"' if head else ""
    return f"<{tag}{scope}{spans}{style_of(css.strip(';'))}>{inside}</{tag}>"


@dataclass
class _Cell:
    """A cell of a table: where it begins, how far it goes, whether it belongs to the one above."""

    element: Any
    at: int
    columns: int
    last: bool
    continues: bool
    rows: int = 1

    @property
    def joined(self) -> bool:
        """Whether a cell above covers it."""
        return self.continues and self.rows == 0


def _rows(table: Any) -> list[Any]:
    return [one for one in table.iter(w("tr")) if _table_of(one) is table]


def _table_of(row: Any) -> Any:
    return next(row.iterancestors(w("tbl")), None)


def _cells(row: Any) -> list[_Cell]:
    found: list[_Cell] = []
    at = 0
    elements = [one for one in row.iter(w("tc")) if next(one.iterancestors(w("tr")), None) is row]
    for element in elements:
        properties = Looks()
        properties.add(element.find(w("tcPr")))
        columns = int(number(properties.get("gridSpan")) or 1)
        merged = properties.marks.get("vMerge")
        continues = merged is not None and merged.get(w("val"), "continue") == "continue"
        found.append(_Cell(element, at, columns, element is elements[-1], continues))
        at += columns
    return found


def _join(rows: Iterable[list[_Cell]]) -> None:
    """Let a cell grow over those below that continue it."""
    open_cells: dict[int, _Cell] = {}
    for cells in rows:
        following: dict[int, _Cell] = {}
        for cell in cells:
            above = open_cells.get(cell.at)
            if cell.continues and above is not None:
                above.rows += 1
                cell.rows = 0
                following[cell.at] = above
            else:
                following[cell.at] = cell
        open_cells = following


def _cell_border(own: Looks, table: Looks, cell: _Cell, side: str, *, first: bool, last: bool) -> str:
    borders = own.marks.get("tcBorders")
    names = {"left": ("left", "start"), "right": ("right", "end")}.get(side, (side,))
    for name in names:
        found = borders.find(w(name)) if borders is not None else None
        if found is not None:
            return border_css(found)
    outer = {"top": first, "bottom": last, "left": cell.at == 0, "right": cell.last}[side]
    inner = "insideH" if side in {"top", "bottom"} else "insideV"
    of_table = table.marks.get("tblBorders")
    if of_table is None:
        return ""
    for name in names if outer else (inner,):
        found = of_table.find(w(name))
        if found is not None:
            return border_css(found)
    return ""


def _table_margin(looks: Looks) -> str:
    place = looks.get("jc")
    if place == "center":
        return "0 auto"
    if place in {"right", "end"}:
        return "0 0 0 auto"
    indent = looks.points("tblInd", "w")
    return f"0 0 0 {indent:g}pt" if indent > 0 else ""
