"""The whole package as one ZIP, written while it is sent: same content, same bytes.

Files are stored, not compressed (a PDF already is), one after another, so that memory stays flat.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string

from guias.enums import Format, GuideState, RenditionState, Route, VersionState
from guias.models import Guide, OfficialFile, Rendition, Version

PIECE = 64 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the package."""

    path: str
    title: str
    route: str
    guide: str
    version: int
    published_on: str
    sha256: str
    size: int
    file: Any

    @property
    def route_label(self) -> str:
        """The name of the route."""
        return str(Route(self.route).label)

    @property
    def day(self) -> date:
        """When the version was published, for people."""
        return date.fromisoformat(self.published_on)


@dataclass(frozen=True)
class Package:
    """What goes into the ZIP, and what does not yet."""

    number: int
    route: str
    since: datetime | None
    entries: list[Entry]
    versions: list[Version]
    preparing: list[Version]
    delete: list[str]
    newest: date | None

    @property
    def name(self) -> str:
        """The human name of the file."""
        parts = ["paquete-red-cemprende", self.route, str(self.number), "cambios" if self.since else ""]
        return "-".join(part for part in parts if part) + ".zip"

    @property
    def etag(self) -> str:
        """The fingerprint of everything inside."""
        return hashlib.sha256(self.manifest().encode()).hexdigest()[:32]

    def manifest(self) -> str:
        """What a program reads: each file with its guide, version and fingerprint."""
        content = {
            "numero": self.number,
            "ruta": self.route or None,
            "desde": self.since.isoformat() if self.since else None,
            "sitio": settings.ORIGIN,
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
            "en_preparacion": [version.guide.slug for version in self.preparing],
            "borrar": self.delete,
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def pages(self) -> list[tuple[str, str]]:
        """The files that people open first: (name, text)."""
        context = {"package": self, "origin": settings.ORIGIN}
        return [
            ("LEEME.txt", render_to_string("guias/package_readme.txt", context)),
            ("index.html", render_to_string("guias/package_index.html", context)),
            ("manifest.json", self.manifest()),
        ]


def path_of(guide: Guide, number: int) -> str:
    """Return where a guide's PDF lies in the package: by route, with its human name."""
    return f"{guide.route}/{guide.slug}-v{number}.pdf"


def published_moments() -> list[datetime]:
    """Return when each version of public guides was published, oldest first: the n-th is package n."""
    found = _published().order_by("first_published_at", "pk").values_list("first_published_at", flat=True)
    return [moment for moment in found if moment]


def _published() -> QuerySet[Version]:
    return Version.objects.published().filter(guide__is_public=True, first_published_at__isnull=False)


def _versions(route: str = "") -> QuerySet[Any]:
    """Return the versions in force of the public guides of ``route`` (all without it), in their order.

    Each with ``file_size``, the bytes of the PDF that the package takes; None while it is being made.
    """
    pdf = {"version": OuterRef("pk"), "format": Format.PDF}
    official = OfficialFile.objects.filter(**pdf).values("size")[:1]
    made = Rendition.objects.filter(**pdf, state=RenditionState.READY).values("size")[:1]
    found = Version.objects.in_force().filter(guide__is_public=True)
    found = found.exclude(guide__state=GuideState.RETIRED)
    if route:
        found = found.filter(guide__route=route)
    shelf = Case(*(When(guide__route=one, then=n) for n, one in enumerate(Route)))
    size = Coalesce(Subquery(official), Subquery(made))
    return found.annotate(file_size=size).order_by(shelf, "guide__order", "guide__slug")


def _with_files(versions: QuerySet[Any]) -> QuerySet[Any]:
    """Bring guide and PDF of each along, and not the text, in two queries more."""
    pdf = Q(format=Format.PDF)
    made = Rendition.objects.only("version", "format", "state", "file", "sha256", "size")
    names = ("title", "slug", "route")
    return (
        versions.select_related("guide")
        .only("number", "published_on", "first_published_at", *(f"guide__{name}" for name in names))
        .prefetch_related(
            Prefetch("renditions", made.filter(pdf), to_attr="pdfs"),
            Prefetch("official_files", OfficialFile.objects.filter(pdf), to_attr="official_pdfs"),
        )
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """What a page says of the whole package before it is taken, and its first files."""

    number: int
    ready: int
    preparing: int
    bytes: int
    entries: list[Entry]


def overview(shown: int) -> Overview:
    """Return how much there is and the first ``shown`` files: five queries, however many guides."""
    versions = _versions()
    sums = versions.aggregate(all=Count("pk"), ready=Count("file_size"), bytes=Sum("file_size"))
    first = _with_files(versions.filter(file_size__isnull=False))[:shown]
    return Overview(
        number=_published().count(),
        ready=sums["ready"],
        preparing=sums["all"] - sums["ready"],
        bytes=sums["bytes"] or 0,
        entries=[_entry(version) for version in first],
    )


def collect(*, route: str = "", since: datetime | None = None) -> Package:
    """Return the package of public guides of ``route`` (all without it) that changed after ``since``."""
    entries: list[Entry] = []
    preparing: list[Version] = []
    taken: list[Version] = []
    for version in _with_files(_versions(route)):
        if since and not _changed(version, since):
            continue
        if version.file_size is None:
            preparing.append(version)
            continue
        taken.append(version)
        entries.append(_entry(version))
    days = [entry.day for entry in entries]
    return Package(
        number=_published().count(),
        route=route,
        since=since,
        entries=entries,
        versions=taken,
        preparing=preparing,
        delete=_superseded(since, route) if since else [],
        newest=max(days, default=None),
    )


def _changed(version: Any, since: datetime) -> bool:
    moments = [version.first_published_at, *(official.uploaded_at for official in version.official_pdfs)]
    return any(moment is not None and moment > since for moment in moments)


def _entry(version: Any) -> Entry:
    guide, file = version.guide, next(iter([*version.official_pdfs, *version.pdfs]))
    return Entry(
        path=path_of(guide, version.number),
        title=guide.title,
        route=guide.route,
        guide=guide.slug,
        version=version.number,
        published_on=version.published_on.isoformat() if version.published_on else "",
        sha256=file.sha256,
        size=file.size,
        file=file.file,
    )


def _superseded(since: datetime, route: str) -> list[str]:
    """Files that an earlier package had and that no longer count."""
    old = Version.objects.published().filter(first_published_at__lte=since, guide__is_public=True)
    old = old.filter(Q(state=VersionState.RETIRED) | Q(guide__state=GuideState.RETIRED))
    if route:
        old = old.filter(guide__route=route)
    return sorted(
        path_of(version.guide, version.number) for version in old.select_related("guide").defer("body")
    )


class _Sink(io.RawIOBase):
    """Takes what the ZIP writes and gives it on; it cannot go back, so the ZIP does not try to."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        """Return true."""
        return True

    def write(self, data: Any) -> int:
        """Keep ``data`` until it is taken."""
        self.waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def _info(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system, info.external_attr, info.file_size = 3, 0o644 << 16, size
    return info


def _contents(package: Package) -> Iterable[tuple[str, int, Any]]:
    for name, text in package.pages():
        content = text.encode("utf-8")
        yield name, len(content), lambda content=content: io.BytesIO(content)
    for entry in package.entries:
        yield entry.path, entry.size, lambda entry=entry: entry.file.storage.open(entry.file.name, "rb")


def write(package: Package) -> Iterator[bytes]:
    """Yield the ZIP, at most PIECE and a header at a time."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, size, opened in _contents(package):
            with opened() as source, archive.open(_info(name, size), "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()
