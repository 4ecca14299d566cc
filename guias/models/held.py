"""Pictures and documents that a published version shows: they stay as they were, like its text.

The library lets an editor put another file in the place of one, or delete it; what is published would change
with it. So each is held by a row: deleting is refused by the foreign key, replacing by a trigger
(:mod:`guias.models.freeze`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from guias.models.versions import Version

_LINK = re.compile(r"<a\b[^>]*\blinktype=\"document\"[^>]*>")
_ID = re.compile(r"\bid=\"(\d+)\"")


class Used(NamedTuple):
    """Keys of what a text shows."""

    images: set[int]
    documents: set[int]


def used_in(body: Any) -> Used:
    """Return what the raw blocks of a version show: figures, files, links to documents in prose."""
    used = Used(set(), set())
    for kind, value in _values(body):
        if kind == "figure" and value.get("image"):
            used.images.add(int(value["image"]))
        elif kind == "file" and value.get("document"):
            used.documents.add(int(value["document"]))
        elif kind == "":
            ids = (_ID.search(link) for link in _LINK.findall(value))
            used.documents.update(int(one[1]) for one in ids if one)
    return used


def _values(raw: Any) -> Iterator[tuple[str, Any]]:
    """Give each block with its type, and each text with none."""
    if isinstance(raw, str):
        yield "", raw
    elif isinstance(raw, list):
        for one in raw:
            yield from _values(one)
    elif isinstance(raw, dict):
        if isinstance(raw.get("value"), dict):
            yield str(raw.get("type", "")), raw["value"]
        for one in raw.values():
            yield from _values(one)


class HeldFile(models.Model):
    """A picture or a document of the library that a published version shows."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="held_files"
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("imagen"),
        on_delete=models.PROTECT,
        null=True,
        related_name="guias_held",
    )
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("documento"),
        on_delete=models.PROTECT,
        null=True,
        related_name="guias_held",
    )

    objects: ClassVar[models.Manager[HeldFile]] = models.Manager()

    class Meta:
        verbose_name = _("archivo de lo publicado")
        verbose_name_plural = _("archivos de lo publicado")
        constraints = [
            models.UniqueConstraint(fields=["version", "image"], name="guias_held_image_once"),
            models.UniqueConstraint(fields=["version", "document"], name="guias_held_document_once"),
            models.CheckConstraint(
                condition=models.Q(image__isnull=False, document__isnull=True)
                | models.Q(image__isnull=True, document__isnull=False),
                name="guias_held_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


def holder_of(file: Any) -> Version | None:
    """Return a published version that shows this picture or document of the library, if any does."""
    if not file.pk:
        return None
    held = file.guias_held.select_related("version__guide").order_by("-version_id").first()
    return held.version if held else None
