"""What people may upload: known by its content and its size, never by its name.

``checked`` reads the first bytes, and every part of what is a ZIP, and gives a file that can be kept, or
raises the sentence that the person reads. It knows no app and keeps nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nucleo.office_look import UnfitError, look

MAX_BYTES = 20 * 1024 * 1024

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
EMPTY = gettext_lazy("Este archivo está vacío. Ábralo en su equipo para ver si guardó algo.")
"""What the field says of a file without content, instead of Django's own word."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of the old Office begin, and those of the new one with a password, which lie inside of one."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
UNFIT = {
    "locked": gettext_lazy(
        "Este archivo pide clave. Guárdelo sin clave y súbalo: así los demás lo pueden leer."
    ),
    "flood": gettext_lazy("Este archivo se infla al abrirlo y podría llenar el disco. Guárdelo otra vez."),
    "broken": gettext_lazy(
        "Este archivo está dañado o llegó incompleto. Revise que abra bien en su equipo y súbalo otra vez."
    ),
}
"""What is said of an office file that cannot be taken, by the reasons of ``nucleo.office_look``."""


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

    Raises ValidationError for an office file that is damaged, wants a password, or would flood the disk when
    it is unpacked.
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
    if head.startswith(_COMPOUND) and _holds(file, _LOCKED):
        raise ValidationError(UNFIT["locked"])
    return _office_kind(file) if head.startswith(b"PK\x03\x04") else None


def _holds(file: IO[bytes], mark: bytes) -> bool:
    """Whether ``mark`` stands in the first bytes that a file may have; leaves it at its beginning."""
    found = mark in file.read(MAX_BYTES)
    file.seek(0)
    return found


def _office_kind(file: IO[bytes]) -> str | None:
    try:
        return look(file)
    except UnfitError as error:
        if error.reason in UNFIT:
            raise ValidationError(UNFIT[error.reason]) from error
    return None


def checked(file: File[Any]) -> Upload:
    """Return ``file`` as an Upload; raises ValidationError with what is wrong and what would be right."""
    name = PurePath(str(file.name or "").replace("\\", "/")).name.strip()[:160] or _("archivo")
    size = int(file.size or 0)
    if size == 0:
        raise ValidationError(EMPTY)
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
