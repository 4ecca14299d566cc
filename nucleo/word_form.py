"""Forms on paper: a Word file in which ``{{ nombre }}`` stands where something is to be written.

A placeholder is a name and nothing else: no condition, no loop, no expression. Nothing of what the file says
is ever executed, so that who may upload a form may not run a program on the server (ADR 0018). What is filled
in stays text: it is no field of Word, no XML, and is not looked through for placeholders again.

Knows no app. ``python -m nucleo.word_form`` reads a file from standard input and writes JSON.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree  # type: ignore[import-untyped]

from nucleo import apart
from nucleo.ooxml import (
    MAIN,
    SETTINGS,
    Package,
    R,
    RefusedError,
    W,
    add_part,
    add_relation,
    cleaned,
    instructions,
    w,
)

SECONDS = 10
MAX_NAME = 40
MAX_PLACEHOLDERS = 60
"""Different ones in a file: a form that asks more is not one form."""
MAX_PLACES = 500
"""Places in a file where something is written: each costs, when it is filled."""
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_LOGIC = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{%|%\}|\{#|#\}", re.DOTALL)
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_WRITTEN = re.compile(r"^[\w\s-]+$")
_NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
"""Control characters, and those that turn the direction of reading: on paper they hide what is said."""
_BREAK = "\x00"
"""Stands for what is no letter inside a paragraph (a tab, a picture): a name does not run across it."""
PROPERTIES = "docProps/core.xml"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title/><dc:creator>Red Cemprende</dc:creator>'
    "<dc:language>es-CO</dc:language></cp:coreProperties>"
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


@dataclass(frozen=True, slots=True)
class Form:
    """A file that can be used as a form: clean, and which names stand in it, in the order of the text.

    ``written`` has for each name the words that stand there first: ``Nombre del Líder``.
    """

    content: bytes
    written: dict[str, str]

    @property
    def names(self) -> list[str]:
        """The names in order."""
        return list(self.written)


def name_of(written: str) -> str:
    """Return the name meant by ``written``: ``Nombre del Líder`` is ``nombre_del_lider``; or ""."""
    if not _WRITTEN.match(written.strip()):
        return ""
    bare = unicodedata.normalize("NFKD", written.lower()).encode("ascii", "ignore").decode()
    name = "_".join(re.split(r"[\s_-]+", bare)).strip("_")
    return name if _NAME.match(name) and len(name) <= MAX_NAME else ""


def read(file: IO[bytes]) -> Form:
    """Return the form in ``file``, read in a process of its own; raises RefusedError.

    Its reasons are those of :mod:`nucleo.ooxml`, and: logic, open, name, many, places, none. Leaves the
    file at its beginning.
    """
    file.seek(0)
    try:
        said = apart.run("nucleo.word_form", file=file, seconds=SECONDS)
    except apart.ApartError as error:
        raise RefusedError("broken") from error
    finally:
        file.seek(0)
    if "reason" in said:
        raise RefusedError(said["reason"], said["what"])
    return Form(base64.b64decode(said["content"]), said["written"])


def inspected(content: bytes) -> Form:
    """Return the form in ``content``; raises RefusedError. For the other process and for tests."""
    package = cleaned(Package.read(content))
    written: dict[str, str] = {}
    places = 0
    for part in package.texts:
        if any("{{" in one or "}}" in one for one in instructions(package.tree(part))):
            raise RefusedError("name", "{{ }}")
        for paragraph in package.tree(part).iter(w("p")):
            for name, words in _names_in(paragraph):
                written.setdefault(name, words)
                places += 1
    if not written:
        raise RefusedError("none")
    if len(written) > MAX_PLACEHOLDERS:
        raise RefusedError("many", str(len(written)))
    if places > MAX_PLACES:
        raise RefusedError("places", str(places))
    return Form(package.content(), written)


def _names_in(paragraph: Any) -> Iterator[tuple[str, str]]:
    text = "".join(piece for piece, _node in _pieces(paragraph))
    logic = _LOGIC.search(text)
    if logic:
        raise RefusedError("logic", _shown(logic[0]))
    for found in _PLACEHOLDER.finditer(text):
        name = name_of(found[1])
        if not name:
            raise RefusedError("name", _shown(found[0]))
        yield name, " ".join(found[1].replace("_", " ").split())
    rest = _PLACEHOLDER.sub("", text)
    for mark in ("{{", "}}"):
        if mark in rest:
            at = rest.index(mark)
            raise RefusedError("open", _shown(rest[max(0, at - 10 if mark == "}}" else at) : at + 40]))


def _shown(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())[:60]


def _pieces(paragraph: Any) -> Iterator[tuple[str, Any]]:
    """Give the text of a paragraph node by node, without that of text boxes inside it; a name may be cut."""
    for element in _own(paragraph):
        if element.tag == w("t"):
            yield element.text or "", element
        elif element.tag in _SEPARATORS:
            yield _BREAK, None


_SEPARATORS = {w(name) for name in ("tab", "br", "cr", "sym", "drawing", "pict", "instrText", "ptab")}


def _own(element: Any) -> Iterator[Any]:
    """Walk what is inside a paragraph in order, but not into the paragraphs that a text box brings."""
    for child in element.iterchildren(etree.Element):
        if child.tag == w("p"):
            continue
        # A tab stop of the paragraph's looks is called like the tab of a run.
        if child.tag == w("pPr"):
            continue
        yield child
        yield from _own(child)


def plain(value: str) -> str:
    """Return ``value`` as text that paper can hold: lines end in \\n, and no control characters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return _NOT_TEXT.sub("", value)


