"""What people ask that the pages of the demonstration answer, from ``data/preguntas.yaml``.

Loading again changes nothing: what an editor has written, or taken away, stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from django.db import transaction

from search import registry, teaching
from search.documents import SearchDocument
from search.models import Asked

FILE = Path(__file__).parent / "data" / "preguntas.yaml"
KINDS = ("guia", "formato", "curso", "tema", "oferta", "proveedor", "pagina")


@transaction.atomic
def load() -> None:
    """Give each document of the file its questions; raises ValueError for an address that is none."""
    wanted: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    known = set(Asked.objects.values_list("kind", "document"))
    if len(known) >= len(wanted):
        return
    for document in _documents({part for address in wanted for part in address.split("/")}):
        questions = wanted.pop(document.url.strip("/"), None)
        if questions is not None and (document.kind, document.id) not in known:
            teaching.teach((document.kind, document.id), document.full_title, "\n".join(questions))
    if wanted:
        raise ValueError(f"{FILE.name}: no document stands at {sorted(wanted)}")


def _documents(slugs: set[str]) -> Iterator[SearchDocument]:
    for kind in KINDS:
        for source in registry.sources_of(kind):
            for row in source.queryset().filter(slug__in=slugs):
                yield from source.documents(row)
