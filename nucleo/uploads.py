"""What people may upload: known by its content and its size, never by its name.

``checked`` reads the first bytes, and the parts of what is a ZIP, and gives a file that can be kept, or
raises the sentence that the person reads. It knows no app and keeps nothing.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_PARTS = 5000
"""Parts of a ZIP that are looked through: office files have tens."""
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of an office file once unpacked: a few kilobytes of ZIP can become terabytes."""

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "png": "image/png",
    "jpg": "image/jpeg",
}
LABELS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel", "odt": "OpenDocument", "png": "PNG", "jpg": "JPG"}
SUFFIXES = {"jpeg": "jpg"}
ACCEPT = ",".join([*(f".{kind}" for kind in TYPES), ".jpeg"])
"""For the ``accept`` attribute of the field: help for who chooses, no check."""
FIELD = {"accept": ACCEPT, "data-limite": str(MAX_BYTES)}
"""Attributes of a field for files: what may be chosen, and what ``static/js/tamano.js`` warns of."""

_ODT = b"application/vnd.oasis.opendocument.text"
_MACROS = re.compile(r"(?:^|/)vbaProject\.bin$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed: ``kind`` is a key of TYPES, ``name`` what the person called it."""

    file: File[Any]
    name: str
    kind: str
    size: int
    sha256: str

    @property
    def safe_name(self) -> str:
        """Return the name to store it by: from its content, with its real kind."""
        return f"{self.sha256[:32]}.{self.kind}"


def kind_of(file: IO[bytes]) -> str | None:
    """Return which of TYPES ``file`` really is, or None; leaves it at its beginning.

    Raises ValidationError for an office file that would flood the disk when it is unpacked.
    """
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"PK\x03\x04"):
        found = _office_kind(file)
        file.seek(0)
        return found
    return None


def _office_kind(file: IO[bytes]) -> str | None:
    """Tell office files apart by their parts; a ZIP of another sort, or one with macros, is none."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise ValidationError(
                    _("Este archivo se infla al abrirlo y podría llenar el disco. Guárdelo otra vez.")
                )
            if len(names) > MAX_PARTS or any(_MACROS.search(name) for name in names):
                return None
            if "[Content_Types].xml" in names:
                if "word/document.xml" in names:
                    return "docx"
                return "xlsx" if "xl/workbook.xml" in names else None
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size == len(_ODT):
                return "odt" if archive.read("mimetype") == _ODT else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return None
    return None


def checked(file: File[Any]) -> Upload:
    """Return ``file`` as an Upload; raises ValidationError with what is wrong and what would be right."""
    name = PurePath(str(file.name or "").replace("\\", "/")).name.strip()[:160] or _("archivo")
    size = int(file.size or 0)
    if size == 0:
        raise ValidationError(_("Este archivo está vacío. Ábralo en su equipo para ver si guardó algo."))
    if size > MAX_BYTES:
        raise ValidationError(_("Este archivo pesa más de 20 MB. Pruebe a guardarlo como PDF o a dividirlo."))
    kind = kind_of(file)
    if kind is None:
        raise ValidationError(
            _("No podemos recibir este archivo. Sirven PDF, Word (.docx), Excel (.xlsx), ODT, PNG y JPG.")
        )
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if SUFFIXES.get(suffix, suffix) != kind:
        raise ValidationError(
            _("El nombre dice .%(suffix)s, pero por dentro es %(kind)s. Guárdelo con su tipo verdadero.")
            % {"suffix": suffix, "kind": LABELS[kind]}
        )
    digest = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return Upload(file=file, name=name, kind=kind, size=size, sha256=digest.hexdigest())
