"""A PDF of which most bytes stay the same when something in it changes, so that only the rest need travel.

WeasyPrint draws body and foot of a page into one stream and gives each object the next number: the number of
the next version in the foot, or a line more on the first page, and hardly a byte stays. Here

- the foot (whatever stands in the margins) is drawn by streams of its own, and is an artifact of pagination
  as PDF/UA-1 asks (7.8); what the feet of a part have in common is drawn by the same stream;
- a part (the pages from one heading of the first level to the next) is written by itself
  (``nucleo.pdf_writing``), and nothing in it is called after what stands before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import takewhile
from typing import Any

import pydyf

from nucleo.pdf_writing import number_of, room, written

FOOT = b"/Artifact <</Type /Pagination/Subtype /Footer>> BDC"
SHORT = 300
"""Bytes of a stream that is not compressed here; on its way it is, together with those of other pages."""


def finish(document: Any, pdf: Any) -> None:
    """Let ``pdf``, which shows ``document``, be written so: a finisher of WeasyPrint's ``write_pdf``."""
    parts = _Parts(document, pdf)
    parts.set_feet_apart()
    parts.name_tables()
    parts.split_parent_tree()
    pdf.write = lambda output, *_options: output.write(written(pdf, parts.of, parts.feet))


class _Parts:
    """The objects of a PDF, and which part each belongs to."""

    def __init__(self, document: Any, pdf: Any) -> None:
        self.pdf = pdf
        self.pages = [self._at(reference) for reference in pdf.page_references]
        self.root = self._at(pdf.catalog["StructTreeRoot"])
        self.tree = self._at(self.root["ParentTree"])
        self.of: dict[int, int] = {}
        """Number of an object → its part. What is not in it belongs to the whole."""
        self.feet: set[int] = set()
        part = 0
        for page, drawn in zip(self.pages, document.pages, strict=True):
            part += not part or any(level == 1 for level, *_rest in drawn.bookmarks)
            for reference in [page.reference, page["Contents"], *page.get("Annots", ())]:
                self.of[number_of(reference)] = part
        for one in pdf.objects:
            if _has(one, "Pg"):
                self.of[one.number] = self.of[number_of(one["Pg"])]

    def _at(self, reference: bytes) -> Any:
        return self.pdf.objects[number_of(reference)]

    def _add(self, made: Any, part: int) -> bytes:
        self.pdf.add_object(made)
        self.of[made.number] = part
        reference: bytes = made.reference
        return reference

    def set_feet_apart(self) -> None:
        """Draw what stands in the margins by streams of its own, and take it out of what is read aloud."""
        read = self._read_aloud()
        feet: dict[int, list[tuple[Any, list[Any]]]] = defaultdict(list)
        for page, marks in zip(self.pages, self.tree["Nums"][1 : 2 * len(self.pages) : 2], strict=True):
            body = len(list(takewhile(lambda mark: number_of(mark) in read, marks)))
            operators = self._at(page["Contents"]).stream
            begin = _foot(operators, body)
            if begin is None or any(number_of(mark) in read for mark in marks[body:]):
                continue
            feet[self.of[page.number]].append((page, _artifact(operators[begin:])))
            del operators[begin:], marks[body:]
        for part, found in feet.items():
            self._draw_feet(part, found)

    def _read_aloud(self) -> set[int]:
        """Return which elements of the structure are named by it; WeasyPrint names none of the margins."""
        left, found = [number_of(one) for one in self.root["K"]], set()
        while left:
            found.add(number := left.pop())
            kids = self.pdf.objects[number].get("K", ())
            left += [number_of(kid) for kid in kids if isinstance(kid, bytes)]
        return found

    def _draw_feet(self, part: int, feet: list[tuple[Any, list[Any]]]) -> None:
        """Give each page its foot: what all begin with, what is its own (its number), what all end with."""
        begin = _common([foot for _page, foot in feet])
        rests = [foot[len(begin) :] for _page, foot in feet]
        end = _common([rest[::-1] for rest in rests])[::-1]
        first, last = self._streams(part, begin), self._streams(part, end)
        for (page, _foot), rest in zip(feet, rests, strict=True):
            own = self._streams(part, rest[: len(rest) - len(end)])
            page["Contents"] = pydyf.Array([page["Contents"], *first, *own, *last])

    def _streams(self, part: int, operators: list[Any]) -> list[bytes]:
        """Return the reference of a stream that draws ``operators``, if there are any."""
        if not operators:
            return []
        stream = pydyf.Stream(operators, compress=sum(map(len, operators)) > SHORT)
        reference = self._add(stream, part)
        self.feet.add(stream.number)
        return [reference]

    def name_tables(self) -> None:
        """Name the heads of a table, which its cells name, after its place in the part, not in the file."""
        count: Counter[int] = Counter()
        names: dict[str, str] = {}
        for one in self.pdf.objects:
            if _has(one, "ID") and isinstance(one["ID"], pydyf.String):
                table, _dash, place = one["ID"].string.partition("-")
                if table not in names:
                    part = self.of[one.number]
                    count[part] += 1
                    names[table] = f"{part}.{count[part]}"
                one["ID"].string = f"{names[table]}-{place}"  # the cells hold this very text

    def split_parent_tree(self) -> None:
        """Say part by part which element a mark of a page, or a link, belongs to."""
        links = {one["StructParent"]: one for one in self.pdf.objects if _has(one, "StructParent")}
        nums = self.tree.pop("Nums")
        found: dict[int, list[tuple[Any, str, Any]]] = defaultdict(list)
        for key, value in zip(nums[::2], nums[1::2], strict=True):
            holder, name = (
                (links[key], "StructParent") if key in links else (self.pages[key], "StructParents")
            )
            found[self.of[holder.number]].append((holder, name, value))
        step = room(max(map(len, found.values())))
        kids = []
        for part, rows in sorted(found.items()):
            own = []
            for place, (holder, name, value) in enumerate(rows):
                holder[name] = part * step + place
                own += [holder[name], value]
            limits = pydyf.Array([own[0], own[-2]])
            kids.append(self._add(pydyf.Dictionary({"Limits": limits, "Nums": pydyf.Array(own)}), part))
        self.tree["Kids"] = pydyf.Array(kids)


def _has(one: Any, name: str) -> bool:
    return isinstance(one, pydyf.Dictionary) and name in one


def _foot(operators: list[Any], body: int) -> int | None:
    """Return where the drawing of the margins begins: what follows the first ``body`` marks, if it is marked.

    It begins with the outermost state that is saved after the last mark of the body.
    """
    saved: list[int] = []
    last = -1
    for place, operator in enumerate(operators):
        if operator == b"q":
            saved.append(place)
        elif operator == b"Q":
            saved.pop()
        elif _has(operator, "MCID"):
            if operator["MCID"] >= body:
                return next((begin for begin in saved if begin > last), None)
            last = place
    return None


def _artifact(operators: list[Any]) -> list[Any]:
    """Return ``operators`` with each mark as an artifact."""
    made: list[Any] = []
    for operator in operators:
        if operator == b"BDC":  # after its kind and its number
            made[-2:] = [FOOT]
        else:
            made.append(operator)
    return made


def _common(lists: list[list[Any]]) -> list[Any]:
    """Return what all of ``lists`` begin with."""
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*lists, strict=False))
    return [column[0] for column in columns]
