"""A chapter as its readers and exporters take it: read from the blocks, never stored apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nucleo.html import plain_text

WORDS_A_MINUTE = 180
"""Reading aloud in one's head on a phone, in Spanish: slower than the 200 and more of books."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to tick; ``id`` stays from version to version."""

    id: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """One chapter of a version; ``number`` counts from 1, ``blocks`` is Wagtail's stream.

    ``id`` is that of its block: it stays from version to version, whatever the chapter is called.
    """

    number: int
    title: str
    slug: str
    summary: tuple[str, ...]
    blocks: Any
    id: str = ""

    @cached_property
    def parts(self) -> list[tuple[str, Any]]:
        """Pairs of (anchor, block); only headings have an anchor, none twice in the chapter."""
        seen: dict[str, int] = {}
        found = []
        for block in self.blocks:
            anchor = ""
            if block.block_type == "heading":
                stem = slugify(block.value) or "seccion"
                seen[stem] = seen.get(stem, 0) + 1
                anchor = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
            found.append((anchor, block))
        return found

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Pairs of (anchor, text)."""
        return [(anchor, block.value) for anchor, block in self.parts if anchor]

    @cached_property
    def items(self) -> list[ChecklistItem]:
        """Everything that can be ticked in the chapter."""
        return [
            item
            for block in self.blocks
            if block.block_type == "checklist"
            for item in checklist_items(block.value)
        ]

    @cached_property
    def paragraphs(self) -> list[str]:
        """The words, a paragraph, item or cell each, in reading order: for search and for comparing."""
        found = [*self.summary, *(text for block in self.blocks for text in _texts(block) if text)]
        return [text.replace("`", "") for text in found]

    @cached_property
    def sections(self) -> list[tuple[str, str, list[str]]]:
        """Triples of (anchor, heading, paragraphs); what stands before the first heading has neither."""
        found: list[tuple[str, str, list[str]]] = [("", "", list(self.summary))]
        for anchor, block in self.parts:
            if anchor:
                found.append((anchor, str(block.value), []))
            else:
                found[-1][2].extend(text.replace("`", "") for text in _texts(block) if text)
        return found

    @property
    def text(self) -> str:
        """All the words."""
        return "\n".join(self.paragraphs)

    @cached_property
    def fingerprint(self) -> str:
        """Eight letters that differ when the chapter says something else, or is called otherwise."""
        said = json.dumps([self.title, self.paragraphs])
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    @cached_property
    def minutes(self) -> int:
        """Minutes that it takes to read, at least one."""
        return reading_minutes([self.text])


def reading_minutes(texts: Iterable[str]) -> int:
    """Return the minutes that ``texts`` take to read, at least one."""
    return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))


def main_points_title(points: Iterable[str]) -> str:
    """Return the title of the sentences that say what matters, with what they take to read."""
    minutes = reading_minutes(points)
    title = ngettext("Lo principal, en %(n)s minuto", "Lo principal, en %(n)s minutos", minutes)
    return title % {"n": minutes}


def checklist_items(value: Any) -> list[ChecklistItem]:
    """Return the items of a checklist block with their stable ids."""
    return [ChecklistItem(str(bound.id), str(bound.value)) for bound in value["items"].bound_blocks]


def chapters_of(body: Any) -> list[Chapter]:
    """Return the chapters in the stream ``body``; one without an address yet (a preview) gets one."""
    return [
        Chapter(
            number=number,
            title=block.value["title"],
            slug=block.value["slug"] or slugify(block.value["title"]) or f"capitulo-{number}",
            summary=tuple(block.value["summary"]),
            blocks=block.value["blocks"],
            id=block.id or "",
        )
        for number, block in enumerate(body, start=1)
    ]


def _prose(html: str) -> Iterator[str]:
    for piece in (
        html.replace("</li>", "</p>").replace("</h3>", "</p>").replace("</h4>", "</p>").split("</p>")
    ):
        yield plain_text(piece)


def _texts(block: Any) -> Iterator[str]:
    kind, value = block.block_type, block.value
    if kind == "heading":
        yield str(value)
    elif kind == "text":
        yield from _prose(value.source)
    elif kind == "steps":
        yield value["title"] or ""
        for step in value["items"]:
            yield f"{step['title']}. {step['text']}" if step["text"] else step["title"]
    elif kind == "checklist":
        yield value["title"]
        yield from value["items"]
        yield value["note"] or ""
    elif kind == "callout":
        yield value["title"] or ""
        yield from _prose(value["text"].source)
    elif kind == "table":
        yield value["caption"]
        yield from (f"{row[0]}: {'; '.join(row[1:])}" if row[1:] else row[0] for row in value.lines)
    elif kind == "figure":
        yield value["caption"] or value["alt"]
    elif kind == "ficha":
        yield from ficha_texts(value)
    elif kind == "file":
        yield value["title"] or (value["document"].title if value["document"] else "")


def ficha_texts(value: Any) -> Iterator[str]:
    """Give the lines of a process sheet, each with the name of its part."""
    yield value["title"]
    for label, part in ficha_parts(value):
        if len(part.lines) == 1:
            yield f"{label}: {part.lines[0]}"
        else:
            yield from part.lines


@dataclass(frozen=True, slots=True)
class FichaPart:
    """What one part of a process sheet says; ``ordered`` when the order of its lines counts."""

    lines: tuple[str, ...]
    ordered: bool = False


def ficha_parts(value: Any) -> list[tuple[str, FichaPart]]:
    """Return (name, content) of each filled part of a process sheet, in its usual order."""
    parts = [
        (_("Para qué"), FichaPart((value["purpose"],))),
        (_("Quién lo hace"), FichaPart((value["who"],))),
        (_("Qué se necesita"), FichaPart(tuple(value["inputs"]))),
        (_("Pasos"), FichaPart(tuple(value["steps"]), ordered=True)),
        (_("Cuánto tarda"), FichaPart((value["time"] or "",))),
        (_("Formatos"), FichaPart(tuple(value["formats"]))),
    ]
    return [(label, part) for label, part in parts if any(part.lines)]
