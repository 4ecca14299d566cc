"""What changed between two editions of a Bitácora: block by block, words inside sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.text import Truncator

from nucleo.words import Operation, one_paragraph, paired, resemble

_KINDS = {
    "h2": "heading", "h3": "heading", "h4": "heading", "p": "text", "li": "item", "td": "text", "th": "text",
    "dt": "text", "dd": "text", "pre": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a section that stands by itself: ``heading``, ``text``, ``item`` or ``quote``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block with its words as they came, stayed or went."""

    kind: str
    words: list[tuple[Operation, str]]

    @property
    def is_same(self) -> bool:
        """Whether nothing happened to it."""
        return all(operation == "same" for operation, _words in self.words)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section in both editions."""

    kind: str
    title: str
    blocks: list[BlockChange] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many of its blocks changed."""
        return sum(not block.is_same for block in self.blocks)


class _Blocks(HTMLParser):
    """Reads clean prose into blocks; what is nested (a paragraph in an item) goes to the innermost."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Block] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block."""
        self.quotes += tag == "blockquote"
        if tag in _KINDS:
            self._finish()
            self.open.append(_KINDS[tag])
        elif tag == "br":
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a block."""
        if tag in _KINDS:
            self._finish()
            if self.open:
                self.open.pop()
        self.quotes -= tag == "blockquote"

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def _finish(self) -> None:
        text = " ".join("".join(self.words).split())
        self.words = []
        if text:
            kind = "item" if "item" in self.open else self.open[-1] if self.open else "text"
            self.found.append(Block("quote" if self.quotes and kind == "text" else kind, text))


def blocks_of(html: str) -> list[Block]:
    """Return the blocks of clean ``html``, without their marks of bold or links."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    reader._finish()
    return reader.found


def lead_of(html: str, length: int = 160) -> str:
    """Return how the prose of ``html`` begins, cut at a word; headings are left out."""
    texts = [block.text for block in blocks_of(html) if block.kind != "heading"]
    return Truncator(texts[0]).chars(length) if texts else ""


def _alike(before: Block, after: Block) -> bool:
    return before.kind == after.kind and resemble(before.text, after.text)


def compare_blocks(old: str, new: str) -> list[BlockChange]:
    """Return every block of two clean texts with what happened to its words, in the order of ``new``."""
    found = []
    for before, after in paired(blocks_of(old), blocks_of(new), _alike):
        kind = (after or before or Block("text", "")).kind
        if before == after and after is not None:
            found.append(BlockChange(kind, [("same", after.text)]))
            continue
        changed = one_paragraph(before.text if before else None, after.text if after else None)
        found.append(BlockChange(kind, changed.words))
    return found


def compare_sections(old: Iterable[dict[str, str]], new: Iterable[dict[str, str]]) -> list[SectionChange]:
    """Return the sections of ``new`` in order, each compared with the one of its kind in ``old``."""
    before = {section["kind"]: section["html"] for section in old}
    return [
        SectionChange(
            section["kind"],
            section["title"],
            compare_blocks(before.get(section["kind"], ""), section["html"]),
        )
        for section in new
    ]
