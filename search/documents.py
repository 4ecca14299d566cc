"""What an app hands over to be found, and nothing more: neutral, frozen, without models."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

PUBLIC = "public"
MEMBER = "member"
"""Audience tokens that all apps share: everyone, and who is signed in. Others: ``mesa:12``, ``group:5``."""

KINDS: dict[str, str] = {
    "guia": "Guías",
    "curso": "Formación",
    "formato": "Formatos",
    "centro": "Centros",
    "institucion": "Instituciones",
    "oferta": "Oferta programática",
    "proveedor": "Proveedores",
    "demanda": "Demanda",
    "red": "Redes",
    "mesa": "Mesas",
    "acta": "Actas",
    "archivo": "Archivos",
    "bitacora": "Bitácoras",
    "tema": "Temas",
    "recurso": "Comunidad",
    "pagina": "Páginas",
}
"""Kinds of document as they stand in addresses and in ``data-tipo``, with the label of their facet."""

KIND_NAMES: dict[str, str] = {
    "guia": "Guía",
    "curso": "Curso",
    "formato": "Formato",
    "centro": "Centro",
    "institucion": "Institución",
    "oferta": "Oferta",
    "proveedor": "Proveedor",
    "demanda": "Demanda",
    "red": "Red",
    "mesa": "Mesa",
    "acta": "Acta",
    "archivo": "Archivo",
    "bitacora": "Bitácora",
    "tema": "Tema",
    "recurso": "Comunidad",
    "pagina": "Página",
}
"""What one result of a kind is called when its document has no label of its own."""


LISTED_FIRST = ("centro", "red", "mesa", "tema")
"""Kinds that are the city or the theme itself: listed without a word, they come first, in this order."""

MOST_HELPED = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document's body with an address of its own: a page of a file, a reply of a thread."""

    at: int
    """Where it begins in the body."""
    url: str
    label: str
    """What the result calls it: "Página 12"."""


def joined(pieces: Iterable[tuple[str, str, str]]) -> tuple[str, tuple[Part, ...]]:
    """Return the body made of ``(text, url, label)`` in order, and its parts; without url it is no part."""
    texts: list[str] = []
    parts: list[Part] = []
    at = 0
    for text, url, label in pieces:
        # Composed, as the index compares it: places stay true.
        text = unicodedata.normalize("NFC", text)
        if url:
            parts.append(Part(at, url, label))
        texts.append(text)
        at += len(text) + 1
    return "\n".join(texts), tuple(parts)


def name_of(kind: str, id: object) -> str:
    """Return how an address names a document that others are parts of: ``guia-12``."""
    return f"{kind}-{id}"


def helpfulness(people: int) -> int:
    """Return in steps from 0 to MOST_HELPED how many people something has served, those it did not taken off.

    Each step takes twice as many as the one before: so it hardly changes, and a few friends achieve little.
    """
    return min(max(people, 0).bit_length(), MOST_HELPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One thing that can be found.

    ``kind`` and ``id`` name it for ever (``id`` is the primary key as text, or ``pk-part`` for a part
    such as a chapter). ``audience`` holds the tokens of which a reader needs at least one. ``version``
    grows with each change (microseconds of ``updated``, or of ``touched`` when that is later), so that an old
    write never wins over a new one.
    """

    kind: str
    id: str
    title: str
    url: str
    audience: frozenset[str]
    updated: datetime
    summary: str = ""
    body: str = ""
    label: str = ""
    """How the result calls it when the kind is too coarse: "Capítulo de guía", "Pregunta"."""
    parent: str = ""
    """Title of what it is a part of: the guide of a chapter."""
    parent_id: str = ""
    """Name of what it is a part of (:func:`name_of`), when results of the same one stand together."""
    parent_url: str = ""
    """Where that is read."""
    city: str = ""
    """Slug of the city."""
    theme: str = ""
    route: str = ""
    status: str = ""
    """A word shown as a pill, such as "Respondida"."""
    keywords: tuple[str, ...] = field(default=())
    parts: tuple[Part, ...] = field(default=())
    """Parts of ``body``, in order: a result opens at the one that says what was asked."""
    weight: float = 1.0
    """Multiplies relevance: below 1 for what is old or retired."""
    helped: int = 0
    """Whether it has served people (:func:`helpfulness`): makes it weigh a little more."""
    asked: tuple[str, ...] = ()
    """What people ask that it answers, in their words (:mod:`search.teaching`): no text of its own."""
    touched: datetime | None = None
    """When something it is made of changed without being news to a reader: its file has been read."""

    @property
    def key(self) -> str:
        """``kind:id``, unique in the index."""
        return f"{self.kind}:{self.id}"

    @property
    def full_title(self) -> str:
        """The title, with that of what it is a part of."""
        return f"{self.title} · {self.parent}" if self.parent else self.title

    @property
    def moment(self) -> int:
        """``updated`` in microseconds since 1970: what results are sorted and narrowed by."""
        return _micros(self.updated)

    @property
    def version(self) -> int:
        """Microseconds since 1970 of the last change of anything it is made of."""
        return max(self.moment, _micros(self.touched)) if self.touched else self.moment


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
