"""What somebody has already of the package: said by a day, by a number, or by her manifest.

A day and a number are guesses that bring rather too much than too little; a manifest says it exactly. It
is read once and becomes a short word in the address (which of today's files she lacks, a bit each, bound
to today's tree), so that nothing is stored and the download can be broken off and gone on with.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from guias.enums import SEARCH_INDEX, Format, Route
from guias.exports.package import DELETE_TOO, MANIFEST, Entry, Package, Selection
from guias.models import Version

MAX_MANIFEST = 8 * 1024 * 1024
MAX_DELETE_TOO = 60
"""More would not fit in an address; such a package has little in common with today's."""
_TOKEN = re.compile(r"^m-([0-9a-f]{16})-([-_A-Za-z0-9]*)$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_VERSION = r"[-a-z0-9_]+-v\d{1,6}"
OURS = re.compile(
    rf"^(?:(?:{'|'.join(Route.values)})/{_VERSION}\.(?:{Format.PDF}|{Format.HTML}|{Format.DOCX})"
    rf"|datos/indice/{_VERSION}\.{SEARCH_INDEX})$",
    re.ASCII,
)
"""The only files that a package ever tells anybody to delete."""


class NotAManifest(Exception):
    """The file is not the manifest of a package of this site; the message is a sentence for people."""


class Outdated(Exception):
    """The guides changed since the word for what she lacks was made."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """She has nothing yet."""

    def lacks(self, package: Package) -> set[str]:
        """Return the whole tree."""
        return set(package.objects)


@dataclass(frozen=True, slots=True)
class Since:
    """She has what there was at a moment; ``by_day`` when it was said as a day."""

    moment: datetime
    by_day: bool

    def lacks(self, package: Package) -> set[str]:
        """Return the files that came later, and all pages, which are small."""
        return {*package.pages, *(entry.path for entry in package.entries if self._is_later(entry))}

    def _is_later(self, entry: Entry) -> bool:
        if any(moment and moment > self.moment for moment in (entry.published_at, entry.replaced_at)):
            return True
        # A number is that of a whole package: its files were made a while after, unless they are made anew.
        grace = timedelta() if self.by_day else timedelta(days=1)
        return entry.made_at is not None and entry.made_at > self.moment + grace


@dataclass(frozen=True, slots=True)
class Token:
    """She lacks these files of one certain tree."""

    tree: str
    bits: bytes

    @classmethod
    def of(cls, package: Package, lacking: set[str]) -> Token:
        """Return the word for what is ``lacking``."""
        number = sum(1 << n for n, path in enumerate(sorted(package.objects)) if path in lacking)
        length = (len(package.objects) + 7) // 8
        return cls(package.fingerprint[:16], number.to_bytes(length, "little"))

    @classmethod
    def read(cls, text: str) -> Token | None:
        """Return what an address says, if it is such a word."""
        match = _TOKEN.match(text)
        if not match:
            return None
        try:
            return cls(match[1], base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4)))
        except binascii.Error:
            return None

    def __str__(self) -> str:
        return f"m-{self.tree}-{base64.urlsafe_b64encode(self.bits).decode().rstrip('=')}"

    def lacks(self, package: Package) -> set[str]:
        """Return the files; raises Outdated when the tree is another one now."""
        if package.fingerprint[:16] != self.tree:
            raise Outdated
        number = int.from_bytes(self.bits, "little")
        return {path for n, path in enumerate(sorted(package.objects)) if number >> n & 1}


Earlier = Nothing | Since | Token


@dataclass(frozen=True, slots=True)
class Manifest:
    """An earlier package, by its own account: what was selected, and path → sha256."""

    selection: Selection
    objects: dict[str, str]

    def lacks(self, package: Package) -> set[str]:
        """Return the files whose content is not where it has to be."""
        return {path for path, sha256 in package.objects.items() if self.objects.get(path) != sha256}

    def has_too(self, package: Package) -> list[str]:
        """Return files of a guide that are no longer in the tree and that its manifest does not name."""
        known = {*package.objects, *package.delete, MANIFEST, DELETE_TOO}
        return sorted(path for path in self.objects if path not in known and OURS.match(path))

    def has_old(self, package: Package) -> bool:
        """Whether there is anything to delete that the manifest of the package names."""
        return any(path in self.objects for path in package.delete)


def read_manifest(file: IO[bytes], size: int) -> Manifest:
    """Return what ``file`` says; raises NotAManifest."""
    if size > MAX_MANIFEST:
        raise NotAManifest(
            _("Ese archivo pesa demasiado. El que se necesita se llama manifest.json y pesa muy poco.")
        )
    try:
        content = json.loads(file.read(MAX_MANIFEST + 1).decode("utf-8-sig"))
        site, objects, selection = _site(content), _objects(content), _selection(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAManifest(
            _("Ese archivo no es el de un paquete. Escoja el manifest.json de la carpeta del paquete.")
        ) from None
    if site != settings.ORIGIN:
        raise NotAManifest(
            _("Ese paquete es de otro sitio (%(site)s). Actualícelo allá.") % {"site": site[:80]}
        )
    if later := _later(objects):
        raise NotAManifest(
            _(
                "Ese paquete es más nuevo que este portal: trae %(file)s. No borre nada y avise en la "
                "comunidad."
            )
            % {"file": later}
        )
    return Manifest(selection, objects)


def _later(objects: dict[str, str]) -> str:
    """Return a file of a version that comes after all that we published of its guide, if there is one.

    Then this portal was set back, to a copy of before: what it would tell her to delete is newer than ours.
    """
    found = Version.objects.published().order_by().values_list("guide__slug").annotate(Max("number"))
    last = dict(found)
    for path in objects:
        if OURS.match(path):
            slug, _v, number = path.rpartition("/")[2].rpartition(".")[0].rpartition("-v")
            if int(number) > last.get(slug, int(number)):
                return path
    return ""


def _site(content: Any) -> str:
    site = content["sitio"]
    if not isinstance(site, str):
        raise TypeError(site)
    return site


def _objects(content: Any) -> dict[str, str]:
    found = {item["archivo"]: item["sha256"] for item in content["archivos"]}
    for sha256, paths in content.get("objetos", {}).items():
        found |= dict.fromkeys(paths, sha256)
    if not all(isinstance(path, str) and _SHA256.match(sha256) for path, sha256 in found.items()):
        raise ValueError
    return found


def _selection(content: Any) -> Selection:
    """Return what was selected; the first form of the manifest said the route alone."""
    chosen = content.get("eleccion") or {"ruta": content.get("ruta"), "guias": []}
    route = chosen["ruta"] or ""
    if route and route not in Route.values:
        raise ValueError(route)
    guides = tuple(sorted({slug for slug in chosen["guias"] if isinstance(slug, str)}))
    return Selection("" if guides else route, guides)
