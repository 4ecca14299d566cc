"""The package as one ZIP: what is in it follows from the guides alone, so same content, same bytes.

The tree (pages, manifest, files by route) does not depend on who asks, when, or what she has already. Who has
an earlier package gets those of its files that she lacks; unzipped over the earlier tree, with what the
manifest names deleted, they give the same tree to the byte (ADR 0014). ``guias.exports.earlier`` knows what
somebody has already. Nothing is compressed (``nucleo.stored_zip``), so that a download can go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.template.loader import render_to_string

from guias.enums import SEARCH_INDEX, Format, GuideState, RenditionState, Route, VersionState
from guias.models import OfficialFile, Rendition, Version
from nucleo.paper import font_file

SCHEME = 2
"""The number of the manifest's form; the first had PDF files only and no ``objetos``."""
FORMS = (str(Format.PDF), str(Format.HTML), SEARCH_INDEX)
"""What of a guide goes into the package. Not Word: it is for who changes the text, adds two fifths to the
weight, and a changed copy on a stick looks official; one at a time it is at the guide's page."""
MANIFEST = "manifest.json"
DELETE_TOO = "BORRAR.txt"
"""Comes only when an earlier package had files that nobody could foresee; names itself last."""
FONT = "datos/letra.woff2"
LINKED = {"datos/paquete.css": "package.css", "datos/buscar.js": "package.js"}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which guides: those named, or else those of a route, or else all."""

    route: str = ""
    guides: tuple[str, ...] = ()

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow versions to the selection."""
        if self.guides:
            return found.filter(guide__slug__in=self.guides)
        return found.filter(guide__route=self.route) if self.route else found

    @property
    def name(self) -> str:
        """The word for it in the name of the file."""
        return "seleccion" if self.guides else self.route


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a guide."""

    path: str
    form: str
    guide: str
    version: int
    route: str
    published_on: str
    sha256: str
    size: int
    file: Any
    published_at: datetime
    replaced_at: datetime | None
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shelved:
    """A guide as the pages of the package list it, with what there is of it."""

    id: str
    title: str
    route: str
    version: int
    day: date | None
    pdf: Entry | None
    html: Entry | None
    index: Entry | None

    @property
    def route_label(self) -> str:
        """The name of the route."""
        return str(Route(self.route).label)

    @property
    def address(self) -> str:
        """Where to look whether this version still counts."""
        return f"{settings.ORIGIN}/guias/{self.id}/v{self.version}/"


@dataclass(frozen=True)
class Package:
    """What goes into the ZIP, and what does not yet."""

    number: int
    selection: Selection
    entries: list[Entry]
    versions: list[Version]
    preparing: list[tuple[Version, list[str]]]
    delete: list[str]

    @property
    def name(self) -> str:
        """The human name of the file."""
        parts = ["paquete-red-cemprende", self.selection.name, str(self.number)]
        return "-".join(part for part in parts if part)

    @property
    def newest(self) -> date | None:
        """The day of its newest guide, which is the date of the package."""
        return max((version.published_on for version in self.versions if version.published_on), default=None)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is still being made: only then its number says what is in it."""
        return not self.preparing

    def with_files_among(self, paths: set[str]) -> list[Version]:
        """Return the versions of which a file is in ``paths``."""
        named = {entry.guide for entry in self.entries if entry.path in paths}
        return [version for version in self.versions if version.guide.slug in named]

    @property
    def guides(self) -> list[Shelved]:
        """The guides in their order, each with its files."""
        found: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.guide, {})[entry.form] = entry
        return [_shelved(version, found[version.guide.slug]) for version in self.versions]

    @cached_property
    def pages(self) -> dict[str, bytes]:
        """The files that are not of one guide, but for the manifest: path → content."""
        context = {"package": self, "guides": self.guides, "origin": settings.ORIGIN}
        templates = {
            "LEEME.txt": "guias/package_readme.txt",
            "index.html": "guias/package_index.html",
            "sigue-vigente.html": "guias/package_current.html",
        }
        written = {path: render_to_string(template, context) for path, template in templates.items()}
        folder = Path(__file__).parent
        files = {path: folder / name for path, name in LINKED.items()}
        if font := font_file():
            files[FONT] = font
        linked = {path: file.read_bytes() for path, file in files.items()}
        texts = {
            path: as_note(text) if path.endswith(".txt") else text.encode() for path, text in written.items()
        }
        return texts | linked

    @cached_property
    def objects(self) -> dict[str, str]:
        """The whole tree but for the manifest itself, in the order of the ZIP: path → sha256."""
        pages = {path: hashlib.sha256(content).hexdigest() for path, content in self.pages.items()}
        return {**pages, **{entry.path: entry.sha256 for entry in self.entries}}

    @cached_property
    def manifest(self) -> bytes:
        """What a program reads: files by guide, every object by its content, what no longer counts."""
        by_content: dict[str, list[str]] = {}
        for path, sha256 in self.objects.items():
            by_content.setdefault(sha256, []).append(path)
        content = {
            "formato": SCHEME,
            "sitio": settings.ORIGIN,
            "numero": self.number,
            "fecha": self.newest.isoformat() if self.newest else None,
            "eleccion": {"ruta": self.selection.route or None, "guias": list(self.selection.guides)},
            "archivos": [
                {
                    "id": entry.guide,
                    "version": entry.version,
                    "sha256": entry.sha256,
                    "bytes": entry.size,
                    "ruta": entry.route,
                    "archivo": entry.path,
                    "fecha": entry.published_on,
                }
                for entry in self.entries
            ],
            "objetos": by_content,
            "en_preparacion": [version.guide.slug for version, _missing in self.preparing],
            "borrar": self.delete,
        }
        lines = (f"{json.dumps(key)}:{_compact(value)}" for key, value in content.items())
        return ("{" + ",\n".join(lines) + "}\n").encode()

    @property
    def fingerprint(self) -> str:
        """What names this very tree."""
        return hashlib.sha256(self.manifest).hexdigest()[:32]


