"""Files made from the blocks of a version: the same chapters as on the screen, to take home."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings

from guias.enums import SEARCH_INDEX, Format
from guias.exports import docx, html, pdf, searchable, stamped
from guias.models import OfficialFile, Version

EDITION = 7
"""How files are made. Raise it when what comes out changes: the worker then makes all of them anew."""


def recipe(version: Version, official: OfficialFile | None = None) -> str:
    """Return the fingerprint of all that a file of ``version`` is made of: a file with another is stale.

    ``official`` is the one that stands in its place. The text of a published version never changes, but
    errata are noted, its guide may change its route, the portal may move to another address, and the makers
    are improved.
    """
    if official is not None:
        return stamped.recipe(version, official)
    guide = version.guide_then
    parts = [
        EDITION,
        settings.ORIGIN,
        [guide.title, guide.slug, guide.lead, guide.series, guide.route, guide.order, guide.is_demo],
        [version.number, str(version.published_on), version.summary, version.changes],
        version.body.get_prep_value(),
        list(version.errata.values_list("pk", "chapter", "said", "meant")),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def make(version: Version, form: str) -> bytes:
    """Return the file of ``version`` in format ``form``; slow, for the worker. Same content, same bytes."""
    makers = {
        str(Format.PDF): pdf.make,
        str(Format.DOCX): docx.make,
        str(Format.HTML): html.make,
        SEARCH_INDEX: searchable.make,
    }
    version.guide = version.guide_then
    return makers[form](version)
