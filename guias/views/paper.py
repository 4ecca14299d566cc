"""What a printed page's code opens: whether that paper still holds. Small enough for a bar of signal.

No account, no script, no picture, one request: the style is inside the page, let through by its hash. It
is the same for everyone, so nothing of the session is read.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from guias.enums import GuideState, VersionState
from guias.models import PaperCode, Version
from guias.models.changes import compare_chapter
from guias.models.paper import normal
from nucleo.words import Paragraph, excerpt

ERRATA = 2
"""Mistakes noted since it was printed, of those that are told on the same page."""
SHOWN = 3
"""Changed paragraphs that are shown; the rest is a link away."""
KEPT = 24 * 3600
"""Seconds that a comparison is remembered: neither of its versions can change."""


STYLE = Path(__file__).with_name("paper.css").read_text(encoding="utf-8").replace("\n", "")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = {
    "default-src": [NONE],
    "style-src": [f"'sha256-{_DIGEST}'"],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to the chapter of a paper, now at ``slug``: ``kind`` is that of ``ChapterChange``.

    ``shown`` are its first changes; ``more`` are not shown.
    """

    kind: str
    slug: str = ""
    title: str = ""
    old_title: str = ""
    shown: tuple[Paragraph, ...] = ()
    more: int = 0
    out_of_place: bool = False


def _page(name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    html = render_to_string(f"guias/paper_{name}.html", {"style": STYLE, **context})
    lines = (line.strip() for line in html.splitlines())
    response = HttpResponse("\n".join(line for line in lines if line), status=status)
    response["X-Robots-Tag"] = "noindex"
    response._csp_config = POLICY  # type: ignore[attr-defined]
    patch_cache_control(response, public=True, no_cache=True)
    return response


@require_http_methods(["GET", "HEAD"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a code typed by hand."""
    typed = normal(request.GET.get("codigo", ""))
    return redirect("paper_code", typed) if typed else _page("ask", {})


@require_http_methods(["GET", "HEAD"])
def code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a paper holds, what changed in its chapter, or that nobody knows its code.

    A guide in reserve is not told from a code that does not exist. At most three queries, the last only
    the first time that anyone scans a chapter after it changed.
    """
    codes = PaperCode.objects.typed(code).noting_unseen()
    found = codes.select_related("version__guide").defer("version__body").first()
    if found is None or not (found.version.is_published and found.version.guide.is_public):
        return _page("ask", {"unknown": normal(code)}, 404)
    version = found.version
    context: dict[str, Any] = {"code": found, "version": version, "guide": version.guide_then}
    if version.guide.state == GuideState.RETIRED:
        return _page("retired", context)
    if version.state == VersionState.IN_FORCE:
        errata = list(version.errata.filter(chapter=found.chapter)[:ERRATA])
        return _page("holds", context | {"today": timezone.localdate(), "errata": errata})
    newest = Version.objects.in_force().filter(guide=version.guide_id).defer("body").first()
    if newest is None:
        return _page("retired", context)
    told = _told(found, newest) if found.chapter else Told("cover")
    return _page("old", context | {"newest": newest, "told": told})


def _told(code: PaperCode, newest: Version) -> Told:
    key = f"guias:paper:2:{code.code}:{newest.pk}"
    told: Told | None = cache.get(key)
    if told is None:
        told = _compared(code, newest)
        cache.set(key, told, KEPT)
    return told


def _compared(code: PaperCode, newest: Version) -> Told:
    """Compare the one chapter, and not the whole guide: a question on a phone waits for the answer."""
    bodies = Version.objects.only("body").in_bulk([code.version_id, newest.pk])
    old, new = bodies[code.version_id], bodies[newest.pk]
    before = old.chapter(code.chapter)
    if before is None:
        return Told("removed")
    change = compare_chapter(before, old.chapters, new.chapters)
    shown = tuple(excerpt(paragraph, limit=160) for paragraph in change.paragraphs[:SHOWN])
    more = len(change.paragraphs) - len(shown)
    # A sheet that says what the chapter still says holds, wherever the chapter now stands.
    kind = "same" if change.kind == "moved" else change.kind
    return Told(kind, change.slug, change.title, change.old_title, shown, more, change.out_of_place)
