"""How a service worker is sent: its script, with what it keeps and a version that follows from that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static


def service_worker(
    script: str, way_out: str, *, page: str, template: str, files: Sequence[str], reads: Sequence[str] = ()
) -> HttpResponse:
    """Return ``script`` of ``static/js``; or ``way_out``, which takes it away, where it is switched off.

    It keeps the address ``page``, made of ``template``, and ``files`` of ``static``; some it ``reads``.
    Its version follows from all of that, so that a browser notices by itself when something is new.
    """
    kind = "text/javascript; charset=utf-8"
    if not settings.OFFLINE_READING:
        return HttpResponse(_text(way_out), content_type=kind)
    shell = [page, *(static(name) for name in files)]
    body = _text(script)
    kept = json.dumps(shell) + render_to_string(template) + body
    head = [
        f"const VERSION = {json.dumps(hashlib.sha256(kept.encode()).hexdigest()[:12])};",
        f"const SHELL = {json.dumps(shell)};",
        *(f"importScripts({json.dumps(static(name))});" for name in reads),
    ]
    return HttpResponse("\n".join([*head, body]), content_type=kind)


def _text(script: str) -> str:
    return Path(str(finders.find(f"js/{script}"))).read_text(encoding="utf-8")