def as_note(text: str) -> bytes:
    """Return ``text`` as the Notepad of an old Windows shows it, with its own line ends and UTF-8 marked."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _shelved(version: Version, files: dict[str, Entry]) -> Shelved:
    return Shelved(
        id=version.guide.slug,
        title=version.title or version.guide.title,
        route=version.guide.route,
        version=version.number,
        day=version.published_on,
        pdf=files.get(Format.PDF),
        html=files.get(Format.HTML),
        index=files.get(SEARCH_INDEX),
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def path_of(slug: str, route: str, number: int, form: str) -> str:
    """Return where a file lies in the package: for people by route, with its human name."""
    folder = "datos/indice" if form == SEARCH_INDEX else route
    return f"{folder}/{slug}-v{number}.{form}"


def published_moments() -> list[datetime]:
    """Return when each version of public guides was published, oldest first: the n-th is package n."""
    found = _published().order_by("first_published_at", "pk").values_list("first_published_at", flat=True)
    return [moment for moment in found if moment]


def _published() -> QuerySet[Version]:
    return Version.objects.published().filter(guide__is_public=True, first_published_at__isnull=False)


def known_slugs() -> set[str]:
    """Return which guides may be named in a selection, also those that no longer count."""
    return set(_published().values_list("guide__slug", flat=True))


def retired_since(selection: Selection, since: datetime) -> bool:
    """Whether a guide stopped counting after ``since``: the package then has something to say."""
    found = selection.narrow(_published().filter(guide__state=GuideState.RETIRED))
    return found.filter(guide__updated_at__gt=since).exists()


def _versions(selection: Selection) -> QuerySet[Any]:
    """Return the versions in force of the public guides selected, in their order."""
    found: QuerySet[Any] = Version.objects.in_force().filter(guide__is_public=True)
    found = selection.narrow(found.exclude(guide__state=GuideState.RETIRED))
    shelf = Case(*(When(guide__route=one, then=n) for n, one in enumerate(Route)))
    return found.order_by(shelf, "guide__order", "guide__slug")


def _with_files(versions: QuerySet[Any]) -> QuerySet[Any]:
    """Bring guide and files of each along, and not the text, in two queries more."""
    made = Rendition.objects.filter(format__in=FORMS, state=RenditionState.READY)
    names = ("title", "slug", "route", "order")
    return (
        versions.select_related("guide")
        .only("number", "title", "published_on", "first_published_at", *(f"guide__{name}" for name in names))
        .prefetch_related(
            Prefetch("renditions", made, to_attr="made_files"),
            Prefetch("official_files", OfficialFile.objects.filter(format__in=FORMS), to_attr="issued_files"),
        )
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A guide as the page that offers the package shows it."""

    id: str
    title: str
    route: str
    version: int
    size: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What a page says of the whole package before it is taken, and the guides to choose from."""

    number: int
    ready: int
    preparing: int
    bytes: int
    offers: list[Offer]


def overview(shown: int, chosen: Iterable[str] = ()) -> Overview:
    """Return how much there is, the first ``shown`` guides and those chosen: three queries."""
    ready: dict[str, Any] = {"version": OuterRef("pk"), "state": RenditionState.READY}
    made = {form: Rendition.objects.filter(**ready, format=form).values("size")[:1] for form in FORMS}
    official = OfficialFile.objects.filter(version=OuterRef("pk"), format=Format.PDF).values("size")[:1]
    versions = _versions(Selection()).annotate(
        pdf_size=Coalesce(Subquery(made[Format.PDF]), Subquery(official)),
        html_size=Subquery(made[Format.HTML]),
        index_size=Subquery(made[SEARCH_INDEX]),
    )
    whole = Q(pdf_size__isnull=False, html_size__isnull=False, index_size__isnull=False)
    weight = Coalesce("pdf_size", 0) + Coalesce("html_size", 0) + Coalesce("index_size", 0)
    versions = versions.annotate(weight=weight)
    sums = versions.aggregate(all=Count("pk"), ready=Count("pk", filter=whole), bytes=Sum("weight"))
    versions = versions.annotate(called=Coalesce(NullIf("title", Value("")), "guide__title"))
    values = ("number", "weight", title := "called", slug := "guide__slug", route := "guide__route")
    named = set(chosen)
    rows = list(versions.values(*values)[:shown])
    named -= {row[slug] for row in rows}
    if named:
        rows += versions.filter(guide__slug__in=named).values(*values)
    return Overview(
        number=_published().count(),
        ready=sums["ready"],
        preparing=sums["all"] - sums["ready"],
        bytes=sums["bytes"] or 0,
        offers=[Offer(row[slug], row[title], row[route], row["number"], row["weight"]) for row in rows],
    )


def collect(selection: Selection) -> Package:
    """Return the package of what is selected, with all files that are there."""
    entries: list[Entry] = []
    preparing: list[tuple[Version, list[str]]] = []
    versions: list[Version] = []
    for version in _with_files(_versions(selection)):
        found = _entries(version)
        missing = [form for form in FORMS if form not in {entry.form for entry in found}]
        if missing:
            preparing.append((version, missing))
        if found:
            versions.append(version)
            entries += found
    return Package(
        number=_published().count(),
        selection=selection,
        entries=entries,
        versions=versions,
        preparing=preparing,
        delete=_superseded(selection),
    )


def _entries(version: Any) -> list[Entry]:
    issued = {file.format: file for file in version.issued_files}
    files = issued | {file.format: file for file in version.made_files}
    return [_entry(version, form, files[form], issued.get(form)) for form in FORMS if form in files]


def _entry(version: Any, form: str, file: Rendition | OfficialFile, issued: OfficialFile | None) -> Entry:
    """Return ``file``, which is made from ``issued`` if there is one, or is that very one."""
    guide = version.guide
    return Entry(
        path=path_of(guide.slug, guide.route, version.number, form),
        form=form,
        guide=guide.slug,
        version=version.number,
        route=guide.route,
        published_on=version.published_on.isoformat(),
        sha256=file.sha256,
        size=file.size,
        file=file.file,
        published_at=version.first_published_at,
        replaced_at=issued.uploaded_at if issued else None,
        made_at=file.made_at if isinstance(file, Rendition) else None,
    )


def _superseded(selection: Selection) -> list[str]:
    """Every file that some earlier package had and that no longer counts, in the order of their names.

    All of them, and not only those of one reader: so the pages that list them are the same for everyone.
    """
    old = Version.objects.published().filter(guide__is_public=True)
    old = old.filter(Q(state=VersionState.RETIRED) | Q(guide__state=GuideState.RETIRED))
    rows = selection.narrow(old).values_list("guide__slug", "guide__route", "number")
    return sorted(path_of(slug, route, number, form) for slug, route, number in rows for form in FORMS)
