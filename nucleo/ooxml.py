"""A Word file as its parts: opened with suspicion, changed as XML, packed again with nothing personal in it.

What a stranger's file may hold and ours may not is refused here, each with a reason of its own: whatever
runs (macros, embedded objects), whatever reaches outside (remote templates, linked pictures, fields that read
files), whatever names people (comments, tracked changes). The list is of what may stay, since what Word can
hold has no end. Knows no app and no Django.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from nucleo.unzipping import DamagedError, FloodError, Room, whole

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MAIN = "word/document.xml"
SETTINGS = "word/settings.xml"
EPOCH = (1980, 1, 1, 0, 0, 0)
MAX_PARTS = 500
MAX_UNPACKED = 40 * 1024 * 1024
MAX_XML = 8 * 1024 * 1024
"""Bytes of one part of XML: some thousand pages."""

KEPT = frozenset(
    {
        "officeDocument", "styles", "numbering", "settings", "webSettings", "fontTable", "font", "theme",
        "header", "footer", "footnotes", "endnotes", "image", "hyperlink",
    }
)  # fmt: skip
"""Kinds of relation that a file of ours may have."""
LEFT_OUT = frozenset(
    {
        "core-properties", "extended-properties", "custom-properties", "thumbnail", "customXml", "people",
        "customXmlProps", "commentsExtended", "commentsIds", "commentsExtensible", "glossaryDocument",
        "stylesWithEffects", "documenttasks", "classificationlabels", "keyMapCustomizations", "origin",
    }
)  # fmt: skip
"""Kinds that nothing in the text points to: who wrote it, with what, when. They do not travel on."""
REASONS = {
    "vbaProject": "macros", "wordVbaData": "macros", "attachedToolbars": "macros", "control": "object",
    "oleObject": "object", "package": "object", "activeXControlBinary": "object", "aFChunk": "object",
    "attachedTemplate": "template", "subDocument": "linked", "frame": "linked", "mailMergeSource": "linked",
    "comments": "comments",
}  # fmt: skip
FIELDS = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "HYPERLINK", "TOC", "PAGEREF", "REF",
        "SEQ", "STYLEREF", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "TITLE",
    }
)  # fmt: skip
"""Fields of Word that may stay: none of them reads another file."""
TRACKED = re.compile(r"^(?:ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change)$")
_SAFE_LINK = re.compile(r"^(?:https?://|mailto:|#)", re.IGNORECASE)
_LINK = re.compile(r'HYPERLINK\s+"?([^"\s]*)')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class RefusedError(Exception):
    """The file cannot be taken: ``reason`` is a word that callers have a sentence for, ``what`` names it."""

    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(reason)
        self.reason, self.what = reason, what


def w(name: str) -> str:
    """Return the full name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def parsed(content: bytes) -> Any:
    """Return the root of a part; raises RefusedError for what is no XML or brings entities of its own."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("broken") from error
    if root.getroottree().docinfo.doctype:
        raise RefusedError("broken")
    return root


@dataclass
class Package:
    """The parts of a file by their names. A part that was read as XML is written as it then stands."""

    parts: dict[str, bytes]
    trees: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, content: bytes) -> Package:
        """Unpack within limits; raises RefusedError: empty, old, locked, not-word, cut, bomb."""
        if not content:
            raise RefusedError("empty")
        if content.startswith(_OLE):
            locked = "EncryptedPackage".encode("utf-16-le") in content
            raise RefusedError("locked" if locked else "old")
        if not content.startswith(b"PK"):
            raise RefusedError("not-word", told_by_its_head(content))
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return cls(_unpacked(archive))
        except FloodError as error:
            raise RefusedError("bomb") from error
        except (
            DamagedError,
            zipfile.BadZipFile,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise RefusedError("cut") from error
        except RuntimeError as error:  # a part with a password
            raise RefusedError("locked") from error

    def tree(self, name: str) -> Any:
        """Return the root of the part ``name``, the same one each time."""
        if name not in self.trees:
            self.trees[name] = parsed(self.parts[name])
        return self.trees[name]

    def relations(self, name: str) -> list[Any]:
        """Return the relations of the part ``name`` as elements."""
        where = relations_of(name)
        return list(self.tree(where)) if where in self.parts else []

    def target(self, name: str, key: str) -> str:
        """Return the name of the part that ``name`` calls ``key``, or nothing."""
        for relation in self.relations(name):
            if relation.get("Id") == key and relation.get("TargetMode") != "External":
                return resolved(name, relation.get("Target", ""))
        return ""

    @property
    def texts(self) -> list[str]:
        """The names of the parts that hold what is read: the text, then heads, feet and notes."""
        kinds = ("header", "footer", "footnotes", "endnotes")
        return [MAIN, *(name for kind in kinds for name in self.beside_text(kind))]

    def beside_text(self, kind: str) -> list[str]:
        """Return the names of the parts that the text calls its ``kind``: styles, header."""
        called = [one for one in self.relations(MAIN) if kind_of(one) == kind]
        names = dict.fromkeys(resolved(MAIN, one.get("Target", "")) for one in called)
        return [name for name in names if name in self.parts]

    def content(self) -> bytes:
        """Return the file, with fixed dates: the same parts give the same bytes."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            first = [name for name in ("[Content_Types].xml", "_rels/.rels") if name in self.parts]
            for name in [*first, *sorted(self.parts.keys() - set(first))]:
                data = self.parts[name]
                if name in self.trees:
                    data = etree.tostring(
                        self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


def told_by_its_head(content: bytes) -> str:
    """Return what a file that is no Word file seems to be: pdf, html, rtf, picture, or nothing."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for beginning, kind in (
        (b"%pdf-", "pdf"),
        (b"{\\rtf", "rtf"),
        (b"<!doctype html", "html"),
        (b"<html", "html"),
        (b"\x89png", "picture"),
        (b"\xff\xd8\xff", "picture"),
    ):
        if head.startswith(beginning):
            return kind
    return ""


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    names = [one.filename for one in members]
    if len(members) > MAX_PARTS:
        raise RefusedError("bomb")
    if len(set(names)) != len(names) or any(".." in name.split("/") for name in names):
        raise RefusedError("broken")
    room = Room.of(archive, MAX_UNPACKED)
    found: dict[str, bytes] = {}
    for one in members:
        found[one.filename] = whole(archive, one, room)
        if _is_xml(one.filename) and len(found[one.filename]) > MAX_XML:
            raise RefusedError("bomb")
    return found


def relations_of(name: str) -> str:
    """Return the name of the part that holds the relations of ``name``; of the package for nothing."""
    folder, _slash, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels".lstrip("/")


def resolved(source: str, target: str) -> str:
    """Return the name of the part that ``source`` calls ``target``."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def kind_of(relation: Any) -> str:
    """Return the last word of the kind of a relation: header, image, hyperlink."""
    return str(relation.get("Type", "").rpartition("/")[2])


def cleaned(package: Package) -> Package:
    """Return ``package`` with only what a file of ours may hold; raises RefusedError for what it may not."""
    _check_types(package)
    if MAIN not in package.parts:
        raise RefusedError("not-word")
    root = package.tree(MAIN)
    if root.tag != w("document"):
        raise RefusedError("strict" if "purl.oclc.org" in str(root.tag) else "broken")
    kept = _reachable(package)
    if MAIN not in kept:
        raise RefusedError("not-word")
    for name in package.texts:
        _check_text(package.tree(name))
    if SETTINGS in kept:
        _clean_settings(package.tree(SETTINGS))
    found = Package(
        {name: package.parts[name] for name in kept},
        {name: package.tree(name) for name in kept if _is_xml(name)},
    )
    _write_types(found, package)
    return found


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _check_types(package: Package) -> None:
    if "[Content_Types].xml" not in package.parts:
        raise RefusedError("not-word")
    for one in package.tree("[Content_Types].xml"):
        said = str(one.get("ContentType", "")).lower()
        if "macroenabled" in said or "vbaproject" in said:
            raise RefusedError("macros")
    if any(name.lower().endswith("vbaproject.bin") for name in package.parts):
        raise RefusedError("macros")


def _reachable(package: Package) -> set[str]:
    """Return the parts that the document needs, from its first relation on; drops the relations to others."""
    kept: set[str] = set()
    waiting = [""]
    while waiting:
        source = waiting.pop()
        where = relations_of(source)
        if where not in package.parts:
            continue
        kept.add(where)
        for relation in list(package.tree(where)):
            name = _followed(package, source, relation)
            if name is None:
                relation.getparent().remove(relation)
            elif name and name not in kept:
                kept.add(name)
                waiting.append(name)
    return kept


def _followed(package: Package, source: str, relation: Any) -> str | None:
    """Return the part that ``relation`` leads to, "" for a link of the text, None for what is left out."""
    kind = kind_of(relation)
    target = relation.get("Target", "")
    if kind in REASONS:
        raise RefusedError(REASONS[kind], target)
    if kind in LEFT_OUT:
        return None
    if kind not in KEPT:
        raise RefusedError("unknown", kind)
    if relation.get("TargetMode") == "External":
        if kind != "hyperlink" or not _SAFE_LINK.match(target):
            raise RefusedError("linked", target)
        return ""
    name = resolved(source, target)
    if kind == "hyperlink":
        return ""
    if name not in package.parts:
        raise RefusedError("broken")
    return name


def _check_text(root: Any) -> None:
    for element in list(root.iter(etree.Element)):
        space, _brace, name = str(element.tag)[1:].rpartition("}")
        if space == W and TRACKED.match(name):
            raise RefusedError("tracked")
        if space == W and name in {"object", "control", "altChunk", "subDoc"}:
            raise RefusedError("object")
        if name == "dataBinding":
            element.getparent().remove(element)
        if space == W and name == "fldSimple":
            _check_field(element.get(w("instr"), ""))
        if space != W and element.get("src"):
            raise RefusedError("linked", element.get("src"))
    for instruction in instructions(root):
        _check_field(instruction)


def instructions(root: Any) -> list[str]:
    """Return what the fields of ``root`` say, each put together: Word cuts them into runs."""
    open_fields: list[list[str]] = []
    found: list[str] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            if open_fields:
                open_fields[-1].append(element.text or "")
            else:
                found.append(element.text or "")
            continue
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append([])
        elif kind == "end" and open_fields:
            found.append("".join(open_fields.pop()))
    return found + ["".join(one) for one in open_fields]


def _check_field(instruction: str) -> None:
    words = instruction.split()
    name = words[0].upper() if words else ""
    if not name:
        return
    if name not in FIELDS:
        raise RefusedError("field", name[:40])
    link = _LINK.match(" ".join(words)) if name == "HYPERLINK" else None
    if link and link[1] and not link[1].startswith("\\") and not _SAFE_LINK.match(link[1]):
        raise RefusedError("linked", link[1])


def _clean_settings(root: Any) -> None:
    for name in ("docVars", "attachedTemplate", "rsids", "mailMerge"):
        for element in root.findall(w(name)):
            root.remove(element)


def _write_types(found: Package, package: Package) -> None:
    """Say what each part is, of those that are left; a template of Word becomes a document."""
    root = package.tree("[Content_Types].xml")
    for one in list(root):
        part = str(one.get("PartName", "")).lstrip("/")
        if part and part not in found.parts:
            root.remove(one)
        elif part == MAIN:
            one.set("ContentType", MAIN_TYPE)
    found.parts["[Content_Types].xml"] = b""
    found.trees["[Content_Types].xml"] = root


def add_part(package: Package, name: str, root: Any, content_type: str) -> None:
    """Put a new part of XML into ``package``."""
    package.parts[name] = b""
    package.trees[name] = root
    types = package.tree("[Content_Types].xml")
    etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)


def add_relation(package: Package, source: str, kind: str, target: str) -> str:
    """Have ``source`` call the part ``target`` (as it names it) and return by what key."""
    where = relations_of(source)
    if where not in package.parts:
        package.parts[where] = b""
        package.trees[where] = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})
    root = package.tree(where)
    taken = {one.get("Id") for one in root}
    key = next(f"rCem{n}" for n in range(1, 10_000) if f"rCem{n}" not in taken)
    etree.SubElement(root, f"{{{RELATIONS}}}Relationship", Id=key, Type=kind, Target=target)
    return key