def filled(content: bytes, values: Mapping[str, str], *, title: str, foot: str) -> bytes:
    """Return the form with each placeholder replaced by its value; one without a value becomes nothing.

    ``foot`` is written under each page, ``title`` into the properties, which hold nothing else.
    """
    package = Package.read(content)
    for part in package.texts:
        for paragraph in list(package.tree(part).iter(w("p"))):
            _fill(paragraph, values)
    _write_properties(package, title)
    _write_foot(package, foot)
    return package.content()


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    pieces = list(_pieces(paragraph))
    text = "".join(piece for piece, _node in pieces)
    found = list(_PLACEHOLDER.finditer(text))
    if not found:
        return
    touched: dict[Any, None] = {}
    for match in reversed(found):
        at = 0
        value = plain(values.get(name_of(match[1]), ""))
        for piece, node in pieces:
            start, end = max(match.start(), at), min(match.end(), at + len(piece))
            if start < end and node is not None:
                old = node.text or ""
                # From the last one on: what stands before is where it was.
                node.text = old[: start - at] + value + old[end - at :]
                touched[node] = None
                value = ""
            at += len(piece)
    for node in touched:
        _with_breaks(node)


def _with_breaks(node: Any) -> None:
    """Give the text of a run its line ends as Word writes them, and keep its spaces."""
    lines = (node.text or "").split("\n")
    space = "{http://www.w3.org/XML/1998/namespace}space"
    node.text = lines[0]
    node.set(space, "preserve")
    last = node
    for line in lines[1:]:
        end, more = etree.Element(w("br")), etree.Element(w("t"))
        more.text = line
        more.set(space, "preserve")
        last.addnext(end)
        end.addnext(more)
        last = more


def _write_properties(package: Package, title: str) -> None:
    core = etree.fromstring(_CORE)
    core[0].text = plain(title)[:255]
    add_part(package, PROPERTIES, core, _CORE_TYPE)
    add_relation(package, "", _CORE_RELATION, PROPERTIES)


def _write_foot(package: Package, line: str) -> None:
    """Write ``line`` under every page: below the feet that are there, and in new ones where there is none."""
    feet = [name for name in package.texts if package.tree(name).tag == w("ftr")]
    for name in feet:
        package.tree(name).append(_foot_line(line))
    sections = list(package.tree(MAIN).iter(w("sectPr")))
    if not sections:
        body = package.tree(MAIN).find(w("body"))
        sections = [etree.SubElement(body, w("sectPr"))]
    first = sections[0]
    wanted = {"default"}
    if any(one.find(w("titlePg")) is not None for one in sections):
        wanted.add("first")
    if SETTINGS in package.parts:
        even = package.tree(SETTINGS).find(w("evenAndOddHeaders"))
        wanted |= {"even"} if even is not None else set()
    there = {one.get(w("type")) for one in first.findall(w("footerReference"))}
    for kind in sorted(wanted - there):
        root = etree.Element(w("ftr"), nsmap={"w": W, "r": R})
        root.append(_foot_line(line))
        file = f"pie-{kind}.xml"
        add_part(package, f"word/{file}", root, _FOOTER_TYPE)
        reference = etree.Element(w("footerReference"))
        reference.set(w("type"), kind)
        reference.set(f"{{{R}}}id", add_relation(package, MAIN, f"{R}/footer", file))
        first.insert(0, reference)


def _foot_line(line: str) -> Any:
    paragraph = etree.Element(w("p"))
    looks = etree.SubElement(etree.SubElement(paragraph, w("pPr")), w("spacing"))
    looks.set(w("before"), "80")
    looks.set(w("after"), "0")
    run = etree.SubElement(paragraph, w("r"))
    properties = etree.SubElement(run, w("rPr"))
    etree.SubElement(properties, w("color")).set(w("val"), "455A5B")
    etree.SubElement(properties, w("sz")).set(w("val"), "16")
    text = etree.SubElement(run, w("t"))
    text.text = plain(line)
    return paragraph


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def main() -> None:
    """Read standard input within the limits and write the form, or why it is none."""
    apart.limit(SECONDS)
    try:
        form = inspected(sys.stdin.buffer.read())
        said: dict[str, Any] = {"content": _encoded(form.content), "written": form.written}
    except RefusedError as error:
        said = {"reason": error.reason, "what": error.what}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
