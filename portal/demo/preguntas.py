"""What people ask that the pages of the demonstration answer, from ``data/preguntas.yaml``.

Loading again changes nothing: what an editor has written, or taken away, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from django.db import transaction

from search import indexing, registry, teaching
from search.documents import SearchDocument
from search.models import Asked

FILE = Path(__file__).parent / "data" / "preguntas.yaml"
_NUMBER = re.compile(r"(?<=/)\d+-(?=[^/]+$)")
"""What stands before the name of a question or an article: it says only in which order they were written."""


@transaction.atomic
def load() -> None:
    """Give each document of the file its questions; raises ValueError for an address that is none."""
    wanted: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    known = set(Asked.objects.values_list("kind", "document"))
    if len(known) >= len(wanted):
        return
    met = set()
    for document in _documents():
        address = _address(document, wanted)
        met.add(address)
        if address and (document.kind, document.id) not in known:
            said = _said(wanted[address], document)
            teaching.teach((document.kind, document.id), document.full_title, said)
    if nowhere := wanted.keys() - met:
        raise ValueError(f"{FILE.name}: no document stands at {sorted(nowhere)}")


def _documents() -> Iterator[SearchDocument]:
    for batch in indexing.everything():
        for documents in batch.rows.values():
            yield from documents


def _address(document: SearchDocument, wanted: Mapping[str, object]) -> str:
    """Return which address of the file is the document's: its own, else one with a ``*`` for a name."""
    own = _NUMBER.sub("", document.url.strip("/"))
    if own in wanted:
        return own
    patterns = (one for one in wanted if "*" in one and one.count("/") == own.count("/"))
    return next((one for one in patterns if fnmatchcase(own, one)), "")


def _said(questions: list[str], document: SearchDocument) -> str:
    """Return the questions, one a line, with the document's own city for ``{ciudad}``."""
    city = registry.labels("ciudad", [document.city])[document.city] if document.city else ""
    return "\n".join(questions).replace("{ciudad}", city)
